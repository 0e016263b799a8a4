"""Sending files by the API, and doing what is queued for them, for tests."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.imports import jobs
from tests.api.builders import Answered, Program
from tests.imports.builders import HEADER, ROWS

HOMES = "\n".join([HEADER, *ROWS])
PEOPLE = "编号,姓名,手机\nK1,林月,13912345678\nK2,王强,13912345679\nK3,陈静,12\n"
WORK = {"imports.check": jobs.check, "imports.commit": jobs.commit, "imports.revert": jobs.revert}
TO_HOMES = "/jobs/import?kind=units&org_unit=SZ&name=homes.csv"
TO_PEOPLE = "/jobs/import?kind=customers&org_unit=SZ&name=people.csv"
CREATE_PROJECTS = {"options": {"create_projects": True}}


def work() -> None:
    """Do what is queued for imports, as a worker would."""
    for queued in ProcrastinateJob.objects.filter(task_name__in=WORK, status="todo").order_by("id"):
        WORK[queued.task_name](**queued.args)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name LIKE 'imports.%%'")


def send(program: Program, address: str = TO_HOMES, content: str | bytes = HOMES, **headers: str) -> Answered:
    """Send a file."""
    body = content.encode() if isinstance(content, str) else content
    return program.send("POST", address, body, "text/csv", **headers)


def do(program: Program, job_id: str, step: str, body: Mapping[str, Any] | None = None) -> Answered:
    """Ask for a step, have a worker do it, and return how the import stands then."""
    asked = program.post(f"/jobs/import/{job_id}/{step}", dict(body or {}))
    assert asked.status == 201, asked.body
    work()
    return program.get(f"/jobs/import/{job_id}")


def lines_of(answered: Answered) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answered.text)))

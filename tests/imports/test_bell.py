"""Whoever gave a file is told that it is in."""

from datetime import datetime
from uuid import UUID

import pytest
from django.urls import reverse

from hearth.accounts.models import Notification
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.core.models import StoredFile
from hearth.imports.events import FileImported
from hearth.imports.models import ImportJob
from hearth.imports.subscribers import tell_who_gave_the_file
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from tests.organization.builders import make_user

pytestmark = pytest.mark.django_db


def imported(job_id: UUID) -> FileImported:
    return FileImported(subject_id=job_id, kind="customers", created_rows=1, updated_rows=0, skipped_rows=0)


def test_the_bell_rings_once_for_whoever_gave_the_file(company: OrgUnit, actor: Actor, now: datetime) -> None:
    giver = make_user()
    file = StoredFile.objects.create(
        name="客户.csv", size=1, sha256="", file="x", created_at=now, updated_at=now
    )
    job = ImportJob.objects.create(
        org_unit=company, kind="customers", source_file=file, created_by=giver, created_at=now, updated_at=now
    )
    event = record(imported(job.pk), actor=actor, now=now)

    for _time in range(2):
        tell_who_gave_the_file(event)

    told = Notification.objects.get()
    assert (told.user_id, told.params, told.url) == (
        giver.pk,
        {"name": "客户.csv"},
        reverse("imports:detail", args=[job.pk]),
    )


def test_a_file_that_nobody_gave_rings_no_bell(company: OrgUnit, actor: Actor, now: datetime) -> None:
    event = record(imported(uuid7()), actor=actor, now=now)

    tell_who_gave_the_file(event)

    assert Notification.objects.count() == 0

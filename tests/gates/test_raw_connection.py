"""A raw connection in the application's role, told nobody: not one row of any protected table."""

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone

from hearth.cases.models import Case, CasePause
from hearth.cases.services import note_signal, pause_case
from hearth.core.fence import fences
from hearth.core.partitions import ensure_months
from hearth.organization.models import OrgUnit
from tests.customers.builders import NOW, SYSTEM, make_profile
from tests.gates.life import write_life
from tests.organization.builders import make_group, make_org_unit
from tests.test_fence import address_of_test
from tests.walk import gather

# Rows that come about in the middle of jobs and of other acts. Their rules are those of the rows they hang on, as
# `test_fences` reads them from the database.
EMPTY = {
    "campaigns_response",
    "core_idempotencykey",
    "exports_exportedrows",
    "imports_importissue",
    "imports_importrow",
    "lists_bulkrow",
    "registers_accesssearch",
    "registers_processorvisit",
    "vigilance_alarmstep",
    "vigilance_read",
    "webhooks_attempt",
}


def count_rows(raw: psycopg.Connection) -> dict[str, int]:
    found = {}
    for table in fences:
        row = raw.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
        assert row is not None
        found[table] = int(row[0])
    return found


@pytest.mark.requirement("S60")
@pytest.mark.django_db(transaction=True)
def test_the_application_told_nobody_reads_no_row_of_any_table_by_a_connection_of_its_own() -> None:
    with transaction.atomic():
        make_group()
        ensure_months([NOW, timezone.now()])
        company = OrgUnit.objects.get(code="SZ")
        customer = write_life(company)
        make_profile(customer)
        case = customer.cases.exclude(state=Case.State.CLOSED).first()
        assert case is not None
        note_signal(case, actor=SYSTEM, what="media", now=NOW)
        pause_case(case, actor=SYSTEM, reason=CasePause.Reason.values[0], now=NOW)
        for make in dict.fromkeys(gather().samples.values()):
            make(make_org_unit(company.parent))
    with psycopg.connect(**address_of_test(), autocommit=True) as raw:
        there = count_rows(raw)
        raw.execute("SET ROLE hearth_app")
        seen = count_rows(raw)

    assert {table for table, number in there.items() if not number} == EMPTY
    assert {table: number for table, number in seen.items() if number} == {}

"""Leads from a file, and the way back."""

from datetime import timedelta
from pathlib import Path

import pytest

from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.imports.kinds import import_kinds
from hearth.imports.mapping import guess_sources
from hearth.imports.models import ImportRow
from hearth.leads.models import Lead, LeadOwnership
from hearth.leads.services import FollowUp, follow_up
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.imports.test_reverting import bring_in, take_back
from tests.leads.builders import NOW, SYSTEM, TODAY, grade_of, make_consultant, make_lead, make_project

pytestmark = pytest.mark.django_db
HEADER = "客户编号,意向项目,客户来源,来源明细,意向等级,下一步,下次跟进日期"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def people(company: OrgUnit) -> list[Customer]:
    grade_of("A")
    make_project(company, "云锦府")
    return [make_customer(company, external_key=f"K{number}", name=f"客户{number}") for number in (1, 2, 3)]


def test_columns_are_found_by_their_names() -> None:
    found = guess_sources(import_kinds["leads"], HEADER.split(","), [])

    assert {name: source["column"] for name, source in found.items()} == {
        "customer_key": "客户编号",
        "project": "意向项目",
        "source": "客户来源",
        "source_detail": "来源明细",
        "grade": "意向等级",
        "next_step": "下一步",
        "next_step_date": "下次跟进日期",
    }


def test_leads_come_in_once_and_go_again(tmp_path: Path, company: OrgUnit, people: list[Customer]) -> None:
    lines = (
        HEADER,
        "K1,云锦府,渠道,安心渠道,A,陪看样板间,2026-04-01",
        "K1,云锦府,来电,,,,",
        "K2,,,,,,2026-01-01",
    )

    job = bring_in(tmp_path, company, "leads", *lines, now=NOW)
    rows = Lead.objects.order_by("customer__external_key").values_list(
        "customer__external_key", "project__name", "source", "source_detail", "grade__letter", "next_step"
    )
    written, days = list(rows), list(Lead.objects.order_by("customer__external_key"))
    back = take_back(job, SYSTEM, LATER)

    assert written == [
        ("K1", "云锦府", "broker", "安心渠道", "A", "陪看样板间"),
        ("K2", None, "import", "", None, "回电"),
    ]
    assert [str(lead.next_step_date) for lead in days] == ["2026-04-01", str(TODAY)]
    assert (back.reverted_rows, back.kept_rows, Lead.objects.count()) == (2, 0, 0)
    assert Customer.objects.count() == 3
    assert EventRecord.objects.filter(type="leads.captured").count() == 2


def test_a_live_lead_stays_as_it_is_and_is_not_taken_back(
    tmp_path: Path, company: OrgUnit, people: list[Customer]
) -> None:
    consultant = make_consultant(company)
    lead = make_lead(company, customer=people[0], consultant_id=consultant.pk)

    job = bring_in(tmp_path, company, "leads", HEADER, "K1,,来电,,A,,", now=NOW)
    back = take_back(job, SYSTEM, LATER)

    lead.refresh_from_db()
    assert (lead.consultant, lead.source, lead.grade) == (consultant, "walk_in", None)
    assert (back.reverted_rows, LeadOwnership.objects.count()) == (0, 1)


def test_a_lead_that_was_worked_on_since_stays(
    tmp_path: Path, company: OrgUnit, people: list[Customer]
) -> None:
    job = bring_in(tmp_path, company, "leads", HEADER, "K1,,来电,,,,", "K2,,来电,,,,", now=NOW)
    worked = Lead.objects.get(customer=people[0])
    follow_up(worked, FollowUp(next_step="签约"), actor=SYSTEM, now=NOW + timedelta(minutes=5))

    back = take_back(job, SYSTEM, LATER)

    assert (back.reverted_rows, back.kept_rows) == (1, 1)
    assert list(Lead.objects.values_list("customer", flat=True)) == [people[0].pk]


def test_what_is_not_known_keeps_its_row_out(
    tmp_path: Path, company: OrgUnit, people: list[Customer]
) -> None:
    lines = (HEADER, "K9,,来电,,,,", "K1,无此项目,来电,,,,", "K2,,来电,,Z,,", "K3,,来电,,,,")

    job = bring_in(tmp_path, company, "leads", *lines, now=NOW)

    assert list(Lead.objects.values_list("customer", flat=True)) == [people[2].pk]
    assert ImportRow.objects.filter(job=job, record_id__isnull=False).count() == 1

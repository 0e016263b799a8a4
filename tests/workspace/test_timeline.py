"""What the timeline shows, filters, folds and finds."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hearth.channels.services.composing import pin_contact
from hearth.core.actor import Actor
from hearth.core.events import record_many
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.properties.events import UnitStateChanged
from hearth.workspace.timeline import FAMILIES, TimelineFilters, timeline_of
from tests.cases.builders import make_case
from tests.channels.builders import NOW, make_contact
from tests.customers.builders import make_customer, make_home, make_household, make_unit_role
from tests.query_counts import count_queries
from tests.tasks.builders import make_task

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
QUIET = TimelineFilters(families=("contact", "case", "task"))


@pytest.fixture
def customer(company: OrgUnit) -> Customer:
    return make_customer(company, name="张伟")


def summaries(customer: Customer, filters: TimelineFilters) -> list[str]:
    found = timeline_of(customer, SYSTEM, filters).entries
    return [entry.detail.summary.split(" ")[-1] for entry in found if entry.detail]


@pytest.mark.requirement("S14")
def test_several_families_are_shown_together(company: OrgUnit, customer: Customer) -> None:
    make_contact(customer, company, summary="来电")
    make_case(company, customer=customer, title="漏水", opened_at=NOW - timedelta(hours=1))
    make_task(company, customer_id=customer.pk, title="回访")

    shown = summaries(customer, TimelineFilters(families=("contact", "case")))

    assert shown == ["来电", "漏水"]


def test_words_are_found_in_notes_cases_and_tasks_of_the_household(
    company: OrgUnit, customer: Customer
) -> None:
    spouse = make_customer(company, name="李娜")
    make_household(customer, spouse)
    customer.refresh_from_db()
    make_contact(customer, company, summary="来电", body="阳台漏水严重")
    make_contact(customer, company, summary="无关")
    make_case(company, customer=spouse, title="厨房漏水", opened_at=NOW - timedelta(days=1))
    make_task(company, customer_id=customer.pk, title="约漏水维修")

    shown = timeline_of(customer, SYSTEM, TimelineFilters(q="漏水")).entries

    assert {entry.event.type for entry in shown} == {
        "channels.interaction_recorded",
        "cases.opened",
        "tasks.created",
    }
    assert len(shown) == 3


def test_a_jump_to_a_day_shows_that_day_and_before_by_the_company_s_clock(
    company: OrgUnit, customer: Customer
) -> None:
    late = datetime.fromisoformat("2026-03-10T15:59:00+00:00")
    for at, words in ((late, "当天深夜"), (late + timedelta(minutes=2), "次日凌晨")):
        make_contact(customer, company, summary=words, at=at)

    shown = summaries(customer, TimelineFilters(families=("contact",), until=date(2026, 3, 10)))

    assert shown == ["当天深夜"]


def test_what_the_customer_knows_leaves_out_what_is_internal(company: OrgUnit, customer: Customer) -> None:
    make_contact(customer, company, summary="内部备注", channel="note", direction="internal")
    make_contact(customer, company, summary="来电")
    make_task(company, customer_id=customer.pk)

    shown = summaries(customer, TimelineFilters(is_customer_visible=True))

    assert shown == ["来电"]


def test_events_of_the_homes_are_shown_with_their_address_until_left_out(
    company: OrgUnit, customer: Customer, now: datetime
) -> None:
    unit = make_home(company, number="1203")
    make_unit_role(customer, unit)
    event = UnitStateChanged(
        unit_id=unit.pk, org_unit_id=company.pk, before="planned", after="on_sale", occurred_at=now
    )
    record_many([event], actor=SYSTEM, now=now)

    with_homes = timeline_of(customer, SYSTEM).entries
    without = timeline_of(customer, SYSTEM, TimelineFilters(with_homes=False)).entries

    whose = [
        entry.whose for entry in with_homes if entry.event.unit_id == unit.pk and not entry.event.customer_id
    ]
    assert whose == [unit.address]
    assert [entry for entry in without if entry.whose] == []


def test_pages_of_people_and_homes_follow_upon_each_other_without_gap_or_double(
    company: OrgUnit, customer: Customer, now: datetime
) -> None:
    unit = make_home(company)
    make_unit_role(customer, unit)
    events = [
        UnitStateChanged(
            unit_id=unit.pk,
            org_unit_id=company.pk,
            before="planned",
            after="on_sale",
            occurred_at=now - timedelta(hours=number),
        )
        for number in range(5)
    ]
    record_many(events, actor=SYSTEM, now=now)
    for number in range(5):
        make_contact(customer, company, at=now - timedelta(hours=number, minutes=30))
    whole = [entry.event.id for entry in timeline_of(customer, SYSTEM).entries]

    seen, cursor = [], ""
    while True:
        found = timeline_of(customer, SYSTEM, cursor=cursor, limit=3)
        seen += [entry.event.id for entry in found.entries]
        cursor = found.next_cursor
        if not cursor:
            break

    assert seen == whole
    assert (
        len(seen)
        == len(set(seen))
        == EventRecord.objects.filter(customer_id__in=[customer.pk]).count()
        + EventRecord.objects.filter(unit_id=unit.pk, customer_id=None).count()
    )


def test_a_run_of_one_family_folds_and_a_month_has_one_header(company: OrgUnit, customer: Customer) -> None:
    for number in range(5):
        make_contact(customer, company, at=NOW - timedelta(minutes=number))
    make_contact(customer, company, at=NOW - timedelta(days=1))
    make_contact(customer, company, at=NOW - timedelta(days=30))

    days = timeline_of(customer, SYSTEM, QUIET).days

    assert [(len(day.bursts), day.bursts[0].is_folded, day.opens_month) for day in days] == [
        (1, True, True),
        (1, False, False),
        (1, False, True),
    ]
    assert len(days[0].bursts[0].entries) == 5


def test_the_part_keeps_its_queries_whatever_there_is(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    def add() -> None:
        pin = make_contact(customer, company)
        if Customer.objects.filter(interactions__pinned_at__isnull=False).count() < 3:
            pin_contact(pin, actor=SYSTEM, now=NOW)
        make_case(company, customer=customer)
        make_task(company, customer_id=customer.pk)

    address = reverse("workspace:customer", args=[customer.pk])
    add()
    before = count_queries(signed_in, address)
    add()
    add()

    assert count_queries(signed_in, address) == before


def test_the_part_answers_the_filters_and_alone_leads_to_the_page(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    make_contact(customer, company, summary="来电", body="想看样板间")
    make_case(company, customer=customer, title="漏水")
    address = reverse("workspace:timeline", args=[customer.pk])
    asked = {"asked": "1", "family": ["contact"], "q": "样板"}

    part = signed_in.get(address, asked, headers={"HX-Request": "true", "HX-Target": "timeline-entries"})
    alone = signed_in.get(address, asked)

    text = part.content.decode()
    assert ("来电" in text, "漏水" in text, "<html" in text) == (True, False, False)
    assert part.headers["HX-Replace-Url"].startswith(reverse("workspace:customer", args=[customer.pk]))
    assert alone.status_code == 303


def test_what_is_pinned_stands_above_until_something_is_looked_for(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    pin_contact(make_contact(customer, company, summary="对花粉过敏"), actor=SYSTEM, now=NOW)
    address = reverse("workspace:customer", args=[customer.pk])

    plain = signed_in.get(address, {"tab": "timeline"}).content.decode()
    narrowed = signed_in.get(address, {"tab": "timeline", "q": "没有这个词"}).content.decode()

    assert (plain.count("对花粉过敏"), narrowed.count("对花粉过敏")) == (2, 0)


def test_every_family_of_an_event_on_a_customer_has_its_chip() -> None:
    assert set(FAMILIES) >= {
        "contact",
        "message",
        "task",
        "contract",
        "payment",
        "case",
        "campaign",
        "consent",
    }

"""Leads that nobody speaks with go to the public pool by themselves."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from hearth.accounts.models import Notification
from hearth.channels.services.interactions import record_interaction
from hearth.core.models import EventRecord
from hearth.leads.keeping import pool_day
from hearth.leads.models import Lead
from hearth.leads.registrations import lead_details
from hearth.leads.services import assign_lead, reclaim_leads
from hearth.organization.models import OrgUnit, Setting
from hearth.organization.selectors import actor_for
from tests.leads.builders import NOW, SYSTEM, TODAY, grade_of, make_consultant, make_lead

pytestmark = pytest.mark.django_db
WARNED = NOW + timedelta(days=28)
LAST = NOW + timedelta(days=30)
GONE = NOW + timedelta(days=31)


def keep_for(place: OrgUnit, days: int) -> None:
    Setting.objects.create(org_unit=place, key="leads.keep_days", value=days, updated_at=NOW)


@pytest.mark.requirement("S140")
def test_a_lead_without_contact_goes_to_the_pool_on_the_day_that_was_shown(company: OrgUnit) -> None:
    consultant = make_consultant(company)
    lead = make_lead(company, consultant_id=consultant.pk)
    assert pool_day(lead, today=TODAY) == date(2026, 4, 18)

    before = reclaim_leads(now=WARNED) + reclaim_leads(now=LAST)
    taken = reclaim_leads(now=GONE)

    lead.refresh_from_db()
    assert (before, taken, lead.state, lead.consultant_id) == (0, 1, "pooled", None)
    assert lead.ownerships.get().ended_at == GONE
    event = EventRecord.objects.get(type="leads.released")
    assert event.payload == {"from_user_id": consultant.pk, "because": "no_contact"}
    assert lead_details([event], SYSTEM)[event.id].summary == "客户长期未联系"
    assert pool_day(lead, today=TODAY) is None


def test_who_loses_a_lead_is_warned_once_and_told(company: OrgUnit) -> None:
    consultant = make_consultant(company)
    lead = make_lead(company, consultant_id=consultant.pk)

    for days in (27, 28, 29, 31, 32):
        reclaim_leads(now=NOW + timedelta(days=days))

    told = Notification.objects.order_by("created_at").values_list("user", "kind", "url", "created_at")
    url = f"/leads/{lead.pk}/"
    assert list(told) == [
        (consultant.pk, "leads.falls_soon", url, NOW + timedelta(days=28)),
        (consultant.pk, "leads.fell", url, GONE),
    ]
    assert Notification.objects.get(kind="leads.falls_soon").params["day"] == "2026-04-18"


def test_a_second_run_changes_nothing(company: OrgUnit) -> None:
    lead = make_lead(company, consultant_id=make_consultant(company).pk)

    assert [reclaim_leads(now=day) for day in (WARNED, WARNED, GONE, GONE)] == [0, 0, 1, 0]

    assert EventRecord.objects.filter(type="leads.released", subject_id=lead.pk).count() == 1
    assert Notification.objects.count() == 2


def test_nobody_loses_a_lead_without_being_told_three_days_before(company: OrgUnit) -> None:
    lead = make_lead(company, consultant_id=make_consultant(company).pk)
    keep_for(company, 1)
    later = NOW + timedelta(days=100)

    runs = [reclaim_leads(now=later + timedelta(days=days)) for days in range(3)]
    shown = pool_day(Lead.objects.get(pk=lead.pk), today=localdate(later + timedelta(days=2)))
    taken = reclaim_leads(now=later + timedelta(days=3))

    assert (runs, taken) == ([0, 0, 0], 1)
    told = Notification.objects.get(kind="leads.falls_soon")
    assert told.params["day"] == shown.isoformat() == localdate(later + timedelta(days=3)).isoformat()  # type: ignore[union-attr]


def test_a_contact_after_the_warning_takes_it_back(company: OrgUnit) -> None:
    consultant = make_consultant(company)
    lead = make_lead(company, consultant_id=consultant.pk)
    reclaim_leads(now=WARNED)
    Lead.objects.filter(pk=lead.pk).update(last_contact_at=LAST)

    assert reclaim_leads(now=GONE) == 0

    assert pool_day(Lead.objects.get(pk=lead.pk), today=TODAY) == localdate(LAST + timedelta(days=31))


def test_what_is_closed_pooled_or_nobodys_stays_as_it_is(company: OrgUnit) -> None:
    consultant = make_consultant(company)
    make_lead(company, consultant_id=consultant.pk, state="lost")
    make_lead(company, consultant_id=consultant.pk, state="pooled")
    make_lead(company)
    before = list(Lead.objects.order_by("id").values())

    assert [reclaim_leads(now=WARNED), reclaim_leads(now=GONE)] == [0, 0]

    assert list(Lead.objects.order_by("id").values()) == before


def test_a_contact_of_the_consultant_and_a_new_owner_begin_the_days_anew(company: OrgUnit) -> None:
    first, second = make_consultant(company), make_consultant(company)
    spoken, given, noted = (make_lead(company, consultant_id=first.pk) for _number in range(3))
    later = NOW + timedelta(days=10)
    Lead.objects.filter(pk=noted.pk).update(last_contact_at=later)
    assign_lead(given, consultant=second, actor=SYSTEM, now=later)
    for user, customer in ((first, spoken.customer), (second, spoken.customer)):
        record_interaction(
            customer,
            org_unit=company,
            channel="phone",
            direction="outbound",
            summary="说好周末来",
            actor=actor_for(user, today=TODAY),
            now=later if user == first else GONE,
        )

    leads = [Lead.objects.get(pk=lead.pk) for lead in (spoken, given, noted)]
    assert {pool_day(lead, today=TODAY) for lead in leads} == {date(2026, 4, 28)}
    assert reclaim_leads(now=GONE) == 0
    assert [reclaim_leads(now=later + timedelta(days=days)) for days in (28, 31)] == [0, 3]


def test_a_grade_that_asks_for_a_contact_less_often_keeps_its_leads_for_as_long(company: OrgUnit) -> None:
    lead = make_lead(company, consultant_id=make_consultant(company).pk, grade_id=grade_of("D").pk)

    assert pool_day(lead, today=TODAY) == date(2026, 5, 18)
    assert [reclaim_leads(now=NOW + timedelta(days=days)) for days in (58, 60, 61)] == [0, 0, 1]


def test_days_are_inherited_overridden_and_may_be_never(company: OrgUnit, neighbour: OrgUnit) -> None:
    team = OrgUnit.objects.get(code="SZ-A")
    leads = [
        make_lead(place, consultant_id=make_consultant(place).pk) for place in (company, team, neighbour)
    ]
    keep_for(company, 5)
    keep_for(neighbour, 0)

    assert [pool_day(lead, today=TODAY) for lead in leads] == [date(2026, 3, 24), date(2026, 3, 24), None]
    keep_for(team, 8)
    assert pool_day(leads[1], today=TODAY) == date(2026, 3, 27)
    runs = [reclaim_leads(now=NOW + timedelta(days=days)) for days in (3, 5, 6, 8, 9, 300)]
    assert runs == [0, 0, 1, 0, 1, 0]

"""Registering customers, and the visit that confirms it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from hearth.brokers.models import ChannelRegistration
from hearth.brokers.services import expire_registrations
from hearth.brokers.services.partners import change_partner
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import EventRecord
from hearth.leads.models import Lead
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.organization.services import set_setting
from tests.brokers.builders import (
    HIDDEN,
    LATER,
    NOW,
    PHONE,
    SYSTEM,
    TODAY,
    come,
    make_broker,
    make_desk,
    make_partner,
    make_project,
    make_referrer,
    make_registration,
    make_visited,
    register,
)
from tests.customers.builders import make_customer
from tests.leads.builders import make_lead
from tests.organization.builders import make_org_unit

pytestmark = pytest.mark.django_db
State, Because = ChannelRegistration.State, ChannelRegistration.Because


def refused(code: str, act: object, **how: object) -> None:
    """Have an act refused with a code."""
    with pytest.raises(DomainError) as refusal:
        act(**how)  # type: ignore[operator]
    assert refusal.value.code == code


def test_what_a_broker_registers_is_kept_sealed_with_the_notice_and_protected_for_a_week(
    company: OrgUnit,
) -> None:
    row = register(make_broker(company), make_project(company))

    kept = ChannelRegistration.objects.get(pk=row.pk)
    assert (kept.state, kept.phone, kept.masked_phone) == (State.WAITING, f"+86{PHONE}", HIDDEN)
    assert PHONE.encode() not in bytes(kept.phone_sealed)
    assert (kept.notice_version, kept.legal_basis, kept.way) == (1, "consent", "link")
    assert localdate(kept.protected_until_at) == date(2026, 3, 26)
    event = EventRecord.objects.get(type="brokers.registered")
    assert PHONE not in str(event.payload)


@pytest.mark.requirement("S279")
def test_the_first_to_register_a_number_holds_it_and_the_second_is_kept_as_invalid(company: OrgUnit) -> None:
    project = make_project(company)
    first = register(make_broker(company), project)

    second = register(
        make_broker(company), project, phone="+86 138-1234-5678", now=NOW + timedelta(minutes=1)
    )

    first.refresh_from_db()
    assert (first.state, second.state, second.because) == (State.WAITING, State.INVALID, Because.BEFORE)


def test_another_project_is_another_registration(company: OrgUnit) -> None:
    register(make_broker(company), make_project(company))

    other = register(make_broker(company), make_project(company))

    assert other.state == State.WAITING


def test_a_number_is_free_again_when_the_days_are_over(company: OrgUnit) -> None:
    project = make_project(company)
    first = register(make_broker(company), project)

    second = register(make_broker(company), project, now=NOW + timedelta(days=8))

    first.refresh_from_db()
    assert (first.state, second.state) == (State.EXPIRED, State.WAITING)


def test_the_calendar_ends_what_is_over_and_nothing_else(company: OrgUnit) -> None:
    old, fresh = make_registration(company), make_registration(company)
    ChannelRegistration.objects.filter(pk=old.pk).update(protected_until_at=NOW)

    first, again = expire_registrations(now=NOW), expire_registrations(now=NOW)

    states = dict(ChannelRegistration.objects.values_list("pk", "state"))
    assert (first, again) == (1, 0)
    assert states == {old.pk: State.EXPIRED, fresh.pk: State.WAITING}


def test_the_database_itself_admits_one_registration_of_a_number_that_holds(company: OrgUnit) -> None:
    project = make_project(company)
    register(make_broker(company), project)
    second = register(make_broker(company), project)

    with pytest.raises(IntegrityError, match="a_number_is_registered"), transaction.atomic():
        ChannelRegistration.objects.filter(pk=second.pk).update(state=State.WAITING, because="")


@pytest.mark.parametrize(("days", "because"), [(3, Because.KNOWN), (31, "")])
def test_a_customer_with_a_live_lead_of_late_is_known_already(
    company: OrgUnit, days: int, because: str
) -> None:
    project = make_project(company)
    customer = make_customer(company, phone=PHONE)
    make_lead(company, customer=customer, project_id=project.pk, now=NOW - timedelta(days=days))

    row = register(make_broker(company), project)

    assert row.because == because


def test_a_lead_that_was_lost_makes_nobody_known(company: OrgUnit) -> None:
    project = make_project(company)
    customer = make_customer(company, phone=PHONE)
    before = NOW - timedelta(days=3)
    make_lead(company, customer=customer, project_id=project.pk, state="lost", now=before)

    row = register(make_broker(company), project)

    assert row.state == State.WAITING


def test_a_visit_of_late_makes_a_customer_known(company: OrgUnit) -> None:
    project = make_project(company)
    come(make_customer(company, phone=PHONE), project, at=NOW - timedelta(days=2))

    row = register(make_broker(company), project)

    assert (row.state, row.because) == (State.INVALID, Because.KNOWN)


def test_what_does_not_hold_is_refused_before_anything_is_written(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    broker, project = make_broker(company), make_project(company)
    ended = make_broker(company)
    change_partner(ended.partner, active_until_date=TODAY - timedelta(days=1), actor=SYSTEM, now=NOW)

    refused("consent_missing", register, broker=broker, project=project, has_consent=False)
    refused("name_missing", register, broker=broker, project=project, name="  ")
    refused("invalid_phone", register, broker=broker, project=project, phone="123")
    refused("invalid_phone", register, broker=broker, project=project, phone="138***5678")
    refused("project_elsewhere", register, broker=broker, project=make_project(neighbour))
    refused("broker_not_active", register, broker=ended, project=project)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=8)):
        refused("visit_unlikely", register, broker=broker, project=project, planned_date=day)

    assert not ChannelRegistration.objects.exists()


def test_a_broker_registers_a_number_once(company: OrgUnit) -> None:
    broker, project = make_broker(company), make_project(company)
    register(broker, project)

    refused("registered_by_you", register, broker=broker, project=project)

    assert ChannelRegistration.objects.count() == 1


def test_hidden_digits_are_taken_where_the_place_takes_them(company: OrgUnit) -> None:
    broker, project = make_broker(company), make_project(company)

    row = register(broker, project, phone="138 **** 5678")
    set_setting("brokers.takes_hidden_numbers", value=False, actor=SYSTEM, now=NOW, org_unit=company)

    assert (row.is_hidden, row.phone, row.phone_index) == (True, HIDDEN, None)
    refused("hidden_number_refused", register, broker=broker, project=project, phone="139****5678")


def test_two_hidden_numbers_that_look_alike_both_wait(company: OrgUnit) -> None:
    project = make_project(company)

    rows = [register(make_broker(company), project, phone=HIDDEN) for _number in range(2)]

    assert [row.state for row in rows] == [State.WAITING] * 2


def test_the_visit_confirms_the_registration_and_the_lead_names_its_source(company: OrgUnit) -> None:
    broker, project = make_broker(company), make_project(company)
    registered = register(broker, project)
    customer = make_customer(company, phone=PHONE)
    lead = make_lead(company, customer=customer, project_id=project.pk, now=LATER)

    row = come(customer, project)

    lead.refresh_from_db()
    assert row is not None
    assert (row.pk, row.state, row.customer_id, row.lead_id) == (
        registered.pk,
        State.VISITED,
        customer.pk,
        lead.pk,
    )
    assert localdate(row.protected_until_at) == date(2026, 4, 18)
    assert (lead.source, lead.source_detail) == ("broker", f"{broker.partner} · {broker}")
    assert EventRecord.objects.filter(type="leads.source_stated", subject_id=lead.pk).count() == 1


def test_without_a_lead_the_visit_makes_one_and_a_recommendation_is_its_source(company: OrgUnit) -> None:
    project = make_project(company)
    register(make_referrer(company), project)
    customer = make_customer(company, phone=PHONE)

    row = come(customer, project)

    assert row is not None
    assert Lead.objects.get(customer=customer).source == "referral"


def test_an_older_lead_keeps_its_source(company: OrgUnit) -> None:
    project = make_project(company)
    customer = make_customer(company, phone=PHONE)
    lead = make_lead(company, customer=customer, project_id=project.pk, now=NOW - timedelta(days=60))
    register(make_broker(company), project)

    row = come(customer, project)

    assert row is not None
    lead.refresh_from_db()
    assert (row.lead_id, lead.source) == (lead.pk, "walk_in")


def test_the_whole_number_of_a_hidden_one_is_known_at_the_visit(company: OrgUnit) -> None:
    project = make_project(company)
    register(make_broker(company), project, phone=HIDDEN)

    row = come(make_customer(company, phone=PHONE), project)
    third = register(make_broker(company), project, now=LATER + timedelta(hours=1))

    assert row is not None
    assert (row.is_hidden, row.phone) == (True, f"+86{PHONE}")
    assert third.because == Because.BEFORE


@pytest.mark.parametrize(("minutes", "state"), [(29, State.INVALID), (30, State.VISITED)])
def test_who_is_registered_at_the_door_came_by_themselves(company: OrgUnit, minutes: int, state: str) -> None:
    project = make_project(company)
    row = register(make_broker(company), project)

    come(make_customer(company, phone=PHONE), project, at=NOW + timedelta(minutes=minutes))

    row.refresh_from_db()
    assert (row.state, row.because) == (state, Because.DOOR if state == State.INVALID else "")


def test_a_visit_of_long_ago_that_is_noted_now_says_nothing(company: OrgUnit) -> None:
    project = make_project(company)
    row = register(make_broker(company), project)

    come(make_customer(company, phone=PHONE), project, at=NOW - timedelta(days=90), now=LATER)

    row.refresh_from_db()
    assert row.state == State.WAITING


def test_a_visit_confirms_nothing_twice(company: OrgUnit) -> None:
    row = make_visited(company)
    customer = row.customer
    assert customer is not None

    again = come(customer, row.project, at=LATER + timedelta(days=1))

    assert again is None
    assert EventRecord.objects.filter(type="brokers.confirmed").count() == 1


def test_rules_are_inherited_down_the_tree(company: OrgUnit) -> None:
    team = make_org_unit(company)
    set_setting("brokers.visit_within_days", value=3, actor=SYSTEM, now=NOW, org_unit=company)

    row = register(make_broker(company), make_project(team))

    assert localdate(row.protected_until_at) == date(2026, 3, 22)


def test_the_desk_registers_at_its_own_place_alone(company: OrgUnit, neighbour: OrgUnit) -> None:
    stranger = actor_for(make_desk(neighbour), today=TODAY)
    broker, project = make_broker(company), make_project(company)

    with pytest.raises(NotAllowed):
        register(broker, project, actor=stranger)


def test_a_company_names_a_partner_once(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_partner(company, name="安家中介")
    make_partner(neighbour, name="安家中介")

    refused("partner_named", make_partner, place=company, name=" 安家中介 ")


def test_a_customer_recommends_once(company: OrgUnit) -> None:
    customer = make_customer(company)
    make_referrer(company, customer)

    refused("recommends_already", make_referrer, place=company, customer=customer)

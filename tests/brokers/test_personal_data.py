"""What brokers registered of a person is given out, emptied and kept for a time; what follows upon events."""

from datetime import timedelta
from decimal import Decimal

import pytest

from hearth.brokers.models import Broker, ChannelRegistration, Commission, RegistrationConflict
from hearth.brokers.numbers import REGISTERED
from hearth.brokers.personal_data import (
    ended_before,
    erase_brokers,
    erase_registrations,
    export_registrations,
    registered,
    remove_registrations,
)
from hearth.brokers.services import decide_conflict, renew_link
from hearth.brokers.subscribers import (
    confirm_who_came,
    earn_by_confirmation,
    earn_by_contract,
    release_by_payment,
    reverse_by_its_end,
)
from hearth.core.models import EventRecord
from hearth.core.personal_data import STRUCK_OUT, Person
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.sales.services import cancel_contract
from tests.brokers.builders import (
    HIDDEN,
    LATER,
    MUCH_LATER,
    NOW,
    PHONE,
    SIGNED,
    SYSTEM,
    TODAY,
    make_broker,
    make_conflict,
    make_decider,
    make_earned,
    make_project,
    make_referrer,
    make_registration,
    make_rule,
    make_visited,
    note_visit,
    pay_in,
    register,
)
from tests.customers.builders import make_customer, make_home
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
State = ChannelRegistration.State


def person_with(*ids: object, phone: str = PHONE, name: str = "王小明") -> Person:
    return Person(frozenset(ids), frozenset({name}), frozenset({phone, name}), NOW)  # type: ignore[arg-type]


def test_a_person_gets_what_was_registered_of_them_by_visit_or_by_number(company: OrgUnit) -> None:
    visited = make_visited(company)
    register(make_broker(company), make_project(company))
    make_registration(company)

    table = export_registrations(person_with(visited.customer_id))

    assert len(table.rows) == 2
    assert {row["legal_basis"] for row in table.rows} == {"consent"}


def test_what_was_registered_is_emptied_and_the_commission_stays(company: OrgUnit) -> None:
    line = make_earned(company)
    waiting = register(make_broker(company), make_project(company))
    person = person_with(line.registration.customer_id)

    first, again = (erase_registrations(person, LATER) for _number in range(2))

    rows = list(ChannelRegistration.objects.order_by("created_at", "id"))
    assert (first, again) == (2, 0)
    assert {(row.customer_name, row.phone, row.masked_index, row.phone_index) for row in rows} == {
        (STRUCK_OUT, "", None, None)
    }
    assert Commission.objects.get().amount == line.amount
    assert ChannelRegistration.objects.get(pk=waiting.pk).state == State.EXPIRED


def test_who_recommended_is_struck_out_with_their_link(company: OrgUnit) -> None:
    customer = make_customer(company, name="欧阳推荐")
    row = make_referrer(company, customer)
    renew_link(row, actor=SYSTEM, now=NOW)

    erase_brokers(person_with(customer.pk, name="欧阳推荐"), LATER)

    kept = Broker.objects.get()
    assert (kept.name, kept.phone, kept.digest, kept.active_until_date) == (STRUCK_OUT, "", "", TODAY)


def test_what_led_to_nothing_is_let_go_with_its_decided_conflict_and_what_earned_is_not(
    company: OrgUnit,
) -> None:
    conflict, waiting = make_conflict(company), make_conflict(company)
    decider = actor_for(make_decider(company), today=TODAY)
    decide_conflict(conflict, awarded_to=None, reason="自然到访", actor=decider, now=LATER)
    line = make_earned(company)
    ChannelRegistration.objects.filter(pk=line.registration_id).update(state=State.EXPIRED)

    due = list(ended_before(MUCH_LATER + timedelta(days=1)).values_list("pk", flat=True))
    removed = remove_registrations(due, MUCH_LATER)

    assert removed == 2
    assert list(RegistrationConflict.objects.all()) == [waiting]
    assert ChannelRegistration.objects.filter(pk=line.registration_id).exists()
    assert registered([line.registration.customer_id], NOW) == set()  # type: ignore[list-item]


def test_the_indexes_are_made_anew_from_what_is_sealed(company: OrgUnit) -> None:
    project = make_project(company)
    whole = register(make_broker(company), project)
    hidden = register(make_broker(company), project, phone=HIDDEN)

    computed = REGISTERED.compute([(row.pk, row.phone_sealed) for row in (whole, hidden)])

    assert computed == [(whole.masked_index, whole.phone_index), (hidden.masked_index, None)]
    assert whole.masked_index == hidden.masked_index


def event_of(kind: str) -> EventRecord:
    return EventRecord.objects.filter(type=kind).order_by("-position")[0]


def test_visit_contract_payment_and_cancellation_are_followed_by_events(company: OrgUnit) -> None:
    project = make_project(company)
    make_rule(project)
    register(make_broker(company), project)
    customer = make_customer(company, phone=PHONE)
    note_visit(customer, project)

    for _number in range(2):
        confirm_who_came(event_of("channels.interaction_recorded"))
    contract = make_contract(
        make_home(company, project=project.name), customer, signed_date=SIGNED, now=MUCH_LATER
    )
    for _number in range(2):
        earn_by_contract(event_of("sales.contract_signed"))
    pay_in(contract, Decimal(600_000))
    release_by_payment(event_of("sales.payment_received"))
    earned = Commission.objects.get()
    cancel_contract(contract, actor=SYSTEM, now=MUCH_LATER)
    for _number in range(2):
        reverse_by_its_end(event_of("sales.contract_cancelled"))

    assert earned.payable_at is not None
    assert sorted(Commission.objects.values_list("amount", flat=True)) == [-earned.amount, earned.amount]


def test_a_contract_that_was_noted_before_the_visit_earns_when_that_is_confirmed(company: OrgUnit) -> None:
    project = make_project(company)
    make_rule(project)
    register(make_broker(company), project)
    customer = make_customer(company, phone=PHONE)
    make_contract(make_home(company, project=project.name), customer, signed_date=SIGNED, now=MUCH_LATER)
    earn_by_contract(event_of("sales.contract_signed"))
    note_visit(customer, project)
    confirm_who_came(event_of("channels.interaction_recorded"))
    before = Commission.objects.count()

    earn_by_confirmation(event_of("brokers.confirmed"))

    assert (before, Commission.objects.count()) == (0, 1)

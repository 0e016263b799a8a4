"""What customers look for, in versions."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from hearth.core.actor import Actor
from hearth.core.errors import Conflict, InvalidInput, NotAllowed
from hearth.core.field_rules import Access
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.families.models import NeedProfile
from hearth.families.selectors import need_history, present_need
from hearth.families.services import NeedNotPossible, NeedValues, RangeTurnedAround, state_needs
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db
FIRST = NeedValues(purpose="first_home", budget_from_amount=Decimal(2_000_000), timing="now")
THEN = NeedValues(purpose="upgrade", budget_from_amount=Decimal(2_000_000), motives=("schooling",))


@pytest.fixture
def customer(company: OrgUnit) -> Customer:
    """Somebody who looks for a home."""
    return make_customer(company)


def need_events(customer: Customer) -> list[tuple[str, list[str]]]:
    events = EventRecord.objects.filter(customer_id=customer.pk, type__startswith="need.")
    return [(event.type, event.payload.get("fields", [])) for event in events.order_by("position")]


@pytest.mark.requirement("S10")
@pytest.mark.requirement("S125")
def test_each_change_is_a_version_and_the_events_name_what_differs(
    customer: Customer, actor: Actor, now: datetime
) -> None:
    first = state_needs(customer, FIRST, actor=actor, now=now)
    second = state_needs(customer, THEN, actor=actor, now=now + timedelta(days=30))

    assert first
    assert second
    assert present_need(customer) == second
    assert NeedProfile.objects.get(pk=first.pk).purpose == "first_home"
    assert need_events(customer) == [
        ("need.recorded", []),
        ("need.changed", ["purpose", "timing", "motives"]),
    ]


@pytest.mark.requirement("S10")
def test_the_history_says_in_words_what_each_version_changed(
    customer: Customer, actor: Actor, now: datetime
) -> None:
    state_needs(customer, FIRST, actor=actor, now=now)
    state_needs(customer, THEN, actor=actor, now=now + timedelta(days=30))

    with override("en"):
        newest, first = need_history(customer, Access.VISIBLE)

    assert (newest.number, first.number) == (2, 1)
    assert [(each.label, each.before, each.after) for each in newest.differences] == [
        ("why they buy", "first home", "better home"),
        ("when to buy", "within 3 months", ""),
        ("motives", "", "children's schooling"),
    ]
    assert ("budget from, ¥", "", "2,000,000") in [
        (each.label, each.before, each.after) for each in first.differences
    ]


def test_the_same_again_writes_nothing(customer: Customer, actor: Actor, now: datetime) -> None:
    first = state_needs(customer, FIRST, actor=actor, now=now)

    again = state_needs(customer, FIRST, actor=actor, now=now + timedelta(days=1))

    assert again == first
    assert need_events(customer) == [("need.recorded", [])]


def test_nothing_stated_where_nothing_is_known_is_no_version(
    customer: Customer, actor: Actor, now: datetime
) -> None:
    assert state_needs(customer, NeedValues(), actor=actor, now=now) is None
    assert need_history(customer, Access.VISIBLE) == []


def test_a_version_written_meanwhile_is_not_replaced(customer: Customer, actor: Actor, now: datetime) -> None:
    seen = state_needs(customer, FIRST, actor=actor, now=now)
    state_needs(customer, THEN, actor=actor, now=now + timedelta(minutes=1))

    assert seen
    with pytest.raises(Conflict):
        state_needs(
            customer, NeedValues(layout="三室"), actor=actor, now=now + timedelta(minutes=2), follows=seen.pk
        )


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        (
            NeedValues(budget_from_amount=Decimal(3), budget_to_amount=Decimal(2)),
            RangeTurnedAround,
            "budget_to_amount",
        ),
        (NeedValues(area_from=Decimal(90), area_to=Decimal(60)), RangeTurnedAround, "area_to"),
        (NeedValues(purpose="castle"), NeedNotPossible, "purpose"),
        (NeedValues(motives=("fun",)), NeedNotPossible, "motives"),
        (NeedValues(value_ratings={"price": 6}), NeedNotPossible, "value_ratings"),
        (NeedValues(value_ratings={"luck": 3}), NeedNotPossible, "value_ratings"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    customer: Customer,
    actor: Actor,
    now: datetime,
    values: NeedValues,
    refusal: type[InvalidInput],
    field: str,
) -> None:
    with pytest.raises(refusal) as refused:
        state_needs(customer, values, actor=actor, now=now)

    assert refused.value.field == field
    assert not NeedProfile.objects.exists()


def test_who_may_not_change_the_customer_states_no_needs(
    customer: Customer, company: OrgUnit, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        state_needs(customer, FIRST, actor=make_actor(company, VIEW_CUSTOMER), now=now)

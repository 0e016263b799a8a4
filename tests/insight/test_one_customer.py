"""One customer's profile follows at once, by the same rules as everybody's."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from hearth.cases.events import CaseClosed, CaseOpened
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.events import Event, record
from hearth.core.models import EventRecord
from hearth.customers.models import Customer, CustomerProfile
from hearth.insight.expression import TABLES, profile_expression
from hearth.insight.permissions import VIEW_INSIGHT
from hearth.insight.profile_rows import FACTS, needed_columns, values_of_row
from hearth.insight.rules import read_rules
from hearth.insight.services import CustomerUnknown, NotScoredYet, score_customer
from hearth.insight.subscribers import score_after_complaint, score_after_event
from hearth.organization.models import OrgUnit
from hearth.sales.events import ContractSigned
from hearth.segments.postgres import run_on_postgres
from tests.customers.builders import make_customer
from tests.insight.builders import (
    SYSTEM,
    make_case,
    make_contact,
    make_contract,
    make_payment,
    score_here,
)
from tests.organization.builders import make_actor

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHANNELS = ("phone", "visit", "sms", "email", "wechat", "forum", "web", "note")


def make_random_customers(company: OrgUnit, now: datetime, *, seed: int, customers: int) -> list[Customer]:
    """Write customers with anything that can have happened to them over three and a half years."""
    chance = random.Random(seed)

    def some_day() -> date:
        return localdate(now) - timedelta(days=chance.randint(-20, 1_300))

    def some_instant() -> datetime:
        return now - timedelta(seconds=chance.randint(-1_000_000, 70_000_000))

    people = [make_customer(company) for _ in range(customers)]
    for customer in people:
        for _ in range(chance.choice((0, 0, 1, 1, 2))):
            signed = some_day()
            handed_over = chance.choice((None, signed + timedelta(days=chance.randint(1, 700))))
            amount = chance.choice((1_000_000, 1_500_000, chance.randint(1, 9_000_000)))
            make_contract(customer, company, at=now, signed=signed, amount=amount, handed_over=handed_over)
        for _ in range(chance.choice((0, 0, 1, 3))):
            amount_paid = Decimal(chance.randint(1, 900_000)) / 100 * chance.choice((1, 1, 1, -1))
            make_payment(customer, company, at=now, paid=some_day(), amount=amount_paid)
        for _ in range(chance.choice((0, 1, 4, 9))):
            make_contact(customer, company, at=some_instant(), channel=chance.choice(CHANNELS))
        for _ in range(chance.choice((0, 0, 1, 2))):
            opened = some_instant()
            closed = chance.choice((None, opened + timedelta(days=chance.randint(0, 60))))
            kind = chance.choice(("complaint", "repair"))
            make_case(customer, company, at=opened, closed_at=closed, kind=kind)
    return people


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_engines_give_the_same_profile(company: OrgUnit, now: datetime, seed: int) -> None:
    people = make_random_customers(company, now, seed=seed, customers=25)
    run = score_here(now)
    rules = read_rules(run.rules)

    expression = profile_expression(as_of=now, rules=rules, value_cuts=run.cut_points)
    rows = run_on_postgres(
        expression.select(*needed_columns(rules)), TABLES, [customer.pk for customer in people]
    )

    on_postgres = {str(row["customer_id"]): values_of_row(row, rules) for row in rows}
    on_duckdb = {str(profile.pk): profile for profile in CustomerProfile.objects.all()}
    assert on_postgres.keys() == on_duckdb.keys()
    assert len({profile.value_tier for profile in on_duckdb.values()}) >= 4
    for customer_id, values in on_postgres.items():
        profile = on_duckdb[customer_id]
        kept = {
            name: getattr(profile, name)
            for name in values._fields
            if name not in {"customer_id", "monetary_amount", "explanation"}
        }
        assert {name: getattr(values, name) for name in kept} == kept
        assert float(values.monetary_amount) == pytest.approx(float(profile.monetary_amount), abs=0.005)
        assert values.explanation.keys() == profile.explanation.keys()
        assert [values.explanation.get(name) for name in FACTS[:3]] == [
            profile.explanation.get(name) for name in FACTS[:3]
        ]


def test_a_customer_is_placed_by_the_cut_points_of_the_last_run(company: OrgUnit, now: datetime) -> None:
    for amount in range(1, 21):
        make_contract(make_customer(company), company, at=now, signed=date(2026, 1, 5), amount=amount * 1_000)
    customer = make_customer(company)
    run = score_here(now)
    make_contract(customer, company, at=now, signed=date(2026, 3, 18), amount=9_000_000)

    profile = score_customer(customer, actor=SYSTEM, now=now + timedelta(hours=20))

    assert (profile.value_tier, profile.portfolio_action, profile.owner_stage) == (
        "top",
        "retain",
        "pre_owner",
    )
    assert profile.run_id == run.id
    assert profile.scored_at == now + timedelta(hours=20)


def test_where_nobody_has_bought_the_first_buyer_is_small(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)
    score_here(now)
    make_contract(customer, company, at=now, signed=date(2026, 3, 17))

    profile = score_customer(customer, actor=SYSTEM, now=now + timedelta(hours=1))

    assert profile.value_tier == "small"


def test_before_the_first_run_nobody_is_scored(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)

    with pytest.raises(NotScoredYet):
        score_customer(customer, actor=SYSTEM, now=now)


def test_scoring_one_customer_needs_the_right(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)
    score_here(now)

    with pytest.raises(NotAllowed):
        score_customer(customer, actor=make_actor(company, VIEW_INSIGHT), now=now)


def test_a_customer_who_was_removed_is_not_scored(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)
    score_here(now)
    gone = Customer(pk=customer.pk)
    CustomerProfile.objects.all().delete()
    customer.delete()

    with pytest.raises(CustomerUnknown):
        score_customer(gone, actor=SYSTEM, now=now)


def happened(event: Event, now: datetime, *, kind: str = "user") -> EventRecord:
    return record(event, actor=Actor.system("test", kind=kind), now=now)


def test_a_contract_changes_the_profile_at_once_and_only_once(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)
    score_here(now)
    make_contract(customer, company, at=now, signed=date(2026, 3, 18))
    event = happened(ContractSigned(customer_id=customer.pk), now + timedelta(minutes=1))

    score_after_event(event)

    profile = CustomerProfile.objects.get(customer=customer)
    assert profile.owner_stage == "pre_owner"
    score_after_event(event)
    assert CustomerProfile.objects.get(customer=customer).scored_at == profile.scored_at


@pytest.mark.parametrize(
    "make_event",
    [
        lambda customer: CaseOpened(customer_id=customer.pk, kind="complaint", grade="ordinary"),
        lambda customer: CaseClosed(customer_id=customer.pk, kind="complaint"),
    ],
)
def test_a_complaint_changes_the_profile_at_once(
    company: OrgUnit, now: datetime, make_event: Callable[[Customer], Event]
) -> None:
    customer = make_customer(company)
    score_here(now)
    make_case(customer, company, at=now)

    score_after_complaint(happened(make_event(customer), now + timedelta(minutes=1)))

    assert CustomerProfile.objects.get(customer=customer).open_complaints == 1


@pytest.mark.parametrize(
    ("values", "kind"), [({"is_sample": True}, "user"), ({}, "import"), ({"customer_id": None}, "user")]
)
def test_loads_of_many_rows_wait_for_the_night(
    company: OrgUnit, now: datetime, values: dict[str, object], kind: str
) -> None:
    customer = make_customer(company)
    score_here(now)
    make_contract(customer, company, at=now, signed=date(2026, 3, 18))
    given: dict[str, object] = {"customer_id": customer.pk, **values}
    event = happened(ContractSigned(**given), now + timedelta(minutes=1), kind=kind)  # type: ignore[arg-type]

    score_after_event(event)

    assert CustomerProfile.objects.get(customer=customer).scored_at == now


def test_a_repair_leaves_the_profile_to_the_night(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)
    score_here(now)
    opened = CaseOpened(customer_id=customer.pk, kind="repair", grade="ordinary")

    score_after_complaint(happened(opened, now + timedelta(minutes=1)))

    assert CustomerProfile.objects.get(customer=customer).scored_at == now

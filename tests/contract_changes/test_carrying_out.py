"""Carrying out what was approved, and what stays of what was."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from hearth.contract_changes.kinds import Wanted
from hearth.contract_changes.models import ChangeRequest
from hearth.contract_changes.personal_data import named_in_changes
from hearth.contract_changes.refusals import ContractChanged, FiledAlready, NotApprovedYet
from hearth.contract_changes.services import carry_out_change, withdraw_change
from hearth.core.errors import NotAllowed
from hearth.core.events import event_types
from hearth.core.models import EventRecord
from hearth.core.retention import ties
from hearth.core.second_person import PastThatStep
from hearth.customers.models import UnitRole
from hearth.organization.models import OrgUnit, Setting
from hearth.properties.models import Unit
from hearth.sales.models import Contract, ContractVersion, Payment, SettlementLine
from hearth.sales.personal_data import buyers
from hearth.sales.selectors import contract_at, money_of_customer
from hearth.sales.services import (
    ContractNotLive,
    OnlyByRequest,
    RefundTooLarge,
    UnitAlreadySold,
    cancel_contract,
)
from hearth.sales.services.filing import FiledAlready as FiledBefore
from tests.contract_changes.builders import (
    SYSTEM,
    make_approved,
    make_asker,
    make_carried_out,
    make_paid,
    make_request,
    pay,
)
from tests.customers.builders import make_customer, make_home
from tests.exports.builders import actor_of
from tests.organization.builders import make_actor
from tests.sales.builders import NOW, make_contract, make_filed

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
TODAY = NOW.date()


def owners_of(unit: Unit) -> list[tuple[Any, ...]]:
    """Return who owned a home from when to when, in order."""
    rows = UnitRole.objects.filter(unit=unit, role__in=("owner", "co_owner")).order_by("valid_from", "id")
    return list(rows.values_list("customer_id", "role", "valid_from", "valid_to"))


def test_a_discount_changes_the_total_and_keeps_the_one_before(company: OrgUnit) -> None:
    contract = make_paid(company)

    request = make_carried_out(make_request(company, contract=contract), now=LATER)

    contract.refresh_from_db()
    version = ContractVersion.objects.get()
    assert (request.state, request.carried_out_by_id) == ("carried_out", request.author_id)
    assert (contract.total_amount, contract.version) == (Decimal(1_950_000), 2)
    assert (version.version, version.total_amount, version.because) == (1, Decimal(2_000_000), "discount")
    event = EventRecord.objects.get(type="sales.contract_repriced")
    assert (event.amount, event.payload) == (Decimal(-50_000), {"version": 2})
    then = [contract_at(contract, at) for at in (NOW - timedelta(days=1), NOW, LATER)]
    assert [each and each.total_amount for each in then] == [None, Decimal(2_000_000), Decimal(1_950_000)]


def test_a_withdrawal_settles_what_was_received_and_frees_the_home(company: OrgUnit) -> None:
    contract = make_paid(company, 600_000)
    wanted = Wanted(penalty_amount=Decimal(40_000), fee_amount=Decimal("500.50"))
    request = make_request(company, contract=contract, kind="withdrawal", wanted=wanted)

    make_carried_out(request)

    contract.refresh_from_db()
    contract.unit.refresh_from_db()
    assert (contract.state, contract.unit.state) == ("cancelled", "available")
    assert dict(SettlementLine.objects.values_list("kind", "amount")) == {
        "penalty": Decimal(40_000),
        "fee": Decimal("500.50"),
        "refund": Decimal("559499.50"),
    }
    assert (request.refund_amount, request.difference_amount) == (Decimal("559499.50"), Decimal(-2_000_000))
    assert owners_of(contract.unit) == [(contract.customer_id, "owner", date(2025, 6, 1), TODAY)]
    with pytest.raises(RefundTooLarge, match="559499"):
        pay(contract, Decimal("-559499.51"))
    pay(contract, Decimal("-559499.50"))
    assert sum(Payment.objects.values_list("amount", flat=True)) == Decimal("40500.50")


def test_a_swap_moves_owners_and_money_to_a_new_contract(company: OrgUnit) -> None:
    contract, home = make_paid(company, 600_000), make_home(company)
    beside = make_customer(company)
    make_carried_out(
        make_request(company, contract=contract, kind="owner_added", wanted=Wanted(customer=beside))
    )
    wanted = Wanted(unit=home, number="HT-NEW", total_amount=Decimal(2_300_000))

    request = make_carried_out(
        make_request(company, contract=contract, kind="unit_swap", wanted=wanted), now=LATER
    )

    old, new = Contract.objects.get(pk=contract.pk), Contract.objects.get(number="HT-NEW")
    day = LATER.date()
    assert (request.new_contract, request.difference_amount) == (new, Decimal(300_000))
    assert (old.state, new.state, new.replaces) == ("replaced", "signed", old)
    assert (new.signed_date, new.total_amount, new.unit) == (day, Decimal(2_300_000), home)
    assert dict(Unit.objects.values_list("pk", "state")) == {old.unit_id: "available", home.pk: "contracted"}
    lines = list(Payment.objects.order_by("id").values_list("contract", "amount", "subject"))
    assert lines == [
        (old.pk, Decimal(600_000), ""),
        (old.pk, Decimal(-600_000), "HT-NEW"),
        (new.pk, Decimal(600_000), old.number),
    ]
    out, into = Payment.objects.order_by("id")[1:]
    assert into.counterpart == out
    assert {(row[0], row[1], row[3]) for row in owners_of(home)} == {
        (old.customer_id, "owner", None),
        (beside.pk, "co_owner", None),
    }
    assert all(row[3] == day for row in owners_of(old.unit))
    assert EventRecord.objects.get(type="sales.contract_replaced").amount == Decimal(-2_000_000)
    assert not EventRecord.objects.filter(type="sales.contract_cancelled").exists()


def test_a_name_change_ends_one_buyer_and_begins_another_on_the_same_day(company: OrgUnit) -> None:
    contract, other = make_paid(company, 600_000), make_customer(company)
    first = contract.customer

    make_carried_out(
        make_request(company, contract=contract, kind="name_change", wanted=Wanted(customer=other)), now=LATER
    )

    contract.refresh_from_db()
    day = LATER.date()
    assert contract.customer == other
    assert owners_of(contract.unit) == [
        (first.pk, "owner", date(2025, 6, 1), day),
        (other.pk, "owner", day, None),
    ]
    before = contract_at(contract, NOW)
    assert before is not None
    assert before.customer_id == first.pk
    events = EventRecord.objects.filter(type__in=("sales.contract_handed_on", "sales.contract_taken_over"))
    assert set(events.values_list("type", "customer_id")) == {
        ("sales.contract_handed_on", first.pk),
        ("sales.contract_taken_over", other.pk),
    }
    assert money_of_customer(other.pk, SYSTEM).outstanding_amount == Decimal(1_400_000)
    assert money_of_customer(first.pk, SYSTEM).received_amount == Decimal(0)


def test_a_co_owner_who_becomes_the_buyer_is_one_owner(company: OrgUnit) -> None:
    contract, other = make_paid(company), make_customer(company)
    for kind in ("owner_added", "name_change"):
        make_carried_out(
            make_request(company, contract=contract, kind=kind, wanted=Wanted(customer=other)), now=LATER
        )

    open_roles = UnitRole.objects.filter(unit=contract.unit, valid_to=None).values_list("customer", "role")

    assert list(open_roles) == [(other.pk, "owner")]


def test_an_owner_comes_and_goes_and_comes_again(company: OrgUnit) -> None:
    contract, other = make_paid(company), make_customer(company)
    for days, kind in enumerate(("owner_added", "owner_removed", "owner_added")):
        at = NOW + timedelta(days=days)
        make_carried_out(
            make_request(company, contract=contract, kind=kind, wanted=Wanted(customer=other), now=at), now=at
        )

    periods = [row[2:] for row in owners_of(contract.unit) if row[0] == other.pk]

    assert periods == [(TODAY, TODAY + timedelta(days=1)), (TODAY + timedelta(days=2), None)]
    contract.refresh_from_db()
    assert contract.version == 4


def test_what_was_approved_is_carried_out_once_and_what_was_not_is_not(company: OrgUnit) -> None:
    request = make_request(company)
    asker = actor_of(request.author)
    with pytest.raises(NotApprovedYet):
        carry_out_change(request, actor=asker, now=NOW)
    make_carried_out(request)

    with pytest.raises(PastThatStep):
        carry_out_change(request, actor=asker, now=NOW)
    with pytest.raises(PastThatStep):
        withdraw_change(request, actor=asker, now=NOW)

    assert ContractVersion.objects.count() == 1


def test_a_contract_that_changed_meanwhile_is_asked_for_again(company: OrgUnit) -> None:
    request = make_approved(make_request(company))
    make_filed(request.contract)

    with pytest.raises(ContractChanged, match="重新申请"):
        carry_out_change(request, actor=actor_of(request.author), now=NOW)

    request.refresh_from_db()
    assert request.state == "approved"
    withdraw_change(request, actor=actor_of(request.author), now=NOW)
    assert make_carried_out(make_request(company, contract=request.contract)).state == "carried_out"


def test_a_home_that_was_sold_meanwhile_refuses_the_swap_and_leaves_all_as_it_was(company: OrgUnit) -> None:
    home = make_home(company)
    wanted = Wanted(unit=home, number="HT-NEW", total_amount=Decimal(2_300_000))
    request = make_approved(make_request(company, kind="unit_swap", wanted=wanted))
    make_contract(home, make_customer(company))

    with pytest.raises(UnitAlreadySold):
        carry_out_change(request, actor=actor_of(request.author), now=NOW)

    request.refresh_from_db()
    request.contract.refresh_from_db()
    assert (request.state, request.contract.state, request.contract.version) == ("approved", "signed", 1)
    assert not ContractVersion.objects.exists()
    assert Payment.objects.count() == 1


def test_a_contract_filed_meanwhile_keeps_its_name_unless_the_place_lets_it(company: OrgUnit) -> None:
    other = make_customer(company)
    Setting.objects.create(
        key="contract_changes.names_before_filing", org_unit=company, value=False, updated_at=NOW
    )
    contract = make_paid(company)
    make_filed(contract)
    request = make_approved(
        make_request(company, contract=contract, kind="name_change", wanted=Wanted(customer=other))
    )
    Setting.objects.all().delete()

    with pytest.raises(FiledAlready):
        carry_out_change(request, actor=actor_of(request.author), now=NOW)


def test_an_ended_contract_is_changed_no_more(company: OrgUnit) -> None:
    request = make_approved(make_request(company))
    cancel_contract(request.contract, actor=SYSTEM, now=NOW)

    with pytest.raises(ContractNotLive):
        carry_out_change(request, actor=actor_of(request.author), now=NOW)
    with pytest.raises(ContractNotLive):
        make_filed(request.contract)


def test_who_may_ask_but_records_no_contracts_carries_out_nothing(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    request = make_approved(make_request(company))
    asks_alone = make_actor(company, "contract_changes.view", "contract_changes.ask")

    for actor in (asks_alone, actor_of(make_asker(neighbour))):
        with pytest.raises(NotAllowed):
            carry_out_change(request, actor=actor, now=NOW)


def test_a_place_may_have_contracts_cancelled_by_requests_alone(company: OrgUnit) -> None:
    contract = make_paid(company, 0)
    Setting.objects.create(key="sales.cancel_by_request", org_unit=company, value=True, updated_at=NOW)

    with pytest.raises(OnlyByRequest, match="申请退房"):
        cancel_contract(contract, actor=SYSTEM, now=NOW)
    make_carried_out(make_request(company, contract=contract, kind="withdrawal", wanted=Wanted()))

    contract.refresh_from_db()
    assert contract.state == "cancelled"
    assert not SettlementLine.objects.exists()


def test_a_contract_is_filed_once(company: OrgUnit) -> None:
    contract = make_paid(company)
    make_filed(contract)

    with pytest.raises(FiledBefore):
        make_filed(contract)

    assert ContractVersion.objects.get().state == "signed"
    assert ChangeRequest.objects.count() == 0
    assert "sales.contract_filed" in event_types


def test_who_was_a_buyer_or_is_named_in_a_change_is_not_let_go(company: OrgUnit) -> None:
    contract, other, wished = make_paid(company, 0), make_customer(company), make_customer(company)
    first, stranger = contract.customer, make_customer(company)
    make_carried_out(
        make_request(company, contract=contract, kind="name_change", wanted=Wanted(customer=other))
    )
    make_request(company, contract=contract, kind="owner_added", wanted=Wanted(customer=wished))
    ids = [row.pk for row in (first, other, wished, stranger)]

    tied = {key for find in ties.values() for key in find(ids, NOW)}

    assert {first.pk, other.pk, wished.pk} <= tied
    assert {first.pk, other.pk} <= buyers(ids, NOW)
    assert named_in_changes(ids, NOW) == {other.pk, wished.pk}

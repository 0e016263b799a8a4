"""Asking for changes, and the people who approve them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hearth.accounts.models import Notification
from hearth.contract_changes.bands import BANDS, Band
from hearth.contract_changes.kinds import Wanted
from hearth.contract_changes.models import ApprovalStep, ChangeRequest
from hearth.contract_changes.refusals import (
    AmountNegative,
    AmountTooFine,
    ApprovedBefore,
    BuyerStays,
    FiledAlready,
    KindUnknown,
    NoDiscount,
    NothingChanges,
    OwnsAlready,
    OwnsNothing,
    ReasonMissing,
    RefusedWithoutWord,
    RequestOpen,
    StrangersCustomer,
    StrangersUnit,
    ValueMissing,
)
from hearth.contract_changes.selectors import waits_for
from hearth.contract_changes.services import (
    approve_change,
    ask_change,
    lapse_changes,
    refuse_change,
    remind_approvers,
    withdraw_change,
)
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.second_person import OwnWork, PastThatStep
from hearth.inventory.refusals import HomeNotFree
from hearth.organization.models import OrgUnit
from hearth.sales.services import (
    AmountNotPositive,
    ContractNotLive,
    ContractNumberTaken,
    KeptTooLarge,
    UnitAlreadySold,
    UnitElsewhere,
    cancel_contract,
)
from tests.contract_changes.builders import (
    LESS,
    SYSTEM,
    make_approved,
    make_approver,
    make_asker,
    make_paid,
    make_request,
    set_bands,
)
from tests.customers.builders import make_customer, make_home
from tests.exports.builders import actor_of
from tests.inventory.builders import hold_for, make_sale
from tests.organization.builders import make_actor
from tests.sales.builders import NOW, make_contract, make_filed

pytestmark = pytest.mark.django_db


def test_a_discount_is_asked_for_with_both_totals_and_a_chain_by_its_percentage(company: OrgUnit) -> None:
    request = make_request(company, contract=make_paid(company))

    steps = list(request.steps.order_by("position").values_list("place__code", "state"))
    assert (request.said_before, request.said_after) == ({"total": "2000000.00"}, {"total": "1950000.00"})
    assert (request.difference_amount, request.asked_version) == (Decimal(-50_000), 1)
    assert steps == [("SZ", "waiting"), ("SZ", "ahead")]
    event = EventRecord.objects.get(type="contract_changes.asked")
    assert (event.subject_id, event.payload) == (request.pk, {"kind": "discount", "steps": 2})


@pytest.mark.parametrize(
    ("total", "codes"),
    [
        ("1980000", ["SZ-A"]),
        ("1979999.99", ["SZ-A", "SZ"]),
        ("1940000", ["SZ-A", "SZ"]),
        ("1900000", ["SZ-A", "SZ", "S"]),
        ("1", ["SZ-A", "SZ", "S", "G"]),
    ],
)
def test_more_money_goes_higher_up(group: OrgUnit, total: str, codes: list[str]) -> None:
    team = OrgUnit.objects.get(code="SZ-A")

    request = make_request(team, wanted=Wanted(total_amount=Decimal(total)))

    assert list(request.steps.order_by("position").values_list("place__code", flat=True)) == codes


def test_bands_of_a_place_hold_below_it_unless_the_place_sets_its_own(group: OrgUnit) -> None:
    team, region = OrgUnit.objects.get(code="SZ-A"), OrgUnit.objects.get(code="S")
    set_bands(region, {"kind": "any", "steps": ["region"]})

    inherited = make_request(team)
    set_bands(team, {"kind": "discount", "amount": "50000", "steps": []})
    own = make_request(team)
    larger = make_request(team, wanted=Wanted(total_amount=Decimal(1_000_000)))

    assert list(inherited.steps.values_list("place__code", flat=True)) == ["S"]
    assert (own.steps.count(), own.state) == (0, "approved")
    assert list(larger.steps.values_list("place__code", flat=True)) == ["G"]


@pytest.mark.parametrize(
    "bands",
    [
        {"kind": "any"},
        [{"kind": "nothing", "steps": []}],
        [{"kind": "any", "steps": ["moon"]}],
        [{"kind": "any", "steps": ["group"] * 7}],
        [{"kind": "any", "steps": [], "percent": -1}],
        [{"kind": "any", "steps": [], "amount": "much"}],
        [{"kind": "any", "steps": [], "amount": True}],
        [{"kind": "any", "steps": [], "amount": "NaN"}],
        [{"kind": "any", "steps": [], "people": 3}],
        ["any"],
    ],
)
def test_what_is_no_band_is_not_set(bands: Any) -> None:
    assert not BANDS.accepts(bands)
    assert BANDS.accepts([{"kind": "discount", "percent": "1.5", "steps": ["group"]}])
    assert BANDS.accepts([])


def test_a_band_without_a_bound_fits_everything_of_its_kind() -> None:
    band = Band("withdrawal", ("group",))

    assert band.fits("withdrawal", Decimal(100), Decimal(10**9))
    assert not band.fits("discount", Decimal(0), Decimal(0))


@pytest.mark.parametrize(
    ("kind", "wanted", "refusal"),
    [
        ("discount", Wanted(total_amount=Decimal(-1)), NoDiscount),
        ("discount", Wanted(total_amount=Decimal(0)), NoDiscount),
        ("discount", Wanted(total_amount=Decimal(2_000_000)), NoDiscount),
        ("discount", Wanted(total_amount=Decimal("1.005")), AmountTooFine),
        ("discount", Wanted(), ValueMissing),
        ("withdrawal", Wanted(penalty_amount=Decimal(-1)), AmountNegative),
        ("withdrawal", Wanted(fee_amount=Decimal(-1)), AmountNegative),
        ("withdrawal", Wanted(penalty_amount=Decimal(600_000), fee_amount=Decimal("0.01")), KeptTooLarge),
        ("unit_swap", Wanted(total_amount=Decimal(1), number="A"), ValueMissing),
        ("name_change", Wanted(), ValueMissing),
        ("owner_added", Wanted(), ValueMissing),
        ("moon", LESS, KindUnknown),
    ],
)
def test_impossible_wishes_are_refused_and_leave_nothing(
    company: OrgUnit, kind: str, wanted: Wanted, refusal: type[Exception]
) -> None:
    contract, actor = make_paid(company), actor_of(make_asker(company))

    with pytest.raises(refusal):
        ask_change(contract, kind, wanted, reason="想换", actor=actor, now=NOW)

    assert not ChangeRequest.objects.exists()


def test_a_swap_needs_a_home_that_is_the_customers_to_buy(company: OrgUnit, neighbour: OrgUnit) -> None:
    contract, everywhere = make_paid(company), actor_of(make_asker(company))
    sold, free, elsewhere = make_home(company), make_home(company), make_home(neighbour)
    make_contract(sold, make_customer(company), number="HT-TAKEN")
    held = make_sale(company)[0]
    hold_for(make_customer(company), held)

    def ask(unit: Any, total: int = 2_100_000, number: str = "HT-NEW") -> None:
        wanted = Wanted(unit=unit, number=number, total_amount=Decimal(total))
        ask_change(contract, "unit_swap", wanted, reason="要大一点", actor=everywhere, now=NOW)

    with pytest.raises(UnitAlreadySold):
        ask(sold)
    with pytest.raises(HomeNotFree):
        ask(held)
    with pytest.raises(StrangersUnit):
        ask(elsewhere)
    with pytest.raises(NothingChanges):
        ask(contract.unit)
    with pytest.raises(AmountNotPositive):
        ask(free, 0)
    with pytest.raises(ContractNumberTaken):
        ask(free, number="HT-TAKEN")
    with pytest.raises(ValueMissing):
        ask(free, number=" ")
    assert not ChangeRequest.objects.exists()


def test_a_home_that_another_place_sells_is_not_swapped_for(group: OrgUnit, company: OrgUnit) -> None:
    contract, elsewhere = make_paid(company), make_home(OrgUnit.objects.get(code="GZ"))
    actor = actor_of(make_asker(group))
    wanted = Wanted(unit=elsewhere, number="HT-NEW", total_amount=Decimal(1))

    with pytest.raises(UnitElsewhere):
        ask_change(contract, "unit_swap", wanted, reason="调动", actor=actor, now=NOW)


def test_a_stranger_s_customer_is_refused_in_words(company: OrgUnit, neighbour: OrgUnit) -> None:
    contract, actor = make_paid(company), actor_of(make_asker(company))
    wanted = Wanted(customer=make_customer(neighbour))

    for kind in ("name_change", "owner_added"):
        with pytest.raises(StrangersCustomer, match="没有此人"):
            ask_change(contract, kind, wanted, reason="亲属", actor=actor, now=NOW)


def test_owners_come_and_go_beside_the_buyer_alone(company: OrgUnit) -> None:
    contract, actor = make_paid(company), actor_of(make_asker(company))
    stranger = make_customer(company)

    def ask(kind: str, customer: Any) -> None:
        ask_change(contract, kind, Wanted(customer=customer), reason="婚姻", actor=actor, now=NOW)

    with pytest.raises(OwnsAlready):
        ask("owner_added", contract.customer)
    with pytest.raises(BuyerStays):
        ask("owner_removed", contract.customer)
    with pytest.raises(OwnsNothing):
        ask("owner_removed", stranger)
    with pytest.raises(NothingChanges):
        ask("name_change", contract.customer)


def test_a_filed_contract_keeps_its_names_by_the_rule_of_the_place(company: OrgUnit) -> None:
    contract, other = make_paid(company), make_customer(company)
    make_filed(contract)

    with pytest.raises(FiledAlready):
        make_request(company, contract=contract, kind="name_change", wanted=Wanted(customer=other))
    with pytest.raises(FiledAlready):
        make_request(company, contract=contract, kind="owner_added", wanted=Wanted(customer=other))

    assert make_request(company, contract=contract).kind == "discount"


def test_one_change_of_a_contract_is_on_its_way_at_a_time(company: OrgUnit) -> None:
    first = make_request(company)
    with pytest.raises(RequestOpen):
        make_request(company, contract=first.contract)

    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.create(
            **{
                name: getattr(first, name)
                for name in ("org_unit", "contract", "kind", "reason", "author", "said_before", "said_after")
            },
            asked_version=1,
            difference_amount=0,
            lapses_at=NOW,
            created_at=NOW,
            updated_at=NOW,
        )
    withdraw_change(first, actor=SYSTEM, now=NOW)
    again = make_request(company, contract=first.contract)

    assert again.is_open
    assert set(first.steps.values_list("state", flat=True)) == {"dropped"}


def test_nothing_is_asked_of_an_ended_contract_or_without_a_reason(company: OrgUnit) -> None:
    contract = make_paid(company)

    with pytest.raises(ReasonMissing):
        make_request(company, contract=contract, reason="  ")
    cancel_contract(contract, actor=SYSTEM, now=NOW)
    with pytest.raises(ContractNotLive):
        make_request(company, contract=contract)


def test_who_may_only_look_or_is_no_person_may_not_ask(company: OrgUnit, neighbour: OrgUnit) -> None:
    contract = make_paid(company)

    for actor in (make_actor(company, "contract_changes.view"), actor_of(make_asker(neighbour)), SYSTEM):
        with pytest.raises(NotAllowed):
            ask_change(contract, "discount", LESS, reason="想要", actor=actor, now=NOW)


def test_each_step_is_approved_by_another_person_who_is_told_in_turn(company: OrgUnit) -> None:
    first, second, asker = make_approver(company), make_approver(company), make_asker(company)
    request = make_request(company, asker=asker)
    told = list(Notification.objects.order_by("user_id").values_list("user_id", "kind"))

    request = approve_change(request, comment="可以", actor=actor_of(first), now=NOW)
    with pytest.raises(ApprovedBefore):
        approve_change(request, comment="", actor=actor_of(first), now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        request.steps.filter(position=2).update(state="approved", decided_by=first, decided_at=NOW)
    request = approve_change(request, comment="", actor=actor_of(second), now=NOW)

    assert told == [(first.pk, "contract_changes.waits"), (second.pk, "contract_changes.waits")]
    assert request.state == "approved"
    assert list(request.steps.order_by("position").values_list("decided_by", "comment")) == [
        (first.pk, "可以"),
        (second.pk, ""),
    ]
    assert (
        list(Notification.objects.filter(user=second).values_list("kind", flat=True)).count(
            "contract_changes.waits"
        )
        == 2
    )
    assert Notification.objects.filter(user=asker, kind="contract_changes.approved").count() == 1
    with pytest.raises(PastThatStep):
        approve_change(request, comment="", actor=actor_of(make_approver(company)), now=NOW)


def test_nobody_approves_what_they_asked_for(company: OrgUnit) -> None:
    asker = make_asker(company)
    request = make_request(company, asker=asker)
    role = asker.memberships.get().role
    role.permissions = [*role.permissions, "contract_changes.approve"]
    role.save()

    with pytest.raises(OwnWork):
        approve_change(request, comment="", actor=actor_of(asker), now=NOW)
    with pytest.raises(OwnWork):
        approve_change(request, comment="", actor=SYSTEM, now=NOW)


def test_a_step_of_a_place_above_is_not_decided_below(group: OrgUnit, company: OrgUnit) -> None:
    set_bands(company, {"kind": "any", "steps": ["region"]})
    request = make_request(company)

    with pytest.raises(NotAllowed):
        approve_change(request, comment="", actor=actor_of(make_approver(company)), now=NOW)
    region = OrgUnit.objects.get(code="S")
    approved = approve_change(request, comment="", actor=actor_of(make_approver(region)), now=NOW)

    assert approved.state == "approved"


def test_a_refusal_says_why_and_ends_the_request(company: OrgUnit) -> None:
    request, approver = make_request(company), actor_of(make_approver(company))

    with pytest.raises(RefusedWithoutWord):
        refuse_change(request, comment=" ", actor=approver, now=NOW)
    refused = refuse_change(request, comment="没有理由", actor=approver, now=NOW)

    assert (refused.state, refused.closed_at) == ("refused", NOW)
    assert list(refused.steps.order_by("position").values_list("state", "comment")) == [
        ("refused", "没有理由"),
        ("dropped", ""),
    ]
    assert Notification.objects.filter(user=request.author, kind="contract_changes.refused").count() == 1
    event = EventRecord.objects.get(type="contract_changes.ended")
    assert event.payload == {"kind": "discount", "outcome": "refused"}


def test_who_has_not_answered_is_reminded_once_and_what_nobody_carries_out_lapses(company: OrgUnit) -> None:
    approver, waiting, approved = make_approver(company), make_request(company), make_request(company)
    make_approved(approved)
    third_day = NOW + timedelta(days=2)

    early = remind_approvers(now=third_day - timedelta(minutes=1))
    reminded = [remind_approvers(now=third_day) for _twice in range(2)]
    lapsed = [lapse_changes(now=NOW + timedelta(days=days)) for days in (29, 30, 31)]

    assert (early, reminded, lapsed) == (0, [1, 0], [0, 2, 0])
    assert Notification.objects.filter(user=approver, kind="contract_changes.reminded").count() == 1
    assert set(ChangeRequest.objects.values_list("state", flat=True)) == {"lapsed"}
    assert not ApprovalStep.objects.waiting().exists()
    assert Notification.objects.filter(user=waiting.author, kind="contract_changes.lapsed").count() == 1


def test_what_waits_for_me_is_neither_mine_nor_anothers_place(company: OrgUnit, neighbour: OrgUnit) -> None:
    ours, theirs = make_request(company), make_request(neighbour)
    first, group = make_approver(company), OrgUnit.objects.get(code="G")
    make_approved(make_request(company))

    def waiting(actor: Any) -> set[Any]:
        return set(ChangeRequest.objects.filter(waits_for(actor)).values_list("pk", flat=True))

    before = waiting(actor_of(first))
    approve_change(ours, comment="", actor=actor_of(first), now=NOW)

    assert before == {ours.pk}
    assert waiting(actor_of(first)) == set()
    assert waiting(actor_of(make_approver(group))) == {ours.pk, theirs.pk}
    assert waiting(actor_of(ours.author)) == set()
    assert waiting(SYSTEM) == set()

"""What contracts earn, when it is payable, how it is taken back, and that a sheet is paid once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearth.brokers.models import ChannelRegistration, Commission, CommissionRule, CommissionSheet
from hearth.brokers.selectors import sides_of
from hearth.brokers.services import (
    amount_of,
    approve_settlement,
    decide_conflict,
    earn_commission,
    gather_again,
    make_settlement,
    object_to_refusal,
    pay_settlement,
    release_commission,
    return_settlement,
    reverse_commission,
    submit_settlement,
    write_rule,
)
from hearth.core.errors import DomainError
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.sales.models import Contract
from hearth.sales.services import cancel_contract, lock_live_contract, replace_contract
from tests.brokers.builders import (
    LATER,
    MUCH_LATER,
    NOW,
    SIGNED,
    SYSTEM,
    TODAY,
    make_approver,
    make_broker,
    make_decider,
    make_earned,
    make_project,
    make_rule,
    make_settler,
    make_sheet,
    make_visited,
    new_rule,
    pay_in,
    register,
    sign_for,
)
from tests.customers.builders import make_home

pytestmark = pytest.mark.django_db
State = CommissionSheet.State


def code_of(act: object, *args: object, **how: object) -> str:
    """Return the code with which an act is refused, nothing if it is done."""
    try:
        act(*args, **how)  # type: ignore[operator]
    except DomainError as refusal:
        return refusal.code
    return ""


@given(
    total=st.decimals(Decimal("0.01"), Decimal("999999999.99"), places=2),
    rate=st.decimals(Decimal("0.01"), Decimal(100), places=2),
)
def test_a_share_of_a_total_is_to_the_cent_and_never_more_than_half_a_cent_off(
    total: Decimal, rate: Decimal
) -> None:
    amount = amount_of("percent", rate, total)

    assert amount == amount.quantize(Decimal("0.01"))
    assert abs(amount - total * rate / 100) <= Decimal("0.005")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deals=st.lists(st.tuples(st.integers(100_000, 9_999_999), st.booleans()), min_size=1, max_size=5),
    rate=st.decimals(Decimal("0.05"), Decimal(5), places=2),
)
def test_the_lines_of_a_sheet_come_to_its_total_and_reversals_to_nought(
    company: OrgUnit, deals: list[tuple[int, bool]], rate: Decimal
) -> None:
    project, broker = make_project(company), make_broker(company)
    write_rule(project, new_rule(steps=[(1, rate)], payable_percent=Decimal(0)), actor=SYSTEM, now=NOW)
    kept, reversed_lines = Decimal(0), []
    for cents, is_cancelled in deals:
        line = make_earned(company, broker=broker, project=project, total=Decimal(cents) / 7)
        if is_cancelled:
            counter = reverse_commission(line.contract, actor=SYSTEM, now=LATER)
            assert counter is not None
            reversed_lines.append(line.amount + counter.amount)
        else:
            kept += line.amount

    settler = actor_for(make_settler(company), today=TODAY)
    if kept > 0:
        sheet = make_settlement(broker.partner, actor=settler, now=LATER)
        lines = list(sheet.lines.values_list("amount", flat=True))
        assert (sum(lines), sheet.total_amount) == (kept, kept)
    else:
        assert code_of(make_settlement, broker.partner, actor=settler, now=LATER) == "nothing_payable"
    assert set(reversed_lines) <= {Decimal(0)}


@pytest.mark.requirement("S279")
def test_a_contract_on_a_registration_earns_by_the_rule_of_its_day(company: OrgUnit) -> None:
    project = make_project(company)
    rule = make_rule(project, rate="1.25")
    row = make_visited(company, project=project)

    line = sign_for(row, total=Decimal("2000001.00"))

    row.refresh_from_db()
    assert line is not None
    assert (line.amount, line.rule_id, line.deal, line.payable_at) == (Decimal("25000.01"), rule.pk, 1, None)
    assert row.state == "signed"


def test_the_partners_own_rule_comes_before_that_for_all_and_steps_count_deals(company: OrgUnit) -> None:
    project, broker = make_project(company), make_broker(company)
    make_rule(project, rate="1")
    steps = [(1, Decimal(10_000)), (2, Decimal(15_000))]
    own = new_rule(kind="fixed", steps=steps, partner=broker.partner)
    write_rule(project, own, actor=SYSTEM, now=NOW)

    amounts = [make_earned(company, broker=broker, project=project).amount for _number in range(3)]
    other = make_earned(company, project=project, total=Decimal(1_000_000))

    assert amounts == [Decimal(10_000), Decimal(15_000), Decimal(15_000)]
    assert other.amount == Decimal(10_000)


def test_nothing_is_earned_after_the_days_without_a_visit_or_without_a_rule(company: OrgUnit) -> None:
    project = make_project(company)
    make_rule(project)
    late, unruled = make_visited(company, project=project), make_visited(company)
    waiting = register(make_broker(company), project, phone="13900002222")

    found = [
        sign_for(late, day=TODAY + timedelta(days=31)),
        sign_for(unruled),
        sign_for(waiting, customer=late.customer, day=TODAY - timedelta(days=1)),
    ]

    unruled.refresh_from_db()
    assert found == [None] * 3
    assert (unruled.state, Commission.objects.count()) == ("signed", 0)


def test_a_version_of_a_rule_ends_the_one_before_and_earlier_contracts_keep_it(company: OrgUnit) -> None:
    project = make_project(company)
    first = make_rule(project, rate="1")
    row = make_visited(company, project=project)
    later = new_rule(steps=[(1, Decimal(2))], valid_from_date=SIGNED + timedelta(days=1))
    second = write_rule(project, later, actor=SYSTEM, now=LATER)

    line = sign_for(row)

    first.refresh_from_db()
    assert line is not None
    assert (first.valid_until_date, second.version, line.rule_id) == (SIGNED, 2, first.pk)
    assert code_of(write_rule, project, later, actor=SYSTEM, now=LATER) == "rule_before_last"


@pytest.mark.parametrize(
    "steps", [[], [(2, "1")], [(1, "1"), (1, "2")], [(1, "0")], [(1, "100.01")], [(1, "1.005")]]
)
def test_steps_that_pay_nothing_or_do_not_rise_are_refused(
    company: OrgUnit, steps: list[tuple[int, str]]
) -> None:
    chosen = [(deal, Decimal(rate)) for deal, rate in steps]

    code = code_of(write_rule, make_project(company), new_rule(steps=chosen), actor=SYSTEM, now=NOW)

    assert (code, CommissionRule.objects.count()) == ("steps_unclear", 0)


def test_a_commission_is_payable_once_the_share_has_come_in(company: OrgUnit) -> None:
    line = make_earned(company, total=Decimal(1_000_000), payable_percent="30")

    pay_in(line.contract, Decimal(299_999))
    before = release_commission(line.contract, now=LATER)
    pay_in(line.contract, Decimal(1))
    after, again = (release_commission(line.contract, now=LATER) for _number in range(2))

    assert (before, after, again) == (0, 1, 0)


def test_a_cancelled_contract_is_taken_back_once_by_a_counter_line(company: OrgUnit) -> None:
    line = make_earned(company)
    cancel_contract(line.contract, actor=SYSTEM, now=MUCH_LATER)

    counters = [reverse_commission(line.contract, actor=SYSTEM, now=LATER) for _number in range(2)]

    line.refresh_from_db()
    assert counters[0] is not None
    assert counters[0] == counters[1]
    assert (counters[0].amount, line.amount > 0) == (-line.amount, True)
    assert line.registration.state == ChannelRegistration.State.EXPIRED
    assert earn_commission(line.contract, actor=SYSTEM, now=LATER) is None


def test_what_was_paid_before_a_cancellation_is_taken_off_the_next_sheet(company: OrgUnit) -> None:
    broker, project = make_broker(company), make_project(company)
    first = make_earned(company, broker=broker, project=project, payable_percent="0")
    sheet = make_sheet(first)
    second = make_earned(company, broker=broker, project=project, total=Decimal(3_000_000))
    reverse_commission(first.contract, actor=SYSTEM, now=LATER)
    settler = actor_for(make_settler(company), today=TODAY)

    following = make_settlement(broker.partner, actor=settler, now=LATER)

    assert sheet.total_amount == first.amount
    assert following.total_amount == second.amount - first.amount
    assert (sheet.number, following.number) == (1, 2)


@pytest.mark.requirement("S279")
def test_a_sheet_is_made_by_one_approved_by_another_and_paid_once(company: OrgUnit) -> None:
    line = make_earned(company, payable_percent="0")
    maker = actor_for(make_settler(company, "brokers.approve"), today=TODAY)
    second = actor_for(make_approver(company), today=TODAY)
    sheet = make_settlement(line.partner, actor=maker, now=LATER)
    by = {"payment_number": "FK-1", "paid_date": TODAY, "now": LATER}

    early = code_of(approve_settlement, sheet, actor=second, now=LATER)
    submit_settlement(sheet, actor=maker, now=LATER)
    own = code_of(approve_settlement, sheet, actor=maker, now=LATER)
    unapproved = code_of(pay_settlement, sheet, actor=maker, **by)
    approve_settlement(sheet, actor=second, now=LATER)
    stranger = code_of(pay_settlement, sheet, actor=second, **by)
    paid = [code_of(pay_settlement, sheet, actor=maker, **by) for _number in range(2)]
    otherwise = code_of(pay_settlement, sheet, actor=maker, **{**by, "payment_number": "FK-2"})

    sheet.refresh_from_db()
    assert (early, own, unapproved, stranger) == (
        "past_that_step",
        "own_work",
        "past_that_step",
        "not_allowed",
    )
    assert (paid, otherwise) == (["", ""], "past_that_step")
    assert (sheet.state, sheet.payment_number, sheet.total_amount) == (State.PAID, "FK-1", line.amount)


def test_a_payment_pays_one_sheet_and_its_day_does_not_lie_ahead(company: OrgUnit) -> None:
    first, second = (make_sheet(make_earned(company, payable_percent="0")) for _number in range(2))
    maker = actor_for(make_settler(company), today=TODAY)
    pay_settlement(first, payment_number="FK-1", paid_date=TODAY, actor=maker, now=LATER)

    codes = [
        code_of(pay_settlement, second, payment_number=number, paid_date=day, actor=maker, now=LATER)
        for number, day in (("FK-1", TODAY), (" ", TODAY), ("FK-2", TODAY + timedelta(days=1)))
    ]

    assert codes == ["payment_taken", "payment_unlikely", "payment_unlikely"]


def test_a_returned_sheet_takes_in_what_has_become_payable(company: OrgUnit) -> None:
    broker, project = make_broker(company), make_project(company)
    first = make_earned(company, broker=broker, project=project, payable_percent="0")
    maker = actor_for(make_settler(company), today=TODAY)
    second = actor_for(make_approver(company), today=TODAY)
    sheet = make_settlement(broker.partner, actor=maker, now=LATER)
    submit_settlement(sheet, actor=maker, now=LATER)
    more = make_earned(company, broker=broker, project=project)

    silent = code_of(return_settlement, sheet, because=" ", actor=second, now=LATER)
    return_settlement(sheet, because="漏一单", actor=second, now=LATER)
    busy = code_of(make_settlement, broker.partner, actor=maker, now=LATER)
    again = gather_again(sheet, actor=maker, now=LATER)

    assert (silent, busy) == ("returned_without_reason", "sheet_open")
    assert (again.total_amount, again.returned_because) == (first.amount + more.amount, "漏一单")


def test_the_database_itself_earns_a_contract_once(company: OrgUnit) -> None:
    line = make_earned(company)
    line.pk = None

    with pytest.raises(IntegrityError, match="a_contract_earns"), transaction.atomic():
        Commission.objects.bulk_create([line])


def test_a_disputed_registration_earns_once_it_is_decided(company: OrgUnit) -> None:
    project = make_project(company)
    make_rule(project)
    holder = make_visited(company, project=project)
    second = register(make_broker(company), project, phone=holder.phone, now=LATER)
    conflict = object_to_refusal(second, claim="我先报备", actor=SYSTEM, now=LATER)

    during = sign_for(holder, day=TODAY)
    first = sides_of(conflict)[0].registration
    decider = actor_for(make_decider(company), today=TODAY)
    decide_conflict(conflict, awarded_to=first, reason="先报备", actor=decider, now=LATER)
    contract = holder.project.units.get().contracts.get()
    after = earn_commission(contract, actor=SYSTEM, now=LATER)

    assert during is None
    assert after is not None
    assert after.registration_id == holder.pk


def test_a_neighbour_makes_no_sheet_and_no_rule(company: OrgUnit, neighbour: OrgUnit) -> None:
    line = make_earned(company, payable_percent="0")
    stranger = actor_for(make_settler(neighbour, "brokers.change_commission"), today=TODAY)

    codes = [
        code_of(make_settlement, line.partner, actor=stranger, now=LATER),
        code_of(write_rule, line.rule.project, new_rule(), actor=stranger, now=LATER),
    ]

    assert codes == ["not_allowed"] * 2


def test_a_contract_for_another_home_stands_on_the_registration_of_the_first(company: OrgUnit) -> None:
    line = make_earned(company)
    home = make_home(company, project=line.registration.project.name)
    with transaction.atomic():
        locked = lock_live_contract(line.contract)
        swapped = replace_contract(
            locked, home, number="HT-2", total_amount=Decimal(3_000_000), actor=SYSTEM, now=MUCH_LATER
        )

    again = earn_commission(swapped, actor=SYSTEM, now=MUCH_LATER)
    counter = reverse_commission(Contract.objects.get(pk=locked.pk), actor=SYSTEM, now=MUCH_LATER)

    assert again is not None
    assert counter is not None
    assert (again.registration, again.deal, again.amount) == (line.registration, 1, Decimal("30000.00"))
    assert counter.amount == -line.amount
    line.registration.refresh_from_db()
    assert line.registration.state == ChannelRegistration.State.SIGNED

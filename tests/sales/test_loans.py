"""Filing contracts online, and mortgage loans step by step."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.sales.loan_policy import DAYS
from hearth.sales.loan_selectors import LoanShown, loans_of
from hearth.sales.models import Contract, Loan, LoanStep
from hearth.sales.permissions import CHANGE_CONTRACT, VIEW_CONTRACT
from hearth.sales.selectors import ContractFilters, contract_list
from hearth.sales.services import (
    AmountNotPositive,
    ContractNotLive,
    DateInFuture,
    begin_loan,
    cancel_contract,
    end_loan,
    file_contract,
    move_loan,
)
from hearth.sales.services.filing import (
    FiledAlready,
    FiledBeforeSigned,
    FilingNumberMissing,
    FilingNumberTaken,
)
from hearth.sales.services.loans import (
    BankMissing,
    LoanExists,
    LoanIsOver,
    LoanReasonMissing,
    LoanStepOutOfTurn,
    LoanTooLarge,
    NewLoan,
    StepBeforeLast,
)
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_actor
from tests.sales.builders import NOW, make_contract
from tests.sales.plans import SYSTEM, make_loan, make_planned, move_to, pay

pytestmark = pytest.mark.django_db
FILED = date(2025, 6, 10)


def filed(contract: Contract, number: str = "沪网签001", day: date = FILED, **how: Any) -> Contract:
    given = {"actor": SYSTEM, "now": NOW, **how}
    return file_contract(contract, filing_number=number, filed_date=day, **given)


def contract_of(company: OrgUnit) -> Contract:
    return make_contract(make_home(company), make_customer(company))


def shown(contract: Contract, today: date) -> LoanShown:
    row = contract_list(SYSTEM, ContractFilters()).get(pk=contract.pk)
    plan = contract.plans.first()
    parts = list(plan.instalments.order_by("position")) if plan else []
    found = loans_of(row, parts, SYSTEM, today).current
    assert found is not None
    return found


@pytest.mark.requirement("S39")
def test_a_contract_is_filed_once_and_the_same_again_changes_nothing(company: OrgUnit) -> None:
    contract = contract_of(company)

    filed(contract)
    again = filed(contract, " 沪网签001 ")

    assert (again.state, again.filing_number, again.filed_date) == ("filed", "沪网签001", FILED)
    assert EventRecord.objects.filter(type="sales.contract_filed").count() == 1
    with pytest.raises(FiledAlready):
        filed(contract, "沪网签002")


def test_a_filing_that_does_not_hold_is_refused(company: OrgUnit, neighbour: OrgUnit) -> None:
    contract, other, gone, next_door = (
        contract_of(place) for place in (company, company, company, neighbour)
    )
    cancel_contract(gone, actor=SYSTEM, now=NOW)
    filed(other)

    with pytest.raises(FilingNumberTaken):
        filed(contract)
    with pytest.raises(FilingNumberMissing):
        filed(contract, " ")
    with pytest.raises(FiledBeforeSigned):
        filed(contract, "2", date(2025, 5, 31))
    with pytest.raises(DateInFuture):
        filed(contract, "2", date(2026, 3, 19))
    with pytest.raises(ContractNotLive):
        filed(gone, "2")
    for actor in (make_actor(company, VIEW_CONTRACT), make_actor(neighbour, CHANGE_CONTRACT)):
        with pytest.raises(NotAllowed):
            filed(contract, "2", actor=actor)
    assert filed(next_door).filing_number == "沪网签001"
    assert Contract.objects.get(pk=contract.pk).state == "signed"


@pytest.mark.requirement("S39")
def test_a_loan_goes_through_its_steps_in_order_with_their_days(company: OrgUnit) -> None:
    loan = make_loan(contract_of(company))

    move_to(loan, "released")

    loan.refresh_from_db()
    assert list(loan.steps.order_by("done_date", "id").values_list("step", flat=True)) == LoanStep.Step.values
    assert loan.approved_amount == loan.released_amount == 1_400_000
    assert EventRecord.objects.filter(type="sales.loan_moved").count() == 6
    with pytest.raises(LoanIsOver):
        move_loan(loan, "released", done_date=date(2026, 1, 1), actor=SYSTEM, now=NOW)
    with pytest.raises(LoanIsOver):
        end_loan(loan, because="晚了", actor=SYSTEM, now=NOW)


def test_a_step_out_of_turn_or_before_the_last_is_refused(company: OrgUnit) -> None:
    loan = make_loan(contract_of(company))

    with pytest.raises(LoanStepOutOfTurn):
        move_loan(loan, "approved", done_date=date(2025, 7, 1), actor=SYSTEM, now=NOW)
    with pytest.raises(StepBeforeLast):
        move_loan(loan, "documents", done_date=date(2025, 6, 1), actor=SYSTEM, now=NOW)
    with pytest.raises(DateInFuture):
        move_loan(loan, "documents", done_date=date(2026, 3, 19), actor=SYSTEM, now=NOW)

    assert loan.steps.count() == 1


def test_no_more_is_approved_than_the_home_costs_nor_released_than_was_approved(company: OrgUnit) -> None:
    loan = make_loan(contract_of(company))
    move_to(loan, "documents")
    day = date(2025, 6, 22)

    with pytest.raises(LoanTooLarge):
        move_loan(loan, "approved", done_date=day, amount=Decimal("2000000.01"), actor=SYSTEM, now=NOW)
    with pytest.raises(AmountNotPositive):
        move_loan(loan, "approved", done_date=day, amount=Decimal(-1), actor=SYSTEM, now=NOW)
    move_loan(loan, "approved", done_date=day, amount=Decimal(1_000_000), actor=SYSTEM, now=NOW)
    move_to(loan, "registered")
    with pytest.raises(LoanTooLarge):
        move_loan(
            loan, "released", done_date=date(2025, 8, 1), amount=Decimal("1000000.01"), actor=SYSTEM, now=NOW
        )


def test_an_application_that_does_not_hold_is_refused(company: OrgUnit) -> None:
    contract = contract_of(company)
    good = NewLoan("建设银行", "commercial", Decimal(1_000_000), date(2025, 6, 5))

    for new, refusal in (
        (NewLoan(" ", "commercial", Decimal(1), FILED), BankMissing),
        (NewLoan("建设银行", "commercial", Decimal(0), FILED), AmountNotPositive),
        (NewLoan("建设银行", "commercial", Decimal(3_000_000), FILED), LoanTooLarge),
        (NewLoan("建设银行", "commercial", Decimal(1), date(2025, 5, 1)), StepBeforeLast),
    ):
        with pytest.raises(refusal):
            begin_loan(contract, new, actor=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        begin_loan(contract, good, actor=make_actor(company, VIEW_CONTRACT), now=NOW)

    assert not Loan.objects.exists()


def test_another_bank_is_asked_once_the_first_is_given_up_with_a_reason(company: OrgUnit) -> None:
    contract = contract_of(company)
    first = make_loan(contract)

    with pytest.raises(LoanExists):
        make_loan(contract)
    with pytest.raises(LoanReasonMissing):
        end_loan(first, because=" ", actor=SYSTEM, now=NOW)
    end_loan(first, because="征信未通过", actor=SYSTEM, now=NOW)
    second = make_loan(contract)

    assert list(Loan.objects.live()) == [second]
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.filter(pk=first.pk).update(ended_date=None, ended_because="")


def test_the_next_step_has_a_day_by_the_rule_of_the_place_and_is_late_after_it(company: OrgUnit) -> None:
    contract = contract_of(company)
    make_loan(contract)
    days = DAYS[LoanStep.Step.DOCUMENTS].default

    told = shown(contract, date(2025, 6, 2 + days + 3))

    documents = told.steps[1]
    assert told.following == "documents"
    assert (documents.due_date, documents.days_late) == (date(2025, 6, 2 + days), 3)
    assert [step.days_late for step in told.steps if step is not documents] == [0] * 5


def test_a_release_is_no_receipt_and_is_checked_against_what_came_in(company: OrgUnit) -> None:
    plan = make_planned(company, 600_000, 1_400_000)
    plan.instalments.filter(position=2).update(kind="mortgage")
    loan = make_loan(plan.contract)
    move_to(loan, "released")
    pay(plan.contract, 600_000, "R1")

    before = shown(plan.contract, date(2026, 1, 1))
    pay(plan.contract, "1399999.99", "R2")
    nearly = shown(plan.contract, date(2026, 1, 1))
    pay(plan.contract, "0.01", "R3")
    after = shown(plan.contract, date(2026, 1, 1))

    assert [before.amiss, nearly.amiss, after.amiss] == [Decimal(1_400_000), Decimal("0.01"), None]


def test_filing_and_loan_are_recorded_in_the_browser(signed_in: Client, company: OrgUnit) -> None:
    contract = contract_of(company)
    page = reverse("sales:contract", args=[contract.pk])
    step = {"done_date": "2025-06-08"}

    sent = signed_in.post(
        reverse("sales:file", args=[contract.pk]), {"filing_number": "备2025001", "filed_date": "2025-06-10"}
    )
    wrong = signed_in.post(
        reverse("sales:begin_loan", args=[contract.pk]),
        {"bank": "工商银行", "kind": "provident", "amount": "9000000", "applied_date": "2025-06-05"},
    )
    begun = signed_in.post(
        reverse("sales:begin_loan", args=[contract.pk]),
        {"bank": "工商银行", "kind": "provident", "amount": "900000", "applied_date": "2025-06-05"},
    )
    loan = Loan.objects.get()
    moved = signed_in.post(reverse("sales:move_loan", args=[loan.pk, "documents"]), step)
    skipped = signed_in.post(reverse("sales:move_loan", args=[loan.pk, "signed"]), step)
    unknown = signed_in.post(reverse("sales:move_loan", args=[loan.pk, "flown"]), step)
    shown_page = signed_in.get(page).content.decode()
    ended = signed_in.post(reverse("sales:end_loan", args=[loan.pk]), {"because": "改为一次性付款"})

    assert (sent.status_code, begun.status_code, moved.status_code, ended.status_code) == (303,) * 4
    assert (wrong.status_code, skipped.status_code, unknown.status_code) == (422, 422, 404)
    assert "9000000" in wrong.content.decode()
    assert "备2025001" in shown_page
    assert "工商银行" in shown_page
    assert "改为一次性付款" in signed_in.get(page).content.decode()


def test_the_clock_of_a_loan_stands_still_once_the_contract_is_cancelled(company: OrgUnit) -> None:
    contract = contract_of(company)
    make_loan(contract)
    cancel_contract(contract, actor=SYSTEM, now=datetime(2026, 3, 18, tzinfo=UTC))

    told = shown(contract, date(2026, 3, 18))

    assert [step.days_late for step in told.steps] == [0] * 6

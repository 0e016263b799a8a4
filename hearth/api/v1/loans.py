"""Operations on the online filing of contracts and on their mortgage loans."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import KEY_REQUIRED, Reply, endpoint
from hearth.api.envelope import Amount, Asked, DatabaseId, Day, ListOf, ListQuery, Money, OneOf, money
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.v1 import loan_examples as examples
from hearth.api.v1.contracts import ContractRecord, read_contract, readable_contracts
from hearth.core.permissions import actor_of
from hearth.sales.models import Contract, Loan, LoanStep
from hearth.sales.permissions import CHANGE_CONTRACT, VIEW_CONTRACT
from hearth.sales.services import NewLoan, begin_loan, end_loan, file_contract, move_loan

router = Router(tags=["contracts"])
Kind = Annotated[str, OneOf(Loan.Kind)]
Step = Annotated[str, OneOf(LoanStep.Step)]


class LoanQuery(ListQuery):
    """What the list of loans can be asked for."""

    filters: ClassVar = {
        "contract_id": equals(UUID, "contract_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "kind": equals(Kind, "kind"),
        "ended_date": ordered(Day, "ended_date", can_be_empty=True),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class LoanStepRecord(BaseModel):
    """A step that was done, and when."""

    step: Step
    done_date: date


class LoanRecord(BaseModel):
    """An application to one bank, and how far it is."""

    id: UUID
    org_unit_id: int
    contract_id: UUID
    bank: str
    kind: Kind
    applied_for: Money
    approved: Money | None
    released: Money | None
    steps: list[LoanStepRecord]
    ended_date: date | None = Field(description="When it was given up, empty while it is not.")
    ended_because: str
    created_at: datetime
    updated_at: datetime


class LoanList(ListOf[LoanRecord]):
    pass


class LoanToBegin(Asked):
    """An application for a loan."""

    bank: str = Field(min_length=1, max_length=80)
    kind: Kind
    amount: Amount
    applied_date: Day


class LoanStepToTake(Asked):
    """The next step of a loan; with the approval what was approved, with the release what was released."""

    step: Step
    done_date: Day
    amount: Amount | None = None


class LoanToGiveUp(Asked):
    """Why a loan is given up."""

    because: str = Field(min_length=1, max_length=300)


class FilingToRecord(Asked):
    """Under which number, and when, a contract was filed online."""

    filing_number: str = Field(min_length=1, max_length=60)
    filed_date: Day


@endpoint(
    router,
    "POST /contracts/{uuid:contract_id}/filing",
    permission=CHANGE_CONTRACT,
    returns=ContractRecord,
    summary="Record that a contract was filed online",
    example=examples.FILED,
    body_example=examples.FILING,
    problems=(404,),
)
def post_contract_filing(request: HttpRequest, contract_id: UUID, body: FilingToRecord) -> Reply:
    """Record the filing; the same again changes nothing."""
    actor = actor_of(request)
    contract = get_object_or_404(Contract.objects.visible_to(actor), pk=contract_id)
    file_contract(contract, actor=actor, now=timezone.now(), **body.model_dump())
    return Reply(read_contract(readable_contracts(actor).get(pk=contract_id)), 201)


@endpoint(
    router,
    "GET /loans",
    permission=VIEW_CONTRACT,
    returns=LoanList,
    summary="List mortgage loans",
    example=examples.LOANS,
    parameters=LoanQuery,
)
def list_loans(request: HttpRequest, query: Query[LoanQuery]) -> Reply:
    """Loans the caller may see, those given up included, the latest first."""
    rows = Loan.objects.visible_to(actor_of(request)).prefetch_related("steps")
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(LoanList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /loans/{uuid:loan_id}",
    permission=VIEW_CONTRACT,
    returns=LoanRecord,
    summary="Get a mortgage loan",
    example=examples.LOAN,
    problems=(404,),
)
def get_loan(request: HttpRequest, loan_id: UUID) -> Reply:
    """One loan with its steps."""
    return Reply(_read(_find(request, loan_id)))


@endpoint(
    router,
    "POST /contracts/{uuid:contract_id}/loans",
    permission=CHANGE_CONTRACT,
    returns=LoanRecord,
    summary="Record that a loan was applied for",
    example=examples.LOAN,
    body_example=examples.LOAN_TO_BEGIN,
    headers=KEY_REQUIRED,
    problems=(404,),
)
def post_loan(request: HttpRequest, contract_id: UUID, body: LoanToBegin) -> Reply:
    """Record the application; a contract has one loan at a time."""
    actor = actor_of(request)
    contract = get_object_or_404(Contract.objects.visible_to(actor), pk=contract_id)
    row = begin_loan(contract, NewLoan(**body.model_dump()), actor=actor, now=timezone.now())
    return _reply(request, row)


@endpoint(
    router,
    "POST /loans/{uuid:loan_id}/steps",
    permission=CHANGE_CONTRACT,
    returns=LoanRecord,
    summary="Record the next step of a loan",
    example=examples.LOAN,
    body_example=examples.STEP,
    problems=(404,),
)
def post_loan_step(request: HttpRequest, loan_id: UUID, body: LoanStepToTake) -> Reply:
    """Record a step; steps follow each other, none is left out."""
    said: dict[str, Any] = body.model_dump(exclude={"step"})
    row = move_loan(_find(request, loan_id), body.step, **said, actor=actor_of(request), now=timezone.now())
    return _reply(request, row)


@endpoint(
    router,
    "POST /loans/{uuid:loan_id}/end",
    permission=CHANGE_CONTRACT,
    returns=LoanRecord,
    summary="Give a loan up",
    example={**examples.LOAN, "ended_date": "2026-04-01", "ended_because": "The bank refused."},
    body_example=examples.GIVE_UP,
    problems=(404,),
)
def post_loan_end(request: HttpRequest, loan_id: UUID, body: LoanToGiveUp) -> Reply:
    """Give a loan up, and say why; another bank may be asked afterwards."""
    row = _find(request, loan_id)
    return _reply(request, end_loan(row, because=body.because, actor=actor_of(request), now=timezone.now()))


def _find(request: HttpRequest, loan_id: UUID) -> Loan:
    rows = Loan.objects.visible_to(actor_of(request)).prefetch_related("steps")
    return get_object_or_404(rows, pk=loan_id)


def _reply(request: HttpRequest, row: Loan) -> Reply:
    return Reply(_read(_find(request, row.pk)), 201, {"Location": f"/api/v1/loans/{row.pk}"})


def _read(row: Loan) -> LoanRecord:
    names = ("org_unit_id", "contract_id", "bank", "kind", "ended_date", "ended_because", "created_at")
    steps = sorted(row.steps.all(), key=lambda each: (each.done_date, each.pk))
    return LoanRecord(
        id=row.pk,
        applied_for=Money(amount=f"{row.amount:.2f}"),
        approved=money(row.approved_amount),
        released=money(row.released_amount),
        steps=[LoanStepRecord(step=each.step, done_date=each.done_date) for each in steps],
        updated_at=row.updated_at,
        **{name: getattr(row, name) for name in names},
    )

"""Texts and loans of some contracts, through the hands of the demo accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.contract_texts.models import ContractText
from hearth.contract_texts.services import (
    NewClause,
    Written,
    approve_template,
    begin_template,
    confirm_clause,
    confirm_reading,
    draft_text,
    give_text,
    marked_in,
    sign_text,
    submit_template,
    submit_text,
    write_clause,
    write_text_clause,
)
from hearth.core.actor import Actor
from hearth.demo.city.contract_texts import (
    BECAUSE,
    CLAUSES,
    DEPARTING,
    DEPARTURE,
    SUPPLEMENT,
    SUPPLEMENT_TITLE,
    TITLE,
)
from hearth.demo.loading.hands import actor_of_role
from hearth.properties.models import Project
from hearth.sales.models import Contract, ContractQuerySet, Loan, LoanStep
from hearth.sales.services import NewLoan, begin_loan, move_loan

# Of the contracts with a plan: one drafted, one that departs, one half read, and two signed.
DRAFTED, DEPARTS, HALF_READ = 0, 1, 2
TEXTS = 5
LOANS = 4
CENT = Decimal("0.01")
BUYER = Actor.system("customer", kind="customer")


@dataclass(frozen=True)
class TextLoader:
    """Writes a template, texts and loans of contracts that have a plan."""

    users: Mapping[str, User]
    now: datetime

    def load(self) -> None:
        """Write them; nothing where the accounts that would do it are missing."""
        keeper, second = (
            actor_of_role(self.users, "sales_manager", self.now),
            actor_of_role(self.users, "city_cr_manager", self.now),
        )
        if keeper is None or second is None:
            return
        rows = Contract.objects.visible_to(keeper).live().filter(is_sample=True)
        planned = rows.filter(plans__superseded_at=None, unit__floor_area__gt=0).select_related(
            "unit__project"
        )
        contracts = list(planned.order_by("unit__project__name", "-signed_date", "id").distinct())
        if not contracts:
            return
        project = contracts[0].unit.project
        self._template(project, "contract", TITLE, CLAUSES, keeper, second)
        self._template(project, "supplement", SUPPLEMENT_TITLE, SUPPLEMENT, keeper, second)
        own = [each for each in contracts if each.unit.project_id == project.pk]
        for number, contract in enumerate(own[:TEXTS]):
            self._text(number, contract, keeper)
        self._lend(rows, keeper)

    def _template(
        self,
        project: Project,
        kind: str,
        title: str,
        clauses: Sequence[NewClause],
        keeper: Actor,
        second: Actor,
    ) -> None:
        place = project.org_unit
        row = begin_template(place, kind=kind, title=title, project=project, actor=keeper, now=self.now)
        for clause in clauses:
            write_clause(row, clause, actor=keeper, now=self.now)
        submit_template(row, in_force_date=localdate(self.now), actor=keeper, now=self.now)
        approve_template(row, actor=second, now=self.now)

    def _text(self, number: int, contract: Contract, keeper: Actor) -> None:
        text = draft_text(contract, actor=keeper, now=self.now)
        if number == DRAFTED:
            return
        if number == DEPARTS:
            clause = text.clauses.get(heading=DEPARTING)
            write_text_clause(clause, Written(DEPARTURE, BECAUSE), actor=keeper, now=self.now)
            submit_text(text, actor=keeper, now=self.now)
            return
        text = give_text(text, actor=keeper, now=self.now)
        self._read(text, is_half=number == HALF_READ)
        if number != HALF_READ:
            sign_text(text, signed_date=localdate(self.now), actor=keeper, now=self.now)

    def _read(self, text: ContractText, *, is_half: bool) -> None:
        marked = marked_in(text)
        for reading in text.readings.all():
            for clause in marked[: 1 if is_half else None]:
                confirm_clause(reading, clause, how="phone", actor=BUYER, now=self.now)
            if not is_half:
                confirm_reading(reading, how="phone", actor=BUYER, now=self.now)

    def _lend(self, rows: ContractQuerySet, keeper: Actor) -> None:
        """Have loans applied for, each a step further than the one before."""
        borrowed = rows.filter(plans__superseded_at=None, plans__method="mortgage").select_related("unit")
        today = localdate(self.now)
        for number, contract in enumerate(borrowed.order_by("-signed_date", "id")[:LOANS]):
            day = min(contract.signed_date + timedelta(days=3), today)
            new = NewLoan(
                "建设银行", Loan.Kind.COMMERCIAL, (contract.total_amount * 7 / 10).quantize(CENT), day
            )
            loan = begin_loan(contract, new, actor=keeper, now=self.now)
            for step in tuple(LoanStep.Step)[1 : number + 1]:
                move_loan(loan, step, done_date=day, actor=keeper, now=self.now)

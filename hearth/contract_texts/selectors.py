"""What the pages of texts show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from hearth.contract_texts.checks import Finding, departs
from hearth.contract_texts.links import reading_link
from hearth.contract_texts.models import (
    ClauseConfirmation,
    ContractText,
    TextClause,
    TextReading,
)
from hearth.contract_texts.printing import has_table, numbered
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.selectors import names_of
from hearth.lib.text_differences import Part, differences
from hearth.sales.models import Contract


@dataclass(frozen=True)
class ClauseLine:
    """A clause as a page shows it: its number (none where it is left out), what is not right, how it departs."""

    number: str
    clause: TextClause
    findings: Sequence[Finding]
    departs: bool
    has_table: bool
    is_mandatory: bool

    @cached_property
    def parts(self) -> Sequence[Part]:
        """What was put in and taken out; worked out for the pages that show it."""
        if not self.departs or self.clause.is_left_out:
            return ()
        return differences(self.clause.standard, self.clause.wording)


def clause_lines(clauses: Sequence[TextClause], findings: Sequence[Finding] = ()) -> list[ClauseLine]:
    """Return the lines of a text; no query."""
    numbers: Mapping[UUID, str] = {clause.pk: number for number, clause in numbered(clauses)}
    return [_line(each, numbers.get(each.pk, ""), findings) for each in clauses]


def _line(clause: TextClause, number: str, findings: Sequence[Finding]) -> ClauseLine:
    return ClauseLine(
        number=number,
        clause=clause,
        findings=[each for each in findings if each.clause == clause],
        departs=departs(clause),
        has_table=has_table(clause) and not clause.is_left_out,
        is_mandatory=clause.origin is not None and clause.origin.weight == "mandatory",
    )


@dataclass(frozen=True)
class ReadingLine:
    """A reading with its buyer, if the reader may see them, and the link where one may be given out."""

    row: TextReading
    customer: Customer | None
    confirmed: int
    link: str


def reading_lines(text: ContractText, actor: Actor, *, gives_links: bool, now: datetime) -> list[ReadingLine]:
    """Return who reads a text and how far they are; three queries."""
    rows = list(text.readings.select_related("user").order_by("id"))
    names = names_of((row.customer_id for row in rows), actor)
    done = ClauseConfirmation.objects.filter(reading__in=rows).values_list("reading_id", flat=True)
    counts = list(done)
    return [
        ReadingLine(
            row,
            names.get(row.customer_id),
            counts.count(row.pk),
            reading_link(row, now=now) if gives_links and row.customer_id in names else "",
        )
        for row in rows
    ]


def texts_of(contract: Contract, actor: Actor) -> Sequence[ContractText]:
    """Return the texts of a contract, the newest first; one query."""
    return list(ContractText.objects.visible_to(actor).filter(contract=contract).order_by("-id"))

"""The steps of a template, and the instalments they make of a price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from hearth.sales.models.plans import Kind, Method, PlanTemplate, Stage

CENT = Decimal("0.01")
WHOLE_SHARE = Decimal(100)
MOST_STEPS = 60


@dataclass(frozen=True)
class Step:
    """One part of a way to pay: its share of the price in percent, and when it is due.

    Due on `due_date`, or `days_after` days after the building reaches `stage`, or after signing where neither is said.
    """

    kind: str
    share: Decimal
    days_after: int = 0
    due_date: date | None = None
    stage: str = ""

    def written(self) -> dict[str, Any]:
        """Return the step as a template keeps it."""
        return {
            "kind": self.kind,
            "share": str(self.share),
            "days_after": self.days_after,
            "due_date": self.due_date.isoformat() if self.due_date else "",
            "stage": self.stage,
        }


def read_step(kept: Mapping[str, Any]) -> Step:
    """Return a step that a template keeps."""
    day = kept["due_date"]
    return Step(
        kind=kept["kind"],
        share=Decimal(kept["share"]),
        days_after=kept["days_after"],
        due_date=date.fromisoformat(day) if day else None,
        stage=kept["stage"],
    )


@dataclass(frozen=True)
class NewInstalment:
    """An instalment to be written; without a day it waits for a stage of the building."""

    kind: str
    amount: Decimal
    due_date: date | None = None
    stage: str = ""
    days_after: int = 0


@dataclass(frozen=True)
class NewPlan:
    """A way to pay a contract, to be written."""

    name: str
    method: str
    instalments: tuple[NewInstalment, ...]


def plan_from(template: PlanTemplate, *, total: Decimal, signed_date: date) -> NewPlan:
    """Return what a template makes of a price; cents that the shares leave over go to the last instalment."""
    steps = [read_step(each) for each in template.steps]
    amounts = split(total, [step.share for step in steps])
    parts = (_instalment(step, amount, signed_date) for step, amount in zip(steps, amounts, strict=True))
    return NewPlan(template.name, template.method, tuple(parts))


def split(total: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """Part an amount by shares in percent, to the cent; the last part is what the others leave."""
    parts = [(total * share / WHOLE_SHARE).quantize(CENT, ROUND_DOWN) for share in shares[:-1]]
    return [*parts, total - sum(parts, Decimal(0))]


def _instalment(step: Step, amount: Decimal, signed_date: date) -> NewInstalment:
    if step.stage:
        return NewInstalment(step.kind, amount, None, step.stage, step.days_after)
    return NewInstalment(step.kind, amount, step.due_date or signed_date + timedelta(days=step.days_after))


# What a new template may begin from; shares and days are proposed defaults.
PROPOSED: Mapping[str, tuple[Step, ...]] = {
    Method.ONCE: (Step(Kind.WHOLE, WHOLE_SHARE, 7),),
    Method.INSTALMENTS: (
        Step(Kind.DOWN, Decimal(50)),
        Step(Kind.STAGED, Decimal(45), 90),
        Step(Kind.TAIL, Decimal(5), 15, None, Stage.HANDED_OVER),
    ),
    Method.MORTGAGE: (Step(Kind.DOWN, Decimal(30)), Step(Kind.MORTGAGE, Decimal(70), 60)),
}

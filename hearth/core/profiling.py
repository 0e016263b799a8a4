"""What is computed of a person in order to judge or select them, and how it is explained and forgotten.

Each app that keeps such a figure registers it; whoever refuses profiling (PIPL article 24) has none from then on. What
looks like a score and is none says why. A gate refuses a column of which nobody has said either.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from hearth.core.registry import Registry

Forget = Callable[[Collection[UUID]], int]


@dataclass(frozen=True)
class Figure:
    """One value that was computed of a person: what decided it in a sentence, of when it speaks, by rules of when."""

    code: str
    label: str
    value: str
    why: str
    computed_at: datetime
    rules_of_at: datetime


@dataclass(frozen=True)
class Score:
    """Figures that an app computes of customers.

    `columns` are the columns that hold them (`customers.CustomerProfile.value_tier`), `table` is the table of the
    warehouse that shows them. `forget` removes those of some customers: a step that opens no transaction and may be
    repeated. `explain` gives the figures of a customer, none where nothing is kept.
    """

    code: str
    label: str | Promise
    columns: Sequence[str]
    table: str
    forget: Forget
    explain: Callable[[UUID], Sequence[Figure]]


scores: Registry[Score] = Registry()
no_scores: Registry[str] = Registry()
"""Why a column that looks like a score is none, by its name."""
traces_of_scores: Registry[Forget] = Registry()
"""How what was copied or selected by a score is taken back; may take long, and may be repeated."""


def register_score(score: Score) -> Score:
    """:raises AlreadyRegistered: if another app claims the code"""
    return scores.register(score.code, score)


def no_score(*columns: str, because: str) -> None:
    """Say why columns hold no figure that judges or selects a person.

    :raises AlreadyRegistered: if it was said before
    """
    for column in columns:
        no_scores.register(column, because)


def scored_tables() -> frozenset[str]:
    """Name the tables of the warehouse that hold scores: a condition on them selects by a score."""
    return frozenset(score.table for score in scores.values())


def forget_scores(customer_ids: Collection[UUID]) -> int:
    """Remove every score of some customers and return how many rows went; a step of the act that decides it."""
    return sum(score.forget(customer_ids) for score in scores.values())


def forget_traces(customer_ids: Collection[UUID]) -> int:
    """Take back what was copied from scores or selected by them; outside of a transaction, may be repeated."""
    return sum(forget(customer_ids) for forget in traces_of_scores.values())


def explain_scores(customer_id: UUID) -> list[Figure]:
    """Return every figure that is kept of a customer, explained in the reader's language."""
    return [figure for score in scores.values() for figure in score.explain(customer_id)]

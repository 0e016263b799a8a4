"""Waiting times as they stood at an instant."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import numpy as np
import pytest

from hearth.analytics.answer_times import LogBins, answer_histogram, answer_times, waiting_times

AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
MESSAGES = {"project": "string", "asked_at": "timestamp('UTC')", "answered_at": "timestamp('UTC')"}


def messages(*rows: tuple[str, float, float | None]) -> Any:
    """Messages by project, asked so many hours ago, answered after so many hours."""
    built = []
    for project, hours_ago, waited in rows:
        asked_at = AS_OF - timedelta(hours=hours_ago)
        answered_at = None if waited is None else asked_at + timedelta(hours=waited)
        built.append({"project": project, "asked_at": asked_at, "answered_at": answered_at})
    return ibis.memtable(built, schema=MESSAGES)


def fetch(engine: Any, expression: Any) -> list[dict[str, Any]]:
    """The rows, as dictionaries."""
    rows: list[dict[str, Any]] = engine.to_pyarrow(expression).to_pylist()
    return rows


def test_quantiles_are_those_of_the_answered(engine: Any) -> None:
    hours = [1.0, 2.0, 3.0, 10.0, 50.0, 200.0]
    table = messages(*[("east", 1_000, each) for each in hours], ("east", 5, None))

    (found,) = fetch(engine, answer_times(waiting_times(table, as_of=AS_OF)))

    assert (found["messages"], found["answered"]) == (7, 6)
    assert found["mean_hours"] == pytest.approx(np.mean(hours))
    for share in (10, 25, 50, 75, 90, 95):
        assert found[f"p{share}_hours"] == pytest.approx(np.quantile(hours, share / 100))


def test_unanswered_messages_fail_a_limit_once_it_has_passed(engine: Any) -> None:
    table = messages(
        ("east", 100, 20), ("east", 100, 30), ("east", 30, None), ("east", 10, None), ("east", 5, 2)
    )

    (found,) = fetch(engine, answer_times(waiting_times(table, as_of=AS_OF)))

    assert (found["due_24h"], found["within_24h"]) == (4, 0.5)
    assert (found["due_48h"], found["within_48h"]) == (3, 1.0)


def test_an_answer_after_the_instant_was_not_yet_there(engine: Any) -> None:
    table = messages(("east", 10, 12), ("east", -1, None))

    (found,) = fetch(engine, waiting_times(table, as_of=AS_OF))

    assert (found["waited_hours"], found["age_hours"]) == (None, 10.0)


def test_an_answer_older_than_its_question_is_left_out(engine: Any) -> None:
    assert fetch(engine, waiting_times(messages(("east", 10, -1)), as_of=AS_OF)) == []


def test_projects_are_described_apart_and_limits_are_a_choice(engine: Any) -> None:
    table = messages(("east", 100, 1), ("west", 100, 5), ("west", 100, 7))

    found = fetch(
        engine,
        answer_times(waiting_times(table, as_of=AS_OF), by=["project"], limits={"6h": 6.0}).order_by(
            "project"
        ),
    )

    assert [(row["project"], row["messages"], row["within_6h"]) for row in found] == [
        ("east", 1, 1.0),
        ("west", 2, 0.5),
    ]
    assert "within_24h" not in found[0]


def test_where_nothing_is_due_there_is_no_share(engine: Any) -> None:
    (found,) = fetch(engine, answer_times(waiting_times(messages(("east", 1, None)), as_of=AS_OF)))

    assert (found["due_24h"], found["within_24h"], found["p50_hours"]) == (0, None, None)


def test_the_histogram_counts_every_answer_once(engine: Any) -> None:
    table = messages(
        *[("east", 50_000, each) for each in (0.0, 0.05, 1.0, 9.99, 10.0, 30_000.0)], ("east", 9, None)
    )
    bins = LogBins(lowest=1.0, per_decade=1, decades=2)

    found = fetch(engine, answer_histogram(waiting_times(table, as_of=AS_OF), bins=bins).order_by("bin"))

    assert bins.edges() == [1.0, 10.0, 100.0]
    assert [(row["bin"], row["from_hours"], row["below_hours"], row["messages"]) for row in found] == [
        (0, 0.0, 1.0, 2),
        (1, 1.0, 10.0, 2),
        (2, 10.0, 100.0, 1),
        (3, 100.0, math.inf, 1),
    ]

"""Random people and random rules."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

Rule = Mapping[str, Any]
AS_OF = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
NUMBERS = ["gte", "lte", "gt", "lt", "eq", "ne"]
EMPTINESS = ["is_empty", "is_not_empty"]

moments = st.integers(-5, 40).flatmap(
    lambda days: st.sampled_from([0, 1, -1, 43_200]).map(
        lambda seconds: AS_OF - timedelta(days=days, seconds=seconds)
    )
)
days = st.integers(-3, 40).map(lambda n: date(2026, 3, 18) - timedelta(days=n))
amounts = st.sampled_from([Decimal("-5.00"), Decimal("0.00"), Decimal("10.50"), Decimal("99999999.99")])
units = st.sampled_from(["u1", "u2", "u3"])


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def codes(*known: str) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, "", *known])


@st.composite
def people(draw: st.DrawFn, least: int = 3, most: int = 30) -> dict[str, list[dict[str, Any]]]:
    """Draw customers with rows in the other tables, missing values everywhere, and rows of no customer."""
    ids = [str(UUID(int=n)) for n in range(draw(st.integers(least, most)))]

    def rows(most_rows: int, **columns: st.SearchStrategy[Any]) -> list[dict[str, Any]]:
        drawn: list[dict[str, Any]] = draw(
            st.lists(
                st.fixed_dictionaries({"customer_id": st.sampled_from(ids), **columns}), max_size=most_rows
            )
        )
        return drawn

    tables = {
        "contacts": rows(
            40, occurred_at=maybe(moments), channel=codes("visit", "phone"), direction=codes("inbound")
        ),
        "purchases": rows(20, occurred_at=maybe(moments), amount=maybe(amounts)),
        "unit_roles": rows(
            20,
            unit_id=maybe(units),
            role=codes("owner", "tenant"),
            valid_from=maybe(days),
            valid_to=maybe(days),
        ),
        "cases": rows(20, kind=codes("complaint"), opened_at=maybe(moments), closed_at=maybe(moments)),
        "customer_places": rows(20, org_unit_id=st.integers(1, 3)),
    }
    profiles = rows(
        15,
        value_tier=codes("top", "large"),
        monetary_amount=maybe(amounts),
        recency_days=maybe(st.integers(0, 40)),
    )
    tables["customer_profiles"] = list({row["customer_id"]: row for row in profiles}.values())
    tables["units"] = [
        {"unit_id": unit, "project_id": draw(codes("p1", "p2")), "handover_date": draw(maybe(days))}
        for unit in ("u1", "u2")
    ]
    tables["customers"] = [
        {
            "customer_id": customer_id,
            "kind": "person",
            "sex": draw(codes("female", "male")),
            "birth_year": draw(maybe(st.integers(1950, 1955))),
            "last_contact_at": draw(maybe(moments)),
            "refuses_profiling": draw(st.sampled_from([None, False, False, True])),
        }
        for customer_id in ids
    ]
    return tables


def fixed_people() -> dict[str, list[dict[str, Any]]]:
    """Return one draw that is the same in every run."""
    chosen: list[dict[str, list[dict[str, Any]]]] = []

    @seed(7)
    @settings(
        max_examples=40,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(rows=people(20, 20))
    def draw(rows: dict[str, list[dict[str, Any]]]) -> None:
        chosen.append(rows)

    draw()
    return max(chosen, key=lambda rows: sum(map(len, rows.values())))


def conditions_on_number(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Rule]:
    pairs = st.lists(values, min_size=2, max_size=2).map(lambda pair: sorted(pair, key=float))
    return st.one_of(
        st.builds(
            lambda op, value: {"field": name, "op": op, "value": value}, st.sampled_from(NUMBERS), values
        ),
        pairs.map(lambda pair: {"field": name, "op": "between", "value": pair}),
        st.sampled_from(EMPTINESS).map(lambda op: {"field": name, "op": op}),
    )


def conditions_on_choice(name: str, *known: str) -> st.SearchStrategy[Rule]:
    chosen = st.lists(st.sampled_from(known), min_size=1, unique=True)
    return st.one_of(
        st.builds(
            lambda op, value: {"field": name, "op": op, "value": value},
            st.sampled_from(["in", "not_in"]),
            chosen,
        ),
        st.sampled_from(EMPTINESS).map(lambda op: {"field": name, "op": op}),
    )


def conditions_on_date(name: str) -> st.SearchStrategy[Rule]:
    texts = days.map(str)
    pairs = st.lists(texts, min_size=2, max_size=2).map(sorted)
    return st.one_of(
        st.builds(
            lambda op, value: {"field": name, "op": op, "value": value},
            st.sampled_from(["within_days", "older_than_days"]),
            st.integers(1, 40),
        ),
        st.builds(
            lambda op, value: {"field": name, "op": op, "value": value},
            st.sampled_from(["before", "after"]),
            texts,
        ),
        pairs.map(lambda pair: {"field": name, "op": "between", "value": pair}),
        st.sampled_from(EMPTINESS).map(lambda op: {"field": name, "op": op}),
    )


def conditions_on_behaviour(
    name: str, where: list[st.SearchStrategy[Rule]], *, has_time: bool = True, has_amount: bool = False
) -> st.SearchStrategy[Rule]:
    measures = ["count"] + ["days_since_last"] * has_time + ["sum"] * has_amount
    numbers = st.sampled_from([0, 1, 2, 10.5, 30, 100_000_000])
    filters = st.lists(st.one_of(where), max_size=2)
    windows = maybe(st.integers(1, 40)) if has_time else st.none()
    counted = st.builds(
        lambda where, days, aggregate, op, value: {
            "behaviour": name,
            "where": where,
            "days": days,
            "aggregate": aggregate,
            "op": op,
            "value": value,
        },
        filters,
        windows,
        st.sampled_from(measures),
        st.sampled_from(NUMBERS),
        numbers,
    )
    plain = st.builds(
        lambda where, days, aggregate: {
            "behaviour": name,
            "where": where,
            "days": days,
            "aggregate": aggregate,
        },
        filters,
        windows,
        st.sampled_from(["never", "at_least_once"]),
    )
    return counted | plain


leaves = st.one_of(
    conditions_on_choice("sex", "female", "male"),
    conditions_on_number("birth_year", st.integers(1949, 1956)),
    conditions_on_date("last_contact_at"),
    conditions_on_choice("value_tier", "top", "large"),
    conditions_on_number("monetary_amount", st.sampled_from([-5, 0, 10.5, "10.50", 99999999.99])),
    conditions_on_number("recency_days", st.sampled_from([0, 5, 12.25, 30])),
    conditions_on_behaviour("contact", [conditions_on_choice("channel", "visit", "phone")]),
    conditions_on_behaviour(
        "purchase", [conditions_on_number("amount", st.sampled_from([0, 10.5]))], has_amount=True
    ),
    conditions_on_behaviour(
        "case", [conditions_on_choice("kind", "complaint"), conditions_on_date("closed_at")]
    ),
    conditions_on_behaviour(
        "home",
        [
            conditions_on_choice("role", "owner", "tenant"),
            conditions_on_choice("project", "p1", "p2"),
            conditions_on_date("handover"),
        ],
        has_time=False,
    ),
)
rules = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda children: {"all": children}),
        st.lists(inner, min_size=1, max_size=3).map(lambda children: {"any": children}),
        inner.map(lambda child: {"not": child}),
    ),
    max_leaves=6,
)

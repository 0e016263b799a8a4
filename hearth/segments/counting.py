"""How many people a rule finds, asked of a snapshot."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from hearth.core.errors import DomainError
from hearth.core.extracts import extracts
from hearth.organization.models import OrgUnit
from hearth.postponed import Postponed
from hearth.segments.compiler import compile_rule
from hearth.segments.reading import parse_rule
from hearth.segments.rules import Rule, list_tables
from hearth.warehouse.engine import Backend, first_row, keep_table, run_sql, shared_connection, table, to_sql
from hearth.warehouse.models import Snapshot
from hearth.warehouse.selectors import latest_snapshot

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa
else:
    ibis = Postponed("ibis")
    pa = Postponed("pyarrow")

PlaceIds = tuple[int, ...] | None
# A sixteenth of the customers: identifiers end in random digits, so the same ones are asked each time.
SAMPLE_DIGIT, SAMPLE_SHARE = "7", 16
EXACT_CUSTOMERS = 200_000


class NoSnapshot(DomainError):
    """Nothing was copied to the warehouse yet."""

    code = "no_snapshot"
    message = _("There is no snapshot yet. Take one in the warehouse first.")


@dataclass(frozen=True)
class Estimate:
    """How many customers a rule finds, of how many at the place; `is_exact` is false for a sample blown up."""

    size: int
    total: int
    is_exact: bool
    as_of: datetime
    seconds: float

    @property
    def share(self) -> float | None:
        return self.size / self.total if self.total else None


def require_snapshot() -> Snapshot:
    """Return the newest snapshot.

    :raises NoSnapshot: if none was taken yet
    """
    snapshot = latest_snapshot()
    if snapshot is None:
        raise NoSnapshot
    return snapshot


def place_ids_of(org_unit: OrgUnit) -> PlaceIds:
    """List the places at or below one; nothing stands for the group, which knows every customer."""
    if org_unit.depth == 0:
        return None
    return tuple(OrgUnit.objects.below(org_unit).order_by("id").values_list("id", flat=True))


def estimate(source: Mapping[str, Any], *, org_unit: OrgUnit) -> Estimate:
    """Tell about how many people a rule finds, fast enough to follow typing; asks a sample above 200,000 customers.

    The sample of a table is drawn when the first rule asks for it, and kept beside the snapshot.

    :raises RuleError: if the rule makes no sense
    :raises NoSnapshot: if none was taken yet
    """
    snapshot, started = require_snapshot(), time.perf_counter()
    is_exact = snapshot.tables.get("customers", 0) <= EXACT_CUSTOMERS
    size, total = _count(source, snapshot, place_ids_of(org_unit), is_sample=not is_exact)
    factor = 1 if is_exact else SAMPLE_SHARE
    return Estimate(size * factor, total * factor, is_exact, snapshot.taken_at, time.perf_counter() - started)


def exact_count(source: Mapping[str, Any], *, org_unit: OrgUnit, snapshot: Snapshot | None = None) -> int:
    """Count the people whom a rule finds in a snapshot, the newest unless told.

    :raises RuleError: if the rule makes no sense
    :raises NoSnapshot: if none was taken yet
    """
    return _count(source, snapshot or require_snapshot(), place_ids_of(org_unit), is_sample=False)[0]


def find_members(source: Mapping[str, Any], *, org_unit: OrgUnit, snapshot: Snapshot) -> pa.ChunkedArray:
    """Return the identifiers of the people whom a rule finds in a snapshot."""
    backend = shared_connection(snapshot)
    sql = _members_sql(_canonical(source), place_ids_of(org_unit), snapshot.taken_at, backend.name)
    return run_sql(backend, sql)["customer_id"]


def _count(
    source: Mapping[str, Any], snapshot: Snapshot, places: PlaceIds, *, is_sample: bool
) -> tuple[int, int]:
    backend: Backend = shared_connection(snapshot)
    arguments = (_canonical(source), places, snapshot.taken_at, backend.name)
    if is_sample:
        _draw_samples(backend, snapshot, _tables_of(parse_rule(source), places))
    size, total = first_row(backend, _count_sql(*arguments, is_sample))
    return int(size or 0), int(total or 0)


def _canonical(source: Mapping[str, Any]) -> str:
    return json.dumps(source, sort_keys=True, ensure_ascii=False)


@lru_cache(maxsize=256)
def _members_sql(rule_text: str, places: PlaceIds, as_of: datetime, dialect: str) -> str:
    return str(ibis.to_sql(_compile(rule_text, places, as_of, is_sample=False)[0], dialect=dialect))


@lru_cache(maxsize=256)
def _count_sql(rule_text: str, places: PlaceIds, as_of: datetime, dialect: str, is_sample: bool) -> str:
    found, everybody = _compile(rule_text, places, as_of, is_sample=is_sample)
    counts = (
        ibis.literal(1)
        .name("one")
        .as_table()
        .mutate(size=found.count().as_scalar(), total=everybody.count().as_scalar())
    )
    return str(ibis.to_sql(counts.drop("one"), dialect=dialect))


def _compile(rule_text: str, places: PlaceIds, as_of: datetime, *, is_sample: bool) -> tuple[Any, Any]:
    """Give the expression of those found, and of all customers at the places."""
    rule = parse_rule(json.loads(rule_text))
    tables = {name: _sample(name) if is_sample else table(name) for name in _tables_of(rule, places)}
    everybody = tables["customers"]
    if places is not None:
        known = tables["customer_places"]
        everybody = known.filter(known.org_unit_id.isin(list(places))).select("customer_id").distinct()
    return compile_rule(rule, tables, as_of, places), everybody


def _tables_of(rule: Rule, places: PlaceIds) -> set[str]:
    return list_tables(rule) | ({"customer_places"} if places is not None else set())


def _is_of_customers(name: str) -> bool:
    return "customer_id" in extracts[name].columns


def _sample(name: str) -> Any:
    """Give the sample of a table, or the table itself where its rows belong to no customer."""
    kept = f"{name}_sample" if _is_of_customers(name) else name
    return ibis.table(dict(extracts[name].columns), name=kept)


def _draw_samples(backend: Backend, snapshot: Snapshot, names: Iterable[str]) -> None:
    for name in names:
        if _is_of_customers(name):
            rows = table(name)
            drawn = rows.filter(rows.customer_id.substr(35, 1) == SAMPLE_DIGIT)
            keep_table(backend, snapshot, f"{name}_sample", to_sql(backend, drawn))

"""Finding people recorded more than once: while one is typed, in a register of known truth, and among all customers."""

import resource
from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any

import duckdb
from django.utils import timezone

from benchmarks.load import Times, timed
from hearth.analytics.identity import starting_model
from hearth.analytics.identity_clusters import accuracy
from hearth.analytics.identity_groups import LEAST_WEIGHT, group
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.selectors import Likeness, duplicate_candidates
from hearth.demo.register import make_register
from hearth.demo.register.table import people_of
from hearth.insight.services import find_duplicates
from hearth.warehouse.linking import link

if TYPE_CHECKING:
    from benchmarks.works import Stage

SYSTEM = Actor.system("bench")
SMALL, LARGE = 100_000, 1_000_000
TYPED = 300
# The least that finds anything: equal names with an equal first phone.
EQUAL = (
    "SELECT l.person_id, r.person_id FROM people l JOIN people r "
    "ON l.name = r.name AND l.phone = r.phone AND l.person_id < r.person_id"
)


@lru_cache(maxsize=1)
def _register(size: int) -> tuple[dict[int, int], Any]:
    register = make_register(size)
    return register.true_persons(), people_of(register.entries)


def find_in_register(stage: "Stage", size: int) -> Times:
    """Estimate, compare and group an invented register whose truth is known; making it is not counted."""
    truth, people = _register(size)
    groups: list[list[int]] = []

    def work() -> None:
        links = link(people, starting_model(size), least_weight=LEAST_WEIGHT)
        groups[:] = group(people, links.pairs, links.model)

    times = timed(work)
    found = accuracy(groups, truth)
    stage.notes[f"register of {size:,}"] = (
        f"precision {found.precision:.4f}, recall {found.recall:.4f}, F1 {found.f1:.4f}, "
        f"peak memory of this process so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB"
    )
    return times


def join_register(_stage: "Stage", size: int) -> Times:
    people = _register(size)[1]
    connection: Any = duckdb.connect(config={"threads": 2})
    connection.register("people", people)
    times = timed(lambda: connection.sql(EQUAL).fetchall())
    connection.close()
    return times


@lru_cache(maxsize=1)
def _typed() -> Sequence[tuple[Customer, str]]:
    """Choose customers with a phone, as people who come in once more."""
    chance = Random(11)
    highest = Customer.objects.order_by("-number").values_list("number", flat=True)[0]
    numbers = [chance.randint(1, highest) for _ in range(2 * TYPED)]
    found = []
    for customer in Customer.objects.filter(number__in=numbers).prefetch_related("contact_points"):
        phones = [point.value for point in customer.contact_points.all() if point.kind == "phone"]
        if phones:
            found.append((customer, phones[0]))
    return found[:TYPED]


def ask_while_typing(stage: "Stage") -> Times:
    """Ask who is the same as somebody with a known phone, name and date of birth."""
    typed = iter([*_typed()[:5], *_typed()])
    hits = 0

    def work() -> None:
        nonlocal hits
        customer, phone = next(typed)
        likeness = Likeness(
            name=customer.name, phones=(phone,), birth_date=customer.birth_date, sex=customer.sex
        )
        found = duplicate_candidates(likeness, actor=SYSTEM)
        hits += any(each.customer and each.customer.pk == customer.pk for each in found)

    for _ in range(5):
        work()
    hits = 0
    times = timed(work, times=len(_typed()))
    stage.notes["candidates: customer found"] = f"{hits} of {len(_typed())}"
    return times


def look_up_phone(stage: "Stage") -> Times:
    """The server alone: whoever has the phone."""
    rows = stage.owner.execute(
        "SELECT value_index FROM customers_contactpoint WHERE kind = 'phone' ORDER BY value_index LIMIT 300"
    ).fetchall()
    turns = iter(rows)
    sql = (
        "SELECT c.id, c.name FROM customers_contactpoint p JOIN customers_customer c ON c.id = p.customer_id "
        "WHERE p.value_index = %s"
    )
    return timed(lambda: stage.owner.execute(sql, next(turns)).fetchall(), times=len(rows))


def search_all(stage: "Stage") -> Times:
    """Look for duplicates among all customers, from reading to suggestions."""
    return timed(lambda: _search(stage, "all", is_whole=True))


def search_changes(stage: "Stage") -> Times:
    """Look for duplicates of the customers of one day."""
    _search(stage, "before", is_whole=True)
    return timed(lambda: _search(stage, "changes", is_whole=False))


def _search(stage: "Stage", name: str, *, is_whole: bool) -> None:
    done = find_duplicates(actor=SYSTEM, now=timezone.now(), is_whole=is_whole)
    stage.notes[f"search: {name}"] = (
        f"{done.records:,} records, {done.compared:,} pairs, {done.found:,} likely, {done.groups:,} people"
    )


def read_records(stage: "Stage") -> Times:
    """The server alone: the columns that are compared."""
    sql = (
        "SELECT c.number, c.pinyin, c.sex, c.birth_date, p.value_index FROM customers_customer c "
        "LEFT JOIN customers_contactpoint p ON p.customer_id = c.id"
    )

    def work() -> None:
        with stage.owner.cursor().copy(f"COPY ({sql}) TO STDOUT".encode()) as copy:
            for _block in copy:
                pass

    return timed(work)

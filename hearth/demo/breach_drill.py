"""The breach drill: an account reads and takes customers, and the access log must name exactly those.

Everything is invented in a transaction that is taken back; the file that is written is removed.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.attribution import attributed_to_system
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.customers.services import NewCustomer, create_customer
from hearth.demo.drilling.inventing import invent_place
from hearth.exports.files import path_of
from hearth.exports.models import Export
from hearth.exports.permissions import EXPORT
from hearth.exports.selectors import Chosen
from hearth.exports.services import ask_export, give_file, write_export
from hearth.lists.definitions import lists
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.organization.selectors import actor_for
from hearth.registers.models import Incident
from hearth.registers.services import NewIncident, NewSearch, report_incident, search_access
from hearth.vigilance.models import Kind
from hearth.vigilance.services import note_read

ACTOR = Actor.system("drill")
RIGHTS = (SIGNED_IN, "customers.view", EXPORT)
SEEN, BOTH, TAKEN, BEFORE, BY_OTHERS, UNTOUCHED = "seen", "both", "taken", "before", "by others", "untouched"
# How many customers are invented of each fate, and whether the list must name them.
FATES = ((SEEN, 5, True), (BOTH, 3, True), (TAKEN, 4, True), (BEFORE, 2, False), (BY_OTHERS, 3, False))
UNREAD = (UNTOUCHED, 3, False)


@dataclass(frozen=True)
class Line:
    """The customers of one fate: how many there are, how many the list must name, and how many it names."""

    fate: str
    invented: int
    expected: int
    named: int


@dataclass(frozen=True)
class BreachDrill:
    """What the drill found; `strangers` are customers on the list that nobody invented."""

    lines_of_fates: Sequence[Line]
    strangers: int
    times_right: bool

    @property
    def is_passed(self) -> bool:
        return (
            not self.strangers
            and self.times_right
            and all(each.named == each.expected for each in self.lines_of_fates)
        )

    def lines(self) -> Iterator[str]:
        """Tell it as a table."""
        yield f"{'customers':<12}{'invented':>10}{'expected':>10}{'named':>10}"
        for each in self.lines_of_fates:
            mark = "" if each.named == each.expected else "   WRONG"
            yield f"{each.fate:<12}{each.invented:>10}{each.expected:>10}{each.named:>10}{mark}"
        yield f"{'strangers':<12}{'':>10}{0:>10}{self.strangers:>10}"
        yield "How often each was seen and taken is " + ("right." if self.times_right else "WRONG.")
        if self.is_passed:
            yield "PASSED: the list names exactly whom the account saw and took."
        else:
            yield "FAILED."


class _TakenBack(Exception):
    """Ends the transaction, so that nothing of the drill stays."""


def breach_drill() -> BreachDrill:
    """Hold the drill on this installation, and leave nothing of it behind."""
    found: list[BreachDrill] = []
    written: list[Export] = []
    try:
        with attributed_to_system("drill"), translation.override("zh-hans"), transaction.atomic():
            found.append(_hold(written, now=timezone.now()))
            raise _TakenBack
    except _TakenBack:
        return found[0]
    finally:
        for export in written:
            path_of(export).unlink(missing_ok=True)


def _hold(written: list[Export], *, now: datetime) -> BreachDrill:
    mark = secrets.token_hex(4)
    place = invent_place(mark)
    thief, other = _account(f"drill-{mark}-a", place, now), _account(f"drill-{mark}-b", place, now)
    people = {
        fate: [_customer(place, f"{mark}{fate}{number}", now) for number in range(count)]
        for fate, count, _is_named in (*FATES, UNREAD)
    }
    began_at = now - timedelta(hours=1)
    _read(thief, people[BEFORE], at=began_at - timedelta(minutes=5))
    _read(thief, [*people[SEEN], *people[BOTH], *people[SEEN]], at=now - timedelta(minutes=30))
    _read(other, people[BY_OTHERS], at=now - timedelta(minutes=30))
    written.append(_take(thief, [*people[BOTH], *people[TAKEN]], at=now - timedelta(minutes=10)))
    incident = _incident(place, other, now)
    new = NewSearch(began_at=began_at, ended_at=now, user=thief)
    search_access(incident, new, actor=ACTOR, now=now)
    return _compare(incident, people)


def _account(name: str, place: OrgUnit, now: datetime) -> User:
    user: User = User.objects.create(
        username=name, display_name="演练", email=f"{name}@example.com", created_at=now
    )
    role = Role.objects.create(code=name, name_zh="演练", name_en="Drill", permissions=list(RIGHTS))
    Membership.objects.create(
        user=user, org_unit=place, role=role, valid_from=timezone.localdate(now) - timedelta(days=1)
    )
    return user


def _customer(place: OrgUnit, name: str, now: datetime) -> UUID:
    new = NewCustomer(name=f"演练{name}", source="walk_in")
    row: Customer = create_customer(new, org_unit=place, actor=ACTOR, now=now, accepts_duplicates=True)
    return row.pk


def _read(user: User, ids: Sequence[UUID], *, at: datetime) -> None:
    """Note what the middleware notes when somebody opens these customers."""
    actor = actor_for(user, today=timezone.localdate(at))
    for key in ids:
        note_read(Kind.CUSTOMER, key, actor=actor, is_program=False, now=at)


def _take(user: User, ids: Sequence[UUID], *, at: datetime) -> Export:
    """Have these customers written to a file, and the file given to the account."""
    actor = actor_for(user, today=timezone.localdate(at))
    export = ask_export(
        Chosen(lists["customers"].extended(actor), {}, row_ids=list(ids)),
        columns=["name"],
        table_format=Export.Format.CSV,
        reason="演练",
        actor=actor,
        now=at,
        is_queued=False,
    )
    done = write_export(export, now=at)
    give_file(done, actor=actor, now=at)
    note_read(Kind.EXPORT, done.pk, actor=actor, is_program=False, now=at)
    return done


def _incident(place: OrgUnit, reporter: User, now: datetime) -> Incident:
    new = NewIncident(place, "演练", "", ["name"], None, now)
    return report_incident(new, actor=actor_for(reporter, today=timezone.localdate(now)), now=now)


def _compare(incident: Incident, people: dict[str, list[UUID]]) -> BreachDrill:
    named = {row.customer_id: (row.seen, row.taken) for row in incident.affected.all()}
    lines = [
        Line(fate, count, count if is_named else 0, len(named.keys() & set(people[fate])))
        for fate, count, is_named in (*FATES, UNREAD)
    ]
    times = {SEEN: (2, 0), BOTH: (1, 1), TAKEN: (0, 1)}
    times_right = all(named.get(key) == times[fate] for fate in times for key in people[fate])
    strangers = named.keys() - {key for ids in people.values() for key in ids}
    return BreachDrill(lines, len(strangers), times_right)

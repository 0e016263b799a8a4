"""Who may act where, and what is set there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from hearth.accounts.models import User
from hearth.accounts.permissions import CHANGE_ACCOUNT
from hearth.core.actor import Actor, Scope
from hearth.core.permissions import permissions
from hearth.lib.calendars import WorkingCalendar
from hearth.organization.field_scopes import field_scopes
from hearth.organization.models import CalendarDay, Membership, OrgUnit, Setting
from hearth.organization.settings_catalogue import (
    CLOSES_HOUR,
    INTERVALS,
    OPENS_HOUR,
    SettingDefinition,
    definitions,
    read_intervals,
)

# In the log of changes, where the roles of who acts stand.
EMERGENCY = "emergency"


def actor_for(user: User, *, today: date, kind: str = "user") -> Actor:
    """Build the actor of a user from the memberships in force; two queries.

    A role at the group reaches everywhere; elsewhere it reaches the unit and all below it. The account for an emergency
    holds every right everywhere, without a query.
    """
    if user.is_for_emergency:
        everything = dict.fromkeys(permissions, Scope.EVERYWHERE)
        return Actor(user_id=user.pk, name=str(user), scopes=everything, kind=kind, roles=(EMERGENCY,))
    held = Membership.objects.current(today).filter(user=user)
    columns = ("org_unit__path", "role__permissions", "role__field_rules", "role__code")
    found = list(held.values_list(*columns))
    appointments = [(path, rights, rules) for path, rights, rules, _role in found]
    paths_of: dict[str, set[str]] = {}
    for path, rights, _rules in appointments:
        for permission in rights:
            paths_of.setdefault(permission, set()).add(path)
    needs_tree = any(rules for _path, _permissions, rules in appointments)
    paths = {path for paths in paths_of.values() for path in paths}
    units = _tree() if needs_tree else _paths_below(paths)
    # Most rights hold at the same places, which are looked for once.
    scope_at = {held_at: _scope(held_at, units) for held_at in map(frozenset, paths_of.values())}
    scopes = {permission: scope_at[frozenset(held_at)] for permission, held_at in paths_of.items()}
    if needs_tree:
        scopes |= field_scopes(appointments, units)
    roles = tuple(sorted({role for *_appointment, role in found}))
    return Actor(user_id=user.pk, name=str(user), scopes=scopes, kind=kind, roles=roles)


def _paths_below(paths: set[str]) -> list[tuple[str, int]]:
    """Load what stands at or below some paths, unless the group's own path alone decides."""
    if all(path.count("/") == 1 for path in paths):
        return []
    below = reduce(or_, (Q(path__startswith=path) for path in sorted(paths)))
    return list(OrgUnit.objects.filter(below).values_list("path", "id"))


def _tree() -> list[tuple[str, int]]:
    return list(OrgUnit.objects.values_list("path", "id"))


def _scope(paths: Collection[str], units: list[tuple[str, int]]) -> Scope:
    if any(path.count("/") == 1 for path in paths):
        return Scope.EVERYWHERE
    prefixes = tuple(paths)
    return Scope(org_unit_ids=frozenset(unit_id for path, unit_id in units if path.startswith(prefixes)))


@dataclass(frozen=True)
class ResolvedSetting:
    """A setting's value at a place, and where it came from; `source` is empty for what ships."""

    key: str
    value: Any
    source: OrgUnit | None
    is_locked: bool

    @property
    def is_default(self) -> bool:
        return self.source is None


def resolve_setting(key: str, org_unit: OrgUnit, *, default: Any) -> ResolvedSetting:
    """Return the value in force at a place: a lock above wins, else the nearest place that sets it. One query."""
    return resolve_settings({key: default}, org_unit)[key]


def resolve_settings(defaults: Mapping[str, Any], org_unit: OrgUnit) -> dict[str, ResolvedSetting]:
    """Resolve several settings at one place with one query."""
    return settings_at_each(defaults, [org_unit])[org_unit.pk]


def setting_at(key: str, org_unit: OrgUnit) -> Any:
    """Return the value in force at a place of a declared setting. One query."""
    return resolve_setting(key, org_unit, default=definitions[key].default).value


def declared_settings_at(org_unit: OrgUnit) -> list[tuple[SettingDefinition, ResolvedSetting]]:
    """Return every declared setting with its value at a place and where that comes from. One query."""
    resolved = resolve_settings({key: item.default for key, item in definitions.items()}, org_unit)
    return [(definition, resolved[key]) for key, definition in definitions.items()]


def settings_at_each(
    defaults: Mapping[str, Any], places: Collection[OrgUnit]
) -> dict[int, dict[str, ResolvedSetting]]:
    """Resolve several settings at several places, by the id of the place. One query."""
    above = {place.pk: set(place.ancestor_paths()) for place in places}
    paths = {path for paths in above.values() for path in paths}
    rows = Setting.objects.filter(key__in=list(defaults), org_unit__path__in=paths)
    found = list(rows.select_related("org_unit").order_by("org_unit__depth", "id"))
    return {
        key: _resolved(defaults, [row for row in found if row.org_unit.path in paths])
        for key, paths in above.items()
    }


def _resolved(defaults: Mapping[str, Any], rows: Collection[Setting]) -> dict[str, ResolvedSetting]:
    """Resolve settings by what places set, the highest first."""
    resolved = {key: ResolvedSetting(key, value, None, is_locked=False) for key, value in defaults.items()}
    for row in rows:
        if not resolved[row.key].is_locked:
            resolved[row.key] = ResolvedSetting(row.key, row.value, row.org_unit, row.is_locked)
    return resolved


def calendar_for(org_unit: OrgUnit) -> WorkingCalendar:
    """Return the working days and hours at a place: the national calendar, then what places above and it say.

    The nearest place wins. Two queries.
    """
    return calendars_for([org_unit])[org_unit.pk]


HOURS = {item.key: item.default for item in (OPENS_HOUR, CLOSES_HOUR, INTERVALS)}


def calendars_for(places: Collection[OrgUnit]) -> dict[int, WorkingCalendar]:
    """Return the working days and hours of several places, by the id of the place. Two queries."""
    above = {place.pk: set(place.ancestor_paths()) for place in places}
    paths = {path for paths in above.values() for path in paths}
    days = CalendarDay.objects.filter(org_unit__path__in=paths).order_by("org_unit__depth", "id")
    told = list(days.values_list("org_unit__path", "day_date", "is_working"))
    hours = settings_at_each(HOURS, places)
    return {
        key: WorkingCalendar(
            overrides={day: is_working for path, day, is_working in told if path in paths},
            hours=_hours(hours[key]),
        )
        for key, paths in above.items()
    }


def _hours(resolved: Mapping[str, ResolvedSetting]) -> tuple[tuple[time, time], ...]:
    if intervals := resolved[INTERVALS.key].value:
        return read_intervals(intervals)
    opens, closes = (int(resolved[item.key].value) for item in (OPENS_HOUR, CLOSES_HOUR))
    if closes <= opens:
        opens, closes = OPENS_HOUR.default, CLOSES_HOUR.default
    return ((time(opens), time(closes)),)


@dataclass(frozen=True)
class TreeNode:
    """A unit in the tree with what hangs below it; `people` counts those who hold a role at the unit itself."""

    unit: OrgUnit
    people: int
    children: list["TreeNode"]


def tree_for(actor: Actor, *, today: date) -> list[TreeNode]:
    """Return the places the actor may see as trees, closed ones left out. Two queries."""
    units = list(OrgUnit.objects.visible_to(actor).filter(is_active=True).in_tree_order())
    counts = dict(
        Membership.objects.current(today)
        .filter(org_unit__in=units, user__is_active=True)
        .values_list("org_unit")
        .annotate(people=Count("user", distinct=True))
    )
    nodes = {unit.pk: TreeNode(unit, counts.get(unit.pk, 0), []) for unit in units}
    roots: list[TreeNode] = []
    for unit in sorted(units, key=lambda unit: (unit.depth, unit.kind != OrgUnit.Kind.DEPARTMENT, unit.pk)):
        above = nodes.get(unit.parent_id or 0)
        (above.children if above else roots).append(nodes[unit.pk])
    return roots


def people_at(org_unit: OrgUnit, *, today: date) -> list[Membership]:
    """Return who holds a role at a place itself, now or later. One query."""
    return list(
        Membership.objects.filter(org_unit=org_unit, user__is_active=True)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
        .select_related("user", "role")
        .order_by("user__display_name", "id")
    )


def people_with(permission: str, org_unit: OrgUnit, *, today: date) -> QuerySet[User]:
    """Return the active people who hold a right at a place, by a role there or above."""
    held = Membership.objects.current(today).filter(
        org_unit__path__in=org_unit.ancestor_paths(), role__permissions__contains=[permission]
    )
    people: QuerySet[User] = User.objects.active().filter(pk__in=held.values("user"))
    return people


def holders_at(permission: str, place: OrgUnit, *, today: date) -> Sequence[User]:
    """Return the active people who hold a right at a place itself or in one of its departments. One query."""
    here = Q(org_unit=place) | Q(org_unit__parent=place, org_unit__kind=OrgUnit.Kind.DEPARTMENT)
    held = Membership.objects.current(today).filter(here, role__permissions__contains=[permission])
    return list(User.objects.active().filter(pk__in=held.values("user")).order_by("id"))


def nearest_with(permission: str, place: OrgUnit, *, today: date) -> Sequence[User]:
    """Return who holds a right at the place, or at the nearest above it where anybody does."""
    for above in OrgUnit.objects.above(place).order_by("-depth"):
        if people := holders_at(permission, above, today=today):
            return people
    return []


def holders_of_role(role_id: int, org_unit: OrgUnit, *, today: date) -> QuerySet[User]:
    """Return the active people who hold a role at a place or above."""
    held = Membership.objects.current(today).filter(
        org_unit__path__in=org_unit.ancestor_paths(), role_id=role_id
    )
    people: QuerySet[User] = User.objects.active().filter(pk__in=held.values("user"))
    return people


def users_visible_to(actor: Actor) -> QuerySet[User]:
    """Return who holds or held a role where the actor may see; who manages accounts sees all of them."""
    users: QuerySet[User] = User.objects.all()
    if actor.scope(CHANGE_ACCOUNT).everywhere:
        return users
    places = OrgUnit.objects.visible_to(actor).values("pk")
    return users.filter(pk__in=Membership.objects.filter(org_unit__in=places).values("user"))


def memberships_of(users: Sequence[User], actor: Actor, *, today: date) -> dict[int, list[Membership]]:
    """Return what these people hold now or later, at places the actor may see, by user id. One query."""
    rows = (
        Membership.objects.filter(user__in=users, org_unit__in=OrgUnit.objects.visible_to(actor).values("pk"))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
        .select_related("org_unit", "role")
        .order_by("org_unit__path", "id")
    )
    held: dict[int, list[Membership]] = {}
    for row in rows:
        held.setdefault(row.user_id, []).append(row)
    return held

"""Filters over colleagues ("me", "my team", nobody, a person) and over places with all below them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.lists.filters.base import Filter, Reader, Test, Unreadable, Words
from hearth.organization.models import Membership, OrgUnit
from hearth.organization.selectors import users_visible_to

RELATIVE: Mapping[str, Words] = {"me": _("me"), "team": _("my team"), "none": _("nobody")}
MOST_PEOPLE = 300


class PersonKind:
    """A colleague; "me" and "my team" mean whoever reads."""

    code = "person"
    operators: Mapping[str, Words] = {"is": _("is one of"), "not": _("is none of")}

    def check(self, field: Filter, test: Test, reader: Reader) -> Test:
        if not test.values or any(value not in RELATIVE and not _is_id(value) for value in test.values):
            raise Unreadable
        return test

    def condition(self, field: Filter, test: Test, reader: Reader) -> Q:
        condition = Q()
        ids = [int(value) for value in test.values if value not in RELATIVE]
        if "me" in test.values and reader.actor.user_id:
            ids.append(reader.actor.user_id)
        if ids or "me" in test.values:
            condition |= Q(**{f"{field.path}__in": ids})
        if "team" in test.values:
            condition |= Q(**{f"{field.path}__in": _team_of(reader)})
        if "none" in test.values:
            condition |= Q(**{f"{field.path}__isnull": True})
        return ~condition if test.operator == "not" else condition

    def words(self, field: Filter, test: Test, reader: Reader) -> str:
        ids = [int(value) for value in test.values if value not in RELATIVE]
        names = {str(user.pk): str(user) for user in _people(ids, reader)} if ids else {}
        said = ", ".join(str(RELATIVE.get(value, names.get(value, f"#{value}"))) for value in test.values)
        return f"≠ {said}" if test.operator == "not" else said

    def editor(self, field: Filter, test: Test | None, reader: Reader) -> Mapping[str, Any]:
        found = users_visible_to(reader.actor).filter(is_active=True)
        people = found.order_by("display_name", "id")[:MOST_PEOPLE]
        choices = [*RELATIVE.items(), *((str(user.pk), str(user)) for user in people)]
        return {"choices": choices}


class PlaceKind:
    """A place of the organisation with all below it."""

    code = "person"
    operators: Mapping[str, Words] = {"is": _("is one of")}

    def check(self, field: Filter, test: Test, reader: Reader) -> Test:
        if not test.values or not all(_is_id(value) for value in test.values):
            raise Unreadable
        return test

    def condition(self, field: Filter, test: Test, reader: Reader) -> Q:
        return Q(**{f"{field.path}__in": units_below(test)})

    def words(self, field: Filter, test: Test, reader: Reader) -> str:
        units = OrgUnit.objects.visible_to(reader.actor).filter(pk__in=[int(value) for value in test.values])
        names = {str(unit.pk): unit.name for unit in units}
        return ", ".join(names.get(value, f"#{value}") for value in test.values)

    def editor(self, field: Filter, test: Test | None, reader: Reader) -> Mapping[str, Any]:
        units = OrgUnit.objects.visible_to(reader.actor).exclude(kind=OrgUnit.Kind.DEPARTMENT)
        found = units.filter(is_active=True).in_tree_order()
        choices = [(str(unit.pk), "\N{NO-BREAK SPACE}" * 3 * (unit.depth - 1) + unit.name) for unit in found]
        return {"choices": choices}


def units_below(test: Test) -> QuerySet[OrgUnit, Any]:
    """Return the ids of the places named and of all below them, as a subquery."""
    condition = Q(pk__in=[])
    for value in test.values:
        path = OrgUnit.objects.filter(pk=int(value)).values("path")[:1]
        condition |= Q(path__startswith=Subquery(path))
    return OrgUnit.objects.filter(condition).values("pk")


def _team_of(reader: Reader) -> QuerySet[Membership, Any]:
    """Return the ids of those who hold a role at the very places where the reader does, as a subquery."""
    current = Membership.objects.current(reader.today)
    places = current.filter(user_id=reader.actor.user_id or 0).values("org_unit")
    return current.filter(org_unit__in=places).values("user")


def _people(ids: Sequence[int], reader: Reader) -> QuerySet[User]:
    """Return those of these colleagues whom the reader sees; everybody sees themselves."""
    seen = Q(pk__in=users_visible_to(reader.actor).values("pk")) | Q(pk=reader.actor.user_id or 0)
    found: QuerySet[User] = User.objects.filter(seen, pk__in=ids)
    return found


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) < 2**31


PERSON, PLACE = PersonKind(), PlaceKind()

"""Whom a person may choose for a task, as the options of a field."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.templatetags.ui import in_language
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.tasks.permissions import CHANGE_TASK, VIEW_TASK

MOST_PEOPLE = 300


def places_for(actor: Actor) -> Any:
    """The places where the actor may see tasks, in the order of the tree."""
    return OrgUnit.objects.visible_with(actor, VIEW_TASK).filter(is_active=True).in_tree_order()


def doers_for(actor: Actor, *, today: date, place: OrgUnit | None = None) -> list[Any]:
    """Oneself, then people and roles where the actor gives tasks, or at one place only; two queries.

    Above the people stands what waits for a role. Who may be chosen is checked again when the task is written.
    """
    choices: list[Any] = []
    if actor.user_id is not None:
        choices.append((f"user:{actor.user_id}", _("Myself")))
    if not actor.can(CHANGE_TASK, place.pk if place else None):
        return choices
    held = _memberships(actor, today, place)
    roles = Role.objects.filter(pk__in=held.values("role")).order_by("code", "id")
    people = User.objects.active().filter(pk__in=held.values("user")).exclude(pk=actor.user_id)
    choices.append((_("Roles"), [(f"role:{role.pk}", in_language(role)) for role in roles]))
    named = people.order_by("display_name", "id")[:MOST_PEOPLE]
    choices.append((_("People"), [(f"user:{person.pk}", str(person)) for person in named]))
    return choices


def _memberships(actor: Actor, today: date, place: OrgUnit | None) -> Any:
    held = Membership.objects.current(today).filter(role__permissions__contains=[VIEW_TASK])
    if place:
        return held.filter(org_unit__path__in=place.ancestor_paths())
    scope = actor.scope(CHANGE_TASK)
    if scope.everywhere:
        return held
    return held.filter(Q(org_unit_id__in=sorted(scope.org_unit_ids)))

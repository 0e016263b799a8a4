"""Who holds which role where."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.organization.events import MembershipEnded, PersonAppointed
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.organization.permissions import CHANGE_ORGANIZATION, CHANGE_ROLE


class RoleTooWide(DomainError):
    """Nobody gives away a right they do not hold there."""

    code = "role_too_wide"
    message = _("This role holds rights that you do not have here.")


class RoleTooHigh(DomainError):
    """The role belongs to a higher level of the organisation."""

    code = "role_too_high"
    message = _("This role is held higher up: %(level)s.")


class PlaceClosed(DomainError):
    """Nobody is appointed to a closed unit."""

    code = "place_closed"
    message = _("This unit is closed.")


class EndBeforeStart(InvalidInput):
    """An appointment ends after it begins."""

    code = "end_before_start"
    message = _("The end must come after the beginning.")


def _check_role(role: Role, org_unit: OrgUnit, actor: Actor) -> None:
    """Who decides on roles for the whole group may give any of them, all others only what they hold there."""
    allowed_kinds = {"": set(OrgUnit.Kind.values), "region": {"group", "region"}, "group": {"group"}}
    if org_unit.kind not in allowed_kinds[role.level]:
        raise RoleTooHigh(level=role.get_level_display())
    if actor.scope(CHANGE_ROLE).everywhere:
        return
    if not all(actor.can(right, org_unit.pk) for right in role.permissions):
        raise RoleTooWide


@transaction.atomic
def appoint(
    user: User,
    *,
    actor: Actor,
    now: datetime,
    role: Role,
    org_unit: OrgUnit,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Membership:
    """Give a person a role at a place and all below it, from today unless said; a repeat changes the days.

    `valid_to` is the first day on which the role is no longer held.

    :raises NotAllowed: if the actor may not change the place
    :raises RoleTooWide: if the role holds a right that the actor lacks there
    :raises RoleTooHigh: if the role is held at the group or at a region only
    :raises PlaceClosed: if the unit is closed
    :raises EndBeforeStart: if it would end before it begins
    """
    actor.require(CHANGE_ORGANIZATION, org_unit.pk)
    _check_role(role, org_unit, actor)
    if not org_unit.is_active:
        raise PlaceClosed
    valid_from = valid_from or timezone.localdate(now)
    if valid_to is not None and valid_to <= valid_from:
        raise EndBeforeStart("valid_to")
    membership, _created = Membership.objects.update_or_create(
        user=user, org_unit=org_unit, role=role, defaults={"valid_from": valid_from, "valid_to": valid_to}
    )
    event = PersonAppointed(
        org_unit_id=org_unit.pk, user_id=user.pk, role=role.code, is_sample=user.is_sample
    )
    record(event, actor=actor, now=now)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, actor: Actor, now: datetime) -> None:
    """End an appointment today; one that began today or later is taken back. May be repeated.

    :raises NotAllowed: if the actor may not change the place
    """
    actor.require(CHANGE_ORGANIZATION, membership.org_unit_id)
    today = timezone.localdate(now)
    if membership.valid_to is not None and membership.valid_to <= today:
        return
    event = MembershipEnded(
        org_unit_id=membership.org_unit_id, user_id=membership.user_id, role=membership.role.code
    )
    if membership.valid_from + timedelta(days=1) > today:
        membership.delete()
    else:
        membership.valid_to = today
        membership.save(update_fields=["valid_to"])
    record(event, actor=actor, now=now)

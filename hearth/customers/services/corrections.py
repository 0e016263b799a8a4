"""Correcting what was thought of a role on a home; what was thought before stays known."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.customers.events import UnitRoleCorrected, UnitRoleWithdrawn
from hearth.customers.models import UnitRole, UnitRoleVersion
from hearth.customers.services.unit_roles import RoleAlreadyHeld, RoleEndsBeforeItBegins, lock_role

CORRECTED = ("role", "valid_from", "valid_to")


class NothingToCorrect(DomainError):
    """The correction says what is recorded already."""

    code = "nothing_to_correct"
    message = _("This is what is recorded already.")


class CorrectionWithoutReason(DomainError):
    """Whoever reads the history later must learn why."""

    code = "correction_without_reason"
    message = _("Say why this is corrected.")


@transaction.atomic
def correct_unit_role(
    role: UnitRole,
    *,
    kind: str,
    valid_from: date | None,
    valid_to: date | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> UnitRole:
    """Write a new version of a role on a home; the version before it stays, with the reason. The row is locked.

    :raises NotAllowed: if the actor may change customers neither at the home's place nor at one of theirs
    :raises CorrectionWithoutReason: if the reason is empty
    :raises NothingToCorrect: if nothing differs
    :raises RoleEndsBeforeItBegins: if the last day lies before the first
    :raises RoleAlreadyHeld: if the customer has the same role on the home at the same time
    """
    kept = lock_role(role, actor)
    stated = {"role": kind, "valid_from": valid_from, "valid_to": valid_to}
    differing = tuple(name for name in CORRECTED if getattr(kept, name) != stated[name])
    if not reason.strip():
        raise CorrectionWithoutReason
    if not differing:
        raise NothingToCorrect
    if valid_from and valid_to and valid_to < valid_from:
        raise RoleEndsBeforeItBegins
    _refuse_overlap(kept, kind, valid_from, valid_to)
    for name in differing:
        setattr(kept, name, stated[name])
    kept.updated_at = now
    kept.save(update_fields=[*differing, "updated_at"])
    _explain(kept, reason, actor)
    event = UnitRoleCorrected(
        customer_id=kept.customer_id,
        unit_id=kept.unit_id,
        project_id=kept.unit.project_id,
        org_unit_id=kept.unit.org_unit_id,
        subject_id=kept.pk,
        role=kept.role,
        fields=differing,
        is_sample=kept.is_sample,
    )
    record(event, actor=actor, now=now)
    return kept


@transaction.atomic
def withdraw_unit_role(role: UnitRole, *, reason: str, actor: Actor, now: datetime) -> None:
    """Say that a role on a home never was; that it was thought so stays known.

    :raises NotAllowed: if the actor may change customers neither at the home's place nor at one of theirs
    :raises CorrectionWithoutReason: if the reason is empty
    """
    kept = lock_role(role, actor)
    if not reason.strip():
        raise CorrectionWithoutReason
    UnitRoleVersion.objects.create(
        customer_id=kept.customer_id,
        unit_id=kept.unit_id,
        unit_role_id=kept.pk,
        role=kept.role,
        valid_from=kept.valid_from,
        valid_to=kept.valid_to,
        recorded_at=kept.known_at,
        superseded_at=max(now, kept.known_at),
        superseded_by_id=actor.user_id,
        reason=reason.strip()[:200],
        is_sample=kept.is_sample,
    )
    UnitRole.objects.filter(pk=kept.pk).delete()
    event = UnitRoleWithdrawn(
        customer_id=kept.customer_id,
        unit_id=kept.unit_id,
        project_id=kept.unit.project_id,
        org_unit_id=kept.unit.org_unit_id,
        subject_id=kept.pk,
        role=kept.role,
        is_sample=kept.is_sample,
    )
    record(event, actor=actor, now=now)


def _refuse_overlap(kept: UnitRole, kind: str, valid_from: date | None, valid_to: date | None) -> None:
    same = UnitRole.objects.filter(customer_id=kept.customer_id, unit_id=kept.unit_id, role=kind)
    if same.exclude(pk=kept.pk).overlapping(valid_from, valid_to).exists():
        raise RoleAlreadyHeld


def _explain(kept: UnitRole, reason: str, actor: Actor) -> None:
    """Add to the version that the database just wrote who corrected it and why."""
    newest = UnitRoleVersion.objects.filter(unit_role_id=kept.pk).order_by("-id").values("pk")[:1]
    UnitRoleVersion.objects.filter(pk__in=newest).update(
        reason=reason.strip()[:200], superseded_by_id=actor.user_id
    )

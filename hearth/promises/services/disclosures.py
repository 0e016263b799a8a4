"""Writing, approving and publishing versions of disclosures."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.core.second_person import PastThatStep, approve, hand_in, lock, send_back
from hearth.core.uploads import DRAWING, accept_upload
from hearth.imports.files import store_accepted
from hearth.promises.events import DisclosureApproved, DisclosurePublished
from hearth.promises.factors import NEEDS_ANNEX, NEEDS_PLACE, FactorKind, Side
from hearth.promises.models import AdverseFactor, Disclosure
from hearth.promises.services.second import lock_to_decide, writer_of
from hearth.properties.models import Project

State = Disclosure.State
WRITTEN = (State.DRAFT, State.SUBMITTED, State.APPROVED)


class VersionBegun(DomainError):
    """One version is written at a time."""

    code = "version_begun"
    message = _("The next version is begun already. Publish it first.")


class DisclosureIncomplete(DomainError):
    """A disclosure is approved with all of its parts."""

    code = "disclosure_incomplete"
    message = _("Still missing: %(parts)s.")


class NoFactorGiven(DomainError):
    """A disclosure of adverse factors names some."""

    code = "no_factor_given"
    message = _("Name at least one adverse factor.")


class EffectMissing(InvalidInput):
    """What it may do to the buyer is said in words."""

    code = "effect_missing"
    message = _("Say in words where it lies and what it may do.")


class FactorUnplaced(InvalidInput):
    """The effect of a neighbour may stay open; where it lies may not."""

    code = "factor_unplaced"
    message = _("Give direction and distance in metres.")


class AnnexNeeded(InvalidInput):
    """What bears on the price, and large risks in sight, stand in an annex of the contract."""

    code = "annex_needed"
    message = _("This stands in a contract annex too.")


@dataclass(frozen=True)
class Parts:
    """What of a version can be written while it is a draft."""

    heading: str
    body: str
    closing: str
    signatory: str
    signed_date: date | None


@dataclass(frozen=True)
class Factor:
    """A drawback to be named; the distance in metres."""

    side: str
    kind: str
    effect: str
    direction: str = ""
    distance: int | None = None
    is_in_annex: bool = False


@transaction.atomic
def begin_disclosure(project: Project, kind: str, *, actor: Actor, now: datetime) -> Disclosure:
    """Begin the next version, with the parts and factors of the one before; date and signature are given anew.

    The row of the project is locked, so that two persons do not begin the same version.

    :raises NotAllowed: if the actor may not write disclosures there, or is no person
    :raises VersionBegun: if a version is being written
    """
    user_id = writer_of(actor, project.org_unit_id)
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    last = Disclosure.objects.filter(project=project, kind=kind).order_by("-version").first()
    if last and last.state in WRITTEN:
        raise VersionBegun
    row = Disclosure.objects.create(
        org_unit_id=project.org_unit_id,
        project=project,
        kind=kind,
        version=last.version + 1 if last else 1,
        heading=last.heading if last else "",
        body=last.body if last else "",
        drawing=last.drawing if last else None,
        closing=last.closing if last else "",
        author_id=user_id,
        editor_id=user_id,
        created_at=now,
        updated_at=now,
        is_sample=project.is_sample,
    )
    insert_many([_copied(factor, row, now) for factor in last.factors.order_by("id")] if last else [])
    return row


def _copied(factor: AdverseFactor, disclosure: Disclosure, now: datetime) -> AdverseFactor:
    names = ("side", "kind", "direction", "distance", "effect", "is_in_annex")
    kept: dict[str, Any] = {name: getattr(factor, name) for name in names}
    return AdverseFactor(
        **kept,
        org_unit_id=disclosure.org_unit_id,
        disclosure=disclosure,
        is_sample=disclosure.is_sample,
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def write_disclosure(disclosure: Disclosure, parts: Parts, *, actor: Actor, now: datetime) -> Disclosure:
    """Change the parts of a draft.

    :raises NotAllowed: if the actor may not write disclosures there
    :raises PastThatStep: if it is no draft
    """
    locked = _edit(disclosure, actor, now)
    locked.heading, locked.body, locked.closing = parts.heading, parts.body, parts.closing
    locked.signatory, locked.signed_date = parts.signatory, parts.signed_date
    locked.save()
    return locked


@transaction.atomic
def attach_drawing(
    disclosure: Disclosure, file: "UploadedFile[Any]", *, actor: Actor, now: datetime
) -> Disclosure:
    """Put the drawing into a draft, in the place of the one before.

    :raises NotAllowed: if the actor may not write disclosures there
    :raises PastThatStep: if it is no draft
    :raises InvalidInput: as `accept_upload`
    """
    locked = _edit(disclosure, actor, now)
    locked.drawing = store_accepted(accept_upload(file, DRAWING), now=now)
    locked.save()
    return locked


@transaction.atomic
def add_factor(disclosure: Disclosure, factor: Factor, *, actor: Actor, now: datetime) -> AdverseFactor:
    """Name a drawback in a draft.

    :raises NotAllowed: if the actor may not write disclosures there
    :raises PastThatStep: if it is no draft, or no disclosure of adverse factors
    :raises EffectMissing, FactorUnplaced, AnnexNeeded: if it is not said in full
    """
    locked = _edit(disclosure, actor, now)
    if locked.kind != Disclosure.Kind.ADVERSE_FACTORS:
        raise PastThatStep
    _refuse_factor(factor)
    locked.save()
    return AdverseFactor.objects.create(
        org_unit_id=locked.org_unit_id,
        disclosure=locked,
        side=factor.side,
        kind=factor.kind,
        direction=factor.direction.strip(),
        distance=factor.distance,
        effect=factor.effect.strip(),
        is_in_annex=factor.is_in_annex,
        is_sample=locked.is_sample,
        created_at=now,
        updated_at=now,
    )


def _refuse_factor(factor: Factor) -> None:
    if factor.side not in Side.values:
        raise InvalidInput("side")
    if factor.kind not in FactorKind.values:
        raise InvalidInput("kind")
    if not factor.effect.strip():
        raise EffectMissing("effect")
    is_placed = bool(factor.direction.strip()) and factor.distance is not None
    if factor.side == Side.OFF_SITE and factor.kind in NEEDS_PLACE and not is_placed:
        raise FactorUnplaced("distance")
    if factor.kind in NEEDS_ANNEX and not factor.is_in_annex:
        raise AnnexNeeded("is_in_annex")


@transaction.atomic
def remove_factor(factor: AdverseFactor, *, actor: Actor, now: datetime) -> None:
    """Take a drawback out of a draft; a second time changes nothing.

    :raises NotAllowed: if the actor may not write disclosures there
    :raises PastThatStep: if it is no draft
    """
    _edit(factor.disclosure, actor, now).save()
    AdverseFactor.objects.filter(pk=factor.pk).delete()


@transaction.atomic
def submit_disclosure(disclosure: Disclosure, *, actor: Actor, now: datetime) -> Disclosure:
    """Hand a draft to the second person.

    :raises NotAllowed: if the actor may not write disclosures there
    :raises PastThatStep: if it is no draft
    :raises DisclosureIncomplete, NoFactorGiven: if a part is missing
    """
    locked = lock(disclosure, State.DRAFT)
    writer_of(actor, locked.org_unit_id)
    if missing := locked.missing_parts:
        raise DisclosureIncomplete(parts=", ".join(missing))
    if locked.kind == Disclosure.Kind.ADVERSE_FACTORS and not locked.factors.exists():
        raise NoFactorGiven
    hand_in(locked, now)
    return locked


@transaction.atomic
def approve_disclosure(disclosure: Disclosure, *, actor: Actor, now: datetime) -> Disclosure:
    """Approve what was submitted, as a second person.

    :raises NotAllowed: if the actor does not approve disclosures there
    :raises PastThatStep: if it was not submitted
    :raises OwnWork: if the actor wrote it
    """
    locked = lock_to_decide(disclosure, actor)
    approve(locked, actor, now)
    record(DisclosureApproved(**about(locked)), actor=actor, now=now)
    return locked


@transaction.atomic
def return_disclosure(disclosure: Disclosure, *, because: str, actor: Actor, now: datetime) -> Disclosure:
    """Send what was submitted back, with the reason.

    :raises NotAllowed: if the actor does not approve disclosures there
    :raises PastThatStep: if it was not submitted
    :raises OwnWork: if the actor wrote it
    """
    locked = lock_to_decide(disclosure, actor)
    send_back(locked, because, now)
    return locked


@transaction.atomic
def publish_disclosure(disclosure: Disclosure, *, actor: Actor, now: datetime) -> Disclosure:
    """Let an approved version take the place of the one that is published.

    :raises NotAllowed: if the actor may not write disclosures there
    :raises PastThatStep: if it is not approved, or was published before
    """
    locked = lock(disclosure, State.APPROVED)
    writer_of(actor, locked.org_unit_id)
    before = Disclosure.objects.filter(project=locked.project_id, kind=locked.kind, state=State.PUBLISHED)
    before.update(state=State.SUPERSEDED, superseded_at=now, updated_at=now)
    locked.state, locked.published_at, locked.updated_at = State.PUBLISHED, now, now
    locked.save(update_fields=["state", "published_at", "updated_at"])
    record(DisclosurePublished(**about(locked)), actor=actor, now=now)
    return locked


def about(disclosure: Disclosure) -> dict[str, Any]:
    """What every event of a version carries."""
    return {
        "org_unit_id": disclosure.org_unit_id,
        "project_id": disclosure.project_id,
        "subject_id": disclosure.pk,
        "kind": disclosure.kind,
        "version": disclosure.version,
        "is_sample": disclosure.is_sample,
    }


def _edit(disclosure: Disclosure, actor: Actor, now: datetime) -> Disclosure:
    locked = lock(disclosure, State.DRAFT)
    locked.editor_id, locked.updated_at = writer_of(actor, locked.org_unit_id), now
    return locked

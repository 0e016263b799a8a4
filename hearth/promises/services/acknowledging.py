"""Buyers acknowledge disclosures."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.core.second_person import lock
from hearth.core.uploads import EVIDENCE, accept_upload
from hearth.customers.models import Customer
from hearth.imports.files import store_accepted
from hearth.promises.events import DisclosureAcknowledged
from hearth.promises.models import Acknowledgement, Disclosure
from hearth.promises.permissions import ACKNOWLEDGE
from hearth.promises.services.disclosures import about
from hearth.properties.models import Unit

State = Disclosure.State


class AcknowledgedBefore(DomainError):
    """A buyer acknowledges a version once for each home."""

    code = "acknowledged_before"
    message = _("This customer has acknowledged this version already.")


class NotShownThatDay(InvalidInput):
    """Nobody acknowledges what was not published, or what another version had replaced."""

    code = "not_shown_that_day"
    message = _("This version was not the published one on that day.")


class HomeOfAnotherProject(InvalidInput):
    """A disclosure speaks of the homes of its project."""

    code = "home_of_another_project"
    message = _("This home belongs to another project.")


class AcknowledgementUnproved(InvalidInput):
    """An acknowledgement is proved by a file, or by words that say where the proof is."""

    code = "acknowledgement_unproved"
    message = _("Attach what was signed, or say where the proof is.")


@dataclass(frozen=True)
class Acknowledged:
    """How a buyer acknowledged a version, when, for which home, and what proves it."""

    how: str
    acknowledged_date: date
    unit: Unit | None = None
    proof: str = ""
    evidence_file: "UploadedFile[Any] | None" = None


@transaction.atomic
def acknowledge_disclosure(
    disclosure: Disclosure, customer: Customer, said: Acknowledged, *, actor: Actor, now: datetime
) -> Acknowledgement:
    """Note that a buyer has read a version. Papers that come in late are noted with the day on which they were signed.

    :raises NotAllowed: if the actor may not note acknowledgements there
    :raises PastThatStep: if the version was never published
    :raises NotShownThatDay: if it was not the published one on that day, or the day lies ahead
    :raises HomeOfAnotherProject, AcknowledgementUnproved: if home or proof do not hold
    :raises AcknowledgedBefore: if it is noted already
    :raises InvalidInput: as `accept_upload`
    """
    actor.require(ACKNOWLEDGE, disclosure.org_unit_id)
    locked = lock(disclosure, State.PUBLISHED, State.SUPERSEDED)
    if said.how not in Acknowledgement.How.values:
        raise InvalidInput("how")
    if said.unit and said.unit.project_id != locked.project_id:
        raise HomeOfAnotherProject("unit")
    last = localdate(locked.superseded_at or now)
    if not localdate(locked.published_at) <= said.acknowledged_date <= last:
        raise NotShownThatDay("acknowledged_date")
    if not (said.evidence_file or said.proof.strip()):
        raise AcknowledgementUnproved("evidence_file")
    given = Acknowledgement.objects.filter(disclosure=locked, customer=customer, unit=said.unit)
    if given.exists():
        raise AcknowledgedBefore
    file = (
        store_accepted(accept_upload(said.evidence_file, EVIDENCE), now=now) if said.evidence_file else None
    )
    row = Acknowledgement.objects.create(
        org_unit_id=locked.org_unit_id,
        disclosure=locked,
        customer=customer,
        unit=said.unit,
        how=said.how,
        acknowledged_date=said.acknowledged_date,
        proof=said.proof.strip()[:300],
        evidence_file=file,
        user_id=actor.user_id,
        is_sample=locked.is_sample,
        created_at=now,
        updated_at=now,
    )
    event = DisclosureAcknowledged(
        **{**about(locked), "subject_id": row.pk},
        customer_id=customer.pk,
        unit_id=said.unit.pk if said.unit else None,
        how=row.how,
    )
    record(event, actor=actor, now=now)
    return row

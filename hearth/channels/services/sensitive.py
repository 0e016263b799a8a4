"""Marking what was noted as sensitive, taking the mark back, and uncovering one note with a reason that is kept."""

from datetime import datetime

from django.db import transaction

from hearth.channels.events import SensitivityChanged
from hearth.channels.models import Interaction
from hearth.channels.permissions import RECORD_INTERACTION
from hearth.channels.ruled_fields import SENSITIVE_NOTE
from hearth.channels.wording import said, say_in_secret
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.events import record
from hearth.customers.models import Reveal
from hearth.customers.permissions import REVEAL_CONTACT
from hearth.customers.services.reveals import keep_reveal


@transaction.atomic
def mark_sensitive(interaction: Interaction, *, actor: Actor, now: datetime) -> Interaction:
    """Keep the words of a contact encrypted from now on. Repeated, it changes nothing.

    :raises NotAllowed: if the actor may not record contacts at the place
    """
    actor.require(RECORD_INTERACTION, interaction.org_unit_id)
    kept = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction.pk)
    if kept.is_sensitive:
        return kept
    say_in_secret(kept, kept.summary, kept.body)
    return _keep(kept, actor=actor, now=now)


@transaction.atomic
def unmark_sensitive(interaction: Interaction, *, actor: Actor, now: datetime) -> Interaction:
    """Let everybody who sees the contact read it again. Repeated, it changes nothing.

    :raises NotAllowed: if the actor may not record contacts at the place, or not read this one
    """
    actor.require(RECORD_INTERACTION, interaction.org_unit_id)
    actor.require(SENSITIVE_NOTE.in_full, interaction.org_unit_id)
    kept = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction.pk)
    if not kept.is_sensitive:
        return kept
    kept.summary, kept.body = said(kept)
    kept.is_sensitive, kept.words = False, ""
    return _keep(kept, actor=actor, now=now)


@transaction.atomic
def reveal_note(interaction: Interaction, *, reason: str, actor: Actor, now: datetime) -> tuple[str, str]:
    """Return summary and text of a sensitive contact and keep who read it, when and why.

    :raises NotAllowed: if the actor may neither read nor uncover sensitive notes at the place, or a rule hides them
    :raises ReasonMissing: if no reason is given
    """
    place = interaction.org_unit_id
    if not actor.can(SENSITIVE_NOTE.in_full, place):
        actor.require(SENSITIVE_NOTE.known, place)
        if not actor.can(REVEAL_CONTACT, place):
            raise NotAllowed(permission=REVEAL_CONTACT)
    keep_reveal(interaction.customer, Reveal.Field.NOTE, reason, place, actor=actor, now=now)
    return said(interaction)


def _keep(row: Interaction, *, actor: Actor, now: datetime) -> Interaction:
    row.updated_at = now
    row.save(update_fields=["is_sensitive", "summary", "body", "words_sealed", "updated_at"])
    event = SensitivityChanged(
        customer_id=row.customer_id,
        org_unit_id=row.org_unit_id,
        project_id=row.project_id,
        subject_id=row.pk,
        is_sensitive=row.is_sensitive,
        is_sample=row.is_sample,
    )
    record(event, actor=actor, now=now)
    return row

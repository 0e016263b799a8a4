"""What a person writes on a customer's timeline: with files, with colleagues named, pinned or not."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, TextField, Value
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.accounts.services import notify
from hearth.channels.attachments import accept_files
from hearth.channels.models import Attachment, Interaction
from hearth.channels.notifications import MENTIONED
from hearth.channels.permissions import RECORD_INTERACTION
from hearth.channels.services.interactions import NewInteraction, record_interactions
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError
from hearth.customers.models import Customer
from hearth.imports.files import store_accepted
from hearth.organization.selectors import actor_for

MENTION = re.compile(r"@(\w[\w.·-]*)")
MOST_MENTIONS, MOST_PINNED = 10, 3


class TooManyPinned(DomainError):
    """What is pinned must fit at a glance."""

    code = "too_many_pinned"
    message = _("Three entries are pinned already. Unpin one first.")


@transaction.atomic
def write_contact(
    new: NewInteraction,
    *,
    actor: Actor,
    now: datetime,
    files: Sequence["UploadedFile[Any]"] = (),
) -> Interaction:
    """Record a contact with its files, and tell the colleagues it names by `@name` who may see the customer.

    :raises NotAllowed, ContactInFuture: as `record_interactions`
    :raises TooManyFiles, InvalidInput: as `accept_files`
    """
    accepted = accept_files(files)
    row = record_interactions([new], actor=actor, now=now)[0]
    insert_many(
        [
            Attachment(
                interaction=row,
                stored=store_accepted(file, now=now),
                media_type=file.media_type,
                created_at=now,
                updated_at=now,
            )
            for file in accepted
        ]
    )
    named = mentioned_people(f"{new.summary}\n{new.body}", row.customer, now=now)
    notify(
        {person.pk for person in named} - {actor.user_id},
        MENTIONED,
        url=reverse("workspace:customer", args=[row.customer_id]),
        now=now,
        params={"actor": actor.name, "customer": row.customer.name},
    )
    return row


def mentioned_people(text: str, customer: Customer, *, now: datetime) -> list[User]:
    """Return the colleagues a text names who may see the customer; three queries for each of at most ten names.

    Chinese leaves no space after a name, so the longest name that begins what follows the sign is meant.
    """
    words = list(dict.fromkeys(MENTION.findall(text)))[:MOST_MENTIONS]
    people = {person.pk: person for word in words if (person := _find(word))}
    today = localdate(now)
    return [
        person
        for person in people.values()
        if Customer.objects.visible_to(actor_for(person, today=today)).filter(pk=customer.pk).exists()
    ]


def mention_of(person: User) -> str:
    """Return what names a person after the sign: their name, or the user name where the name has other characters."""
    is_word = MENTION.fullmatch(f"@{person.display_name}") is not None
    return person.display_name if is_word else person.username


def _find(word: str) -> User | None:
    written = Value(word, output_field=TextField())
    people = User.objects.active().exclude(display_name="").annotate(written=written)
    named: list[User] = list(people.filter(written__startswith=F("display_name")))
    if named:
        return max(named, key=lambda person: (len(person.display_name), -person.pk))
    found: User | None = User.objects.active().filter(username=word).first()
    return found


@transaction.atomic
def pin_contact(interaction: Interaction, *, actor: Actor, now: datetime) -> Interaction:
    """Keep an entry above the timeline. Repeated, it changes nothing.

    The customer's row is locked, so that two people do not pin the last two at once.

    :raises NotAllowed: if the actor may not record contacts at the place
    :raises TooManyPinned: if three are pinned
    """
    actor.require(RECORD_INTERACTION, interaction.org_unit_id)
    Customer.objects.select_for_update().only("id").get(pk=interaction.customer_id)
    pinned = Interaction.objects.filter(customer=interaction.customer_id, pinned_at__isnull=False)
    if pinned.filter(pk=interaction.pk).exists():
        return interaction
    if pinned.count() >= MOST_PINNED:
        raise TooManyPinned
    interaction.pinned_at = interaction.updated_at = now
    interaction.save(update_fields=["pinned_at", "updated_at"])
    return interaction


@transaction.atomic
def unpin_contact(interaction: Interaction, *, actor: Actor, now: datetime) -> Interaction:
    """Take an entry from above the timeline. May be repeated.

    :raises NotAllowed: if the actor may not record contacts at the place
    """
    actor.require(RECORD_INTERACTION, interaction.org_unit_id)
    interaction.pinned_at, interaction.updated_at = None, now
    interaction.save(update_fields=["pinned_at", "updated_at"])
    return interaction

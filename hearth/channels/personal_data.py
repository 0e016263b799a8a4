"""Contacts and messages of a person, given out and erased."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hearth.channels.models import Attachment, Interaction, Message, TextTemplate
from hearth.channels.wording import said, say_in_secret
from hearth.core.personal_data import (
    ErasureMustWait,
    Person,
    Table,
    delete_rows,
    holds_none,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.core.personal_files import remove_file
from hearth.core.retention import KeptKind, Way, keep_for_a_time, ties

WITHOUT_CONTENT = {
    "recipient_sealed": b"",
    "subject": "",
    "body": "",
    "state_reason": "",
    "unsubscribe_url": "",
    "thread": "",
}


class MessageUnderWay(ErasureMustWait):
    """A message to the person is being handed over at this moment."""

    code = "message_under_way"
    message = _("A message to this customer is being sent. Try again in a minute.")


def export_contacts(person: Person) -> Table:
    rows = list(Interaction.objects.filter(customer__in=person.ids).order_by("occurred_at", "id"))
    for row in rows:
        row.summary, row.body = said(row)
    return table_of(rows, "occurred_at", "channel", "direction", "summary", "body")


def export_files(person: Person) -> Table:
    rows = Attachment.objects.filter(interaction__customer__in=person.ids).select_related("stored")
    return table_of(rows.order_by("id"), ("created_at", _("when")), ("stored__name", _("file")))


def files_of(person: Person) -> Iterator[tuple[str, Path]]:
    rows = Attachment.objects.filter(interaction__customer__in=person.ids).select_related("stored")
    for row in rows.order_by("id"):
        yield row.stored.name, Path(row.stored.file.path)


def erase_files(person: Person, now: datetime) -> int:
    files = list(Attachment.objects.filter(interaction__customer__in=person.ids).select_related("stored"))
    for file in files:
        file.delete()
        remove_file(file.stored)
    return len(files)


def erase_contacts(person: Person, now: datetime) -> int:
    """Remove contacts, and strike the person out of contacts with others."""
    number = delete_rows(Interaction.objects.filter(customer__in=person.ids))
    number += strike_out_in(Interaction.objects.filter(is_sensitive=False), person, "summary", "body")
    return number + _strike_out_in_secret(person)


def _strike_out_in_secret(person: Person) -> int:
    """Make the words unreadable in sensitive contacts with others; each is opened, since nothing finds them."""
    number = 0
    for row in Interaction.objects.filter(is_sensitive=True).iterator(chunk_size=500):
        words = said(row)
        if any(map(person.is_named_in, words)):
            say_in_secret(row, *map(person.strike_out, words))
            row.save(update_fields=["words_sealed"])
            number += 1
    return number


def export_messages(person: Person) -> Table:
    rows = Message.objects.filter(customer__in=person.ids).order_by("created_at", "id")
    return table_of(
        rows,
        ("created_at", _("when")),
        "channel",
        ("recipient", _("to")),
        "subject",
        "body",
        "state",
        "sent_at",
    )


def erase_messages(person: Person, now: datetime) -> int:
    """Keep that a message was sent, so that it is not sent again; whom to and what it said goes.

    :raises MessageUnderWay: if one is being handed over
    """
    rows = Message.objects.filter(customer__in=person.ids)
    if rows.filter(state__in=[Message.State.CLAIMED, Message.State.HANDING_OVER]).exists():
        raise MessageUnderWay
    rows.filter(state=Message.State.QUEUED).update(state=Message.State.REFUSED)
    return rows.update(**WITHOUT_CONTENT, updated_at=now)


register_personal_data(
    "channels.files",
    _("Files of contacts"),
    Attachment,
    export=export_files,
    erase=erase_files,
    files=files_of,
)
register_personal_data(
    "channels.contacts",
    _("Conversations and notes"),
    Interaction,
    export=export_contacts,
    erase=erase_contacts,
)
register_personal_data(
    "channels.messages", _("Messages"), Message, export=export_messages, erase=erase_messages
)
holds_none(TextTemplate, because="Texts that messages begin from, written for everybody.")


def spoken_to(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers with whom somebody had to do since."""
    rows = Interaction.objects.filter(customer__in=ids, occurred_at__gte=before)
    return set(rows.values_list("customer_id", flat=True))


def remove_contacts(ids: Sequence[UUID], now: datetime) -> int:
    """Remove contacts with their files."""
    for file in Attachment.objects.filter(interaction__in=ids).select_related("stored"):
        file.delete()
        remove_file(file.stored)
    return delete_rows(Interaction.objects.filter(pk__in=ids))


def empty_contacts(ids: Sequence[UUID], now: datetime) -> int:
    """Keep that there was a contact by this channel on this day."""
    for file in Attachment.objects.filter(interaction__in=ids).select_related("stored"):
        file.delete()
        remove_file(file.stored)
    return Interaction.objects.filter(pk__in=ids).update(
        summary="", body="", words_sealed=b"", external_key="", updated_at=now
    )


def empty_messages(ids: Sequence[UUID], now: datetime) -> int:
    """Keep that a message was sent; whom to and what it said goes."""
    return Message.objects.filter(pk__in=ids).update(**WITHOUT_CONTENT, updated_at=now)


def _old_contacts(before: datetime) -> "QuerySet[Interaction]":
    return Interaction.objects.filter(occurred_at__lt=before, is_sample=False).exclude(
        summary="", words_sealed=b""
    )


def _old_messages(before: datetime) -> "QuerySet[Message]":
    finished = (Message.State.SENT, Message.State.FAILED, Message.State.REFUSED)
    rows = Message.objects.filter(created_at__lt=before, state__in=finished, is_sample=False)
    return rows.exclude(body="")


ties.register("channels.contacts", spoken_to)
keep_for_a_time(
    KeptKind(
        code="channels.contacts",
        label=_("Conversations and notes"),
        due=_old_contacts,
        ways={Way.ERASE: remove_contacts, Way.ANONYMISE: empty_contacts},
    ),
)
keep_for_a_time(
    KeptKind(
        code="channels.messages",
        label=_("Messages"),
        due=_old_messages,
        ways={Way.ANONYMISE: empty_messages},
    ),
)

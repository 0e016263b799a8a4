"""Mails that a person wrote, or was named in, given out and erased."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import (
    Person,
    Table,
    delete_rows,
    holds_none,
    naming,
    register_personal_data,
    table_of,
)
from hearth.core.personal_files import names_in_file, remove_file
from hearth.core.retention import KeptKind, Way, keep_for_a_time
from hearth.lib.contact import InvalidEmail, normalise_email
from hearth.mailroom.models import InboundMail, MailAttachment, Mailbox
from hearth.mailroom.threads import mark_of

WORDS = ("sender_name", "subject", "text", "quoted", "server_said", "dismissal")


def _marks_of(person: Person) -> list[bytes]:
    """Return what tells the person's own addresses, whoever the mails were put to."""
    found = []
    for word in person.words:
        try:
            found.append(mark_of(normalise_email(word)))
        except InvalidEmail:
            continue
    return found


def _own(person: Person) -> "QuerySet[InboundMail]":
    return InboundMail.objects.filter(Q(customer__in=person.ids) | Q(sender_mark__in=_marks_of(person)))


def export_mails(person: Person) -> Table:
    rows = _own(person).order_by("received_at", "id")
    return table_of(rows, "received_at", ("sender", _("sender")), "subject", "text", "quoted")


def files_of(person: Person) -> Iterator[tuple[str, Path]]:
    for row in _own(person).select_related("raw").order_by("received_at", "id"):
        if row.raw:
            yield f"mail-{row.received_at:%Y%m%d-%H%M%S}.eml", Path(row.raw.file.path)
    for file in MailAttachment.objects.filter(mail__in=_own(person)).select_related("stored").order_by("id"):
        if file.stored:
            yield file.name, Path(file.stored.file.path)


def erase_mails(person: Person, now: datetime) -> int:
    """Remove the person's mails; of mails of others that name them, strike them out and remove the raw copy."""
    number = remove_mails(list(_own(person).values_list("pk", flat=True)), now)
    for row in naming(InboundMail.objects.all(), person, *WORDS, "message_id", "thread"):
        _strike_out(row, person)
        number += 1
    for row in InboundMail.objects.exclude(raw=None).select_related("raw").order_by("id").iterator(500):
        if row.raw and names_in_file(Path(row.raw.file.path), person.words):
            _strike_out(row, person)
            number += 1
    return number + _erase_files_naming(person)


def _strike_out(row: InboundMail, person: Person) -> None:
    for name in WORDS:
        limit = getattr(InboundMail._meta.get_field(name), "max_length", None)
        setattr(row, name, person.strike_out(getattr(row, name), limit=limit))
    raw, row.raw, row.message_id, row.thread = row.raw, None, "", ""
    row.save(update_fields=[*WORDS, "raw", "message_id", "thread"])
    if raw:
        remove_file(raw)


def _erase_files_naming(person: Person) -> int:
    """Remove files of others' mails that name the person, in what is packed in them too."""
    number = 0
    for file in MailAttachment.objects.select_related("stored").order_by("id"):
        is_named = person.is_named_in(file.name)
        if file.stored and (is_named or names_in_file(Path(file.stored.file.path), person.words)):
            stored, file.stored, file.refusal, is_named = file.stored, None, "erased", True
            file.name = person.strike_out(file.name, limit=200)
            file.save(update_fields=["stored", "refusal", "name"])
            remove_file(stored)
            number += 1
        elif is_named:
            file.name = person.strike_out(file.name, limit=200)
            file.save(update_fields=["name"])
            number += 1
    return number


def remove_mails(ids: Sequence[UUID], now: datetime) -> int:
    """Remove mails with their raw copies and files."""
    for file in MailAttachment.objects.filter(mail__in=ids).select_related("stored"):
        file.delete()
        if file.stored:
            remove_file(file.stored)
    rows = InboundMail.objects.filter(pk__in=ids)
    raws = [row.raw for row in rows.select_related("raw") if row.raw]
    number = delete_rows(rows)
    for raw in raws:
        remove_file(raw)
    return number


def _old(before: datetime) -> "QuerySet[Any]":
    return InboundMail.objects.filter(received_at__lt=before, is_sample=False)


register_personal_data(
    "mailroom.mails",
    _("Mails received"),
    InboundMail,
    MailAttachment,
    export=export_mails,
    erase=erase_mails,
    files=files_of,
)
holds_none(Mailbox, because="A folder on a server of ours.")
keep_for_a_time(
    KeptKind(code="mailroom.mails", label=_("Mails received"), due=_old, ways={Way.ERASE: remove_mails})
)

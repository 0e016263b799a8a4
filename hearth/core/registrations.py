"""What the ground itself holds of people."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.core.models import EventRecord, IdempotencyKey, RequestWindow, ResealingMark, StoredFile
from hearth.core.personal_data import (
    Person,
    Table,
    delete_rows,
    holds_none,
    register_personal_data,
    table_of,
)


def export_events(person: Person) -> Table:
    rows = EventRecord.objects.of_customers(person.ids).order_by("occurred_at", "id")
    return table_of(rows, ("occurred_at", _("when")), ("type", _("what happened")), ("channel", _("channel")))


def keep_events(person: Person, now: datetime) -> int:
    """Events are never changed; they hold ids and codes alone, which point at an empty record from now on."""
    return 0


def erase_answers(person: Person, now: datetime) -> int:
    """Forget answers to programs, which are kept for a day, that speak of the person."""
    rows = IdempotencyKey.objects.iterator()
    return delete_rows(
        IdempotencyKey.objects.filter(pk__in=[row.pk for row in rows if person.is_meant_in(row.body)])
    )


register_personal_data(
    "core.events", _("What happened"), EventRecord, export=export_events, erase=keep_events
)
register_personal_data("core.answers", _("Answers to programs"), IdempotencyKey, erase=erase_answers)
holds_none(StoredFile, because="A file is given out and erased with what it belongs to.")
holds_none(RequestWindow, because="How often programs and addresses asked within a minute.")
holds_none(ResealingMark, because="How far each column has come under a new key, by the keys of rows.")

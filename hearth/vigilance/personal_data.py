"""Who read what of a person, given out; the log itself names records by id."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import (
    Person,
    Table,
    holds_none,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.vigilance.models import Alarm, AlarmRule, AlarmStep, Kind, Read, ReadSeal


def export_reads(person: Person) -> Table:
    rows = Read.objects.filter(Q(kind=Kind.CUSTOMER) | Q(kind=Kind.REVEAL), record_id__in=person.ids)
    return table_of(rows.order_by("read_at"), ("read_at", _("when")), ("kind", _("what was read")))


def keep_reads(person: Person, now: datetime) -> int:
    """Keep who read what, by id, for the half year after which it is forgotten anyhow."""
    return 0


def erase_steps(person: Person, now: datetime) -> int:
    return strike_out_in(AlarmStep.objects.all(), person, "note")


register_personal_data(
    "vigilance.reads", _("Who read your record"), Read, export=export_reads, erase=keep_reads
)
register_personal_data("vigilance.steps", _("Notes on alarms"), AlarmStep, erase=erase_steps)
holds_none(AlarmRule, because="When reading is unusual.")
holds_none(Alarm, because="A colleague, a rule and the id of a record.")
holds_none(ReadSeal, because="How many reads there were in an hour, and their digest.")

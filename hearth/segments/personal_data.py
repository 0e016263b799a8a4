"""Segments a person is in, given out and left."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import (
    Person,
    Table,
    delete_rows,
    holds_none,
    register_personal_data,
    table_of,
)
from hearth.segments.models import Segment, SegmentCount, SegmentMember


def export_memberships(person: Person) -> Table:
    rows = SegmentMember.objects.filter(customer__in=person.ids).select_related("count__segment")
    return table_of(rows.order_by("id"), ("count__segment__name", _("segment")))


def erase_memberships(person: Person, now: datetime) -> int:
    return delete_rows(SegmentMember.objects.filter(customer__in=person.ids))


register_personal_data(
    "segments.memberships",
    _("Segments"),
    SegmentMember,
    export=export_memberships,
    erase=erase_memberships,
)
holds_none(Segment, SegmentCount, because="A rule over many customers and how many it found.")

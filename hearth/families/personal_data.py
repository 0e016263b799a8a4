"""What is known of families and needs, given out and erased."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import Person, Table, delete_rows, register_personal_data, table_of
from hearth.families.models import NEED_FIELDS, NeedProfile, Relationship


def export_needs(person: Person) -> Table:
    rows = NeedProfile.objects.filter(customer__in=person.ids).order_by("id")
    return table_of(rows, ("created_at", _("when")), *NEED_FIELDS)


def erase_needs(person: Person, now: datetime) -> int:
    return delete_rows(NeedProfile.objects.filter(customer__in=person.ids))


def export_relationships(person: Person) -> Table:
    """Say what the person is to others, who are not named: their data are theirs."""
    rows = Relationship.objects.filter(Q(customer__in=person.ids) | Q(other__in=person.ids)).order_by("id")
    return table_of(rows, "kind", "position", ("created_at", _("when")))


def erase_relationships(person: Person, now: datetime) -> int:
    rows = Relationship.objects.filter(Q(customer__in=person.ids) | Q(other__in=person.ids))
    return delete_rows(rows)


register_personal_data("families.needs", _("Needs"), NeedProfile, export=export_needs, erase=erase_needs)
register_personal_data(
    "families.relationships",
    _("Relationships"),
    Relationship,
    export=export_relationships,
    erase=erase_relationships,
)

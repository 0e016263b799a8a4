"""How far a person may see the value of a field: one question that pages, lists, files and the API ask alike.

An app declares its fields; a right gives their values in full, and rules, which are data of the organisation, mask or
hide them for a role at places. A rule never gives what the right does not.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor, field_rights
from hearth.core.registry import Registry


class Access(StrEnum):
    """What of a value is shown."""

    VISIBLE = "visible"
    MASKED = "masked"
    HIDDEN = "hidden"

    @property
    def label(self) -> str | Promise:
        return ACCESS_LABELS[self]


ACCESS_LABELS: dict[Access, str | Promise] = {
    Access.VISIBLE: _("in full, with the right"),
    Access.MASKED: _("masked"),
    Access.HIDDEN: _("hidden"),
}


@dataclass(frozen=True)
class RuledField:
    """A field whose values rules may mask or hide; `right` shows them in full, else they are masked."""

    key: str
    label: str | Promise
    right: str

    @property
    def in_full(self) -> str:
        """The name of the scope where the value is shown in full."""
        return f"field.{self.key}"

    @property
    def known(self) -> str:
        """The name of the scope where the value is shown masked at least."""
        return f"field.{self.key}.known"


ruled_fields: Registry[RuledField] = Registry()
ruled_columns: dict[str, RuledField] = {}
"""Columns, as `table.column`, whose plain values in the log of changes are shown where the field is."""


def ruled_field(field: RuledField) -> RuledField:
    """Declare a field; `actor.scope(field.in_full)` then answers for it."""
    field_rights[field.in_full], field_rights[field.known] = field.right, ""
    return ruled_fields.register(field.key, field)


def field_access(actor: Actor, key: str, org_unit_id: int | None = None) -> Access:
    """Return what an actor may see of a field at a place, or at any place when none is given; no query."""
    field = ruled_fields[key]
    if actor.can(field.in_full, org_unit_id):
        return Access.VISIBLE
    return Access.MASKED if actor.can(field.known, org_unit_id) else Access.HIDDEN

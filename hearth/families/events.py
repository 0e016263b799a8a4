"""What happens to families and what they look for; ids, codes and names of fields only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class NeedRecorded(Event):
    """What a customer looks for was stated for the first time; `subject_id` is the version."""

    type: ClassVar[str] = "need.recorded"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Needs recorded")


@dataclass(frozen=True, kw_only=True)
class NeedChanged(Event):
    """A customer now looks for something else; `subject_id` is the new version, `fields` what differs."""

    type: ClassVar[str] = "need.changed"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Needs changed")

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RelationshipStarted(Event):
    """Two customers became related; told once for each, the other one is `other_id`."""

    type: ClassVar[str] = "relationship.started"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Relationship recorded")

    kind: str
    other_id: UUID
    is_reversed: bool


@dataclass(frozen=True, kw_only=True)
class RelationshipEnded(Event):
    """Two customers are related no more; told once for each, the other one is `other_id`."""

    type: ClassVar[str] = "relationship.ended"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Relationship ended")

    kind: str
    other_id: UUID
    is_reversed: bool

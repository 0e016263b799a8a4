"""What happens to a group complaint."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class GroupCaseOpened(Event):
    """Cases of one project became one group complaint."""

    type: ClassVar[str] = "group_cases.opened"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Group complaint opened")
    kind: str
    topic: str
    households: int


@dataclass(frozen=True, kw_only=True)
class GroupCaseChanged(Event):
    """Its words, topic or cause changed; `changed` names the fields."""

    type: ClassVar[str] = "group_cases.changed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Group complaint changed")
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HouseholdJoined(Event):
    """A household is part of a group complaint."""

    type: ClassVar[str] = "group_cases.household_joined"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Joined a group complaint")
    households: int


@dataclass(frozen=True, kw_only=True)
class HouseholdLeft(Event):
    """A household is part of a group complaint no more."""

    type: ClassVar[str] = "group_cases.household_left"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Left a group complaint")
    households: int


@dataclass(frozen=True, kw_only=True)
class RepresentativeNamed(Event):
    """A household speaks for the others of a group complaint, or does no more."""

    type: ClassVar[str] = "group_cases.representative_named"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Speaks for a group complaint")
    is_representative: bool


@dataclass(frozen=True, kw_only=True)
class CaseTakenOut(Event):
    """An ordinary case is part of a group complaint no more."""

    type: ClassVar[str] = "group_cases.case_taken_out"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Case taken out of a group complaint")
    case: str


@dataclass(frozen=True, kw_only=True)
class GroupSignNoted(Event):
    """A sit-in, banners, a petition or the like was seen."""

    type: ClassVar[str] = "group_cases.sign_noted"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Seen at a group complaint")
    what: str


@dataclass(frozen=True, kw_only=True)
class GroupLevelChanged(Event):
    """A group complaint became graver, or less grave; an empty level is none."""

    type: ClassVar[str] = "group_cases.level_changed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Level of a group complaint")
    from_level: str
    to_level: str
    because: str
    households: int


@dataclass(frozen=True, kw_only=True)
class GroupTold(Event):
    """Somebody above was told of a group complaint."""

    type: ClassVar[str] = "group_cases.told"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Told of a group complaint")
    level: str
    of: str
    people: int
    is_in_time: bool


@dataclass(frozen=True, kw_only=True)
class GroupCaseClosed(Event):
    """A group complaint came to its end."""

    type: ClassVar[str] = "group_cases.closed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Group complaint closed")
    households: int

"""What happens to the organisation."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class OrgUnitCreated(Event):
    type: ClassVar[str] = "organization.unit_created"
    label = _("Unit created")
    kind: str


@dataclass(frozen=True, kw_only=True)
class OrgUnitRenamed(Event):
    type: ClassVar[str] = "organization.unit_renamed"
    label = _("Unit renamed")


@dataclass(frozen=True, kw_only=True)
class OrgUnitMoved(Event):
    type: ClassVar[str] = "organization.unit_moved"
    label = _("Unit moved")
    from_parent_id: int
    to_parent_id: int


@dataclass(frozen=True, kw_only=True)
class OrgUnitDeactivated(Event):
    type: ClassVar[str] = "organization.unit_deactivated"
    label = _("Unit closed")


@dataclass(frozen=True, kw_only=True)
class PersonAppointed(Event):
    type: ClassVar[str] = "organization.person_appointed"
    label = _("Person appointed")
    user_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(Event):
    type: ClassVar[str] = "organization.membership_ended"
    label = _("Appointment ended")
    user_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class SettingChanged(Event):
    type: ClassVar[str] = "organization.setting_changed"
    label = _("Setting changed")
    key: str
    is_locked: bool


@dataclass(frozen=True, kw_only=True)
class SettingCleared(Event):
    type: ClassVar[str] = "organization.setting_cleared"
    label = _("Setting inherited again")
    key: str


@dataclass(frozen=True, kw_only=True)
class CalendarDayChanged(Event):
    type: ClassVar[str] = "organization.calendar_day_changed"
    label = _("Working day changed")
    day: str
    is_working: bool | None


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    type: ClassVar[str] = "organization.role_changed"
    label = _("Role changed")
    role: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    needs_second_step: bool = False


@dataclass(frozen=True, kw_only=True)
class FieldRuleChanged(Event):
    """A field is shown in another way to a role at a place; an empty `access` is a rule that was taken away."""

    type: ClassVar[str] = "organization.field_rule_changed"
    label = _("Rule of a field changed")
    role: str
    field: str
    access: str


@dataclass(frozen=True, kw_only=True)
class FirstStepSettled(Event):
    type: ClassVar[str] = "organization.first_step_settled"
    label = _("Step of the first run done or skipped")
    code: str
    state: str

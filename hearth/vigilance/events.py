"""What happened to the rules of alarms and to the account for an emergency.

Alarms themselves are no events: who they are about is told to few.
"""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AlarmRuleChanged(Event):
    """A rule of alarms was changed, put in force or taken out of it."""

    type: ClassVar[str] = "vigilance.rule_changed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Rule of alarms changed")
    rule_code: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class EmergencySealed(Event):
    """The account for an emergency was made, or given another password."""

    type: ClassVar[str] = "vigilance.emergency_sealed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Account for an emergency sealed")
    user_id: int


@dataclass(frozen=True, kw_only=True)
class EmergencyBegan(Event):
    """The account for an emergency was opened; the alarm says why."""

    type: ClassVar[str] = "vigilance.emergency_began"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Account for an emergency opened")
    user_id: int
    alarm_id: str

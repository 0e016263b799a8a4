"""What can be set at a place: each app declares its settings once, with what they may be.

    ANSWER_HOURS = declare(
        SettingDefinition("cases.answer_hours", _("First answer within hours"), "int", 24, minimum=1, maximum=240)
    )

Read a setting with `organization.selectors.setting_at(key, org_unit)`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.registry import Registry
from hearth.lib.calendars import WorkingCalendar

Kind = Literal["int", "bool", "choice", "json"]


@dataclass(frozen=True)
class SettingDefinition:
    """A setting's key, its words, and what its value may be; `choices` pairs values with labels.

    `page` names the address, with the place as its argument, where it is set otherwise than by a form; `read` then says
    in a few words what is set.
    """

    key: str
    label: str | Promise
    kind: Kind
    default: Any
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[tuple[str, str | Promise], ...] = ()
    help_text: str | Promise = field(default="")
    page: str = ""
    read: Callable[[Any], str] | None = None

    def accepts(self, value: Any) -> bool:
        """Tell whether a value is of the kind and inside the bounds."""
        if self.kind == "bool":
            return isinstance(value, bool)
        if self.kind == "choice":
            return value in {choice for choice, _label in self.choices}
        if self.kind == "json":
            return isinstance(value, dict | list)
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        above = self.minimum is None or value >= self.minimum
        return above and (self.maximum is None or value <= self.maximum)

    def words(self, value: Any) -> Any:
        """Return how a value reads on a page."""
        if self.kind == "choice":
            return dict(self.choices).get(value, value)
        if self.kind == "bool":
            return _("yes") if value else _("no")
        return self.read(value) if self.read else value


def is_whole(value: Any, least: int, most: int) -> bool:
    """Tell whether what somebody entered is a whole number within bounds; yes and no are none."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


definitions: Registry[SettingDefinition] = Registry()


def declare(definition: SettingDefinition) -> SettingDefinition:
    """Register a setting under its key; the default must be acceptable."""
    if not definition.accepts(definition.default):
        raise ValueError(definition.key)
    return definitions.register(definition.key, definition)


OPENS_HOUR = declare(
    SettingDefinition(
        "organization.opens_hour", _("Working day begins at (hour)"), "int", 9, minimum=0, maximum=22
    )
)
CLOSES_HOUR = declare(
    SettingDefinition(
        "organization.closes_hour", _("Working day ends at (hour)"), "int", 18, minimum=1, maximum=23
    )
)


class IntervalsSetting(SettingDefinition):
    """A setting that takes the intervals of a working day, in order and without overlap."""

    def accepts(self, value: Any) -> bool:
        try:
            return value == [] or bool(WorkingCalendar(hours=read_intervals(value)))
        except (TypeError, ValueError):
            return False


def read_intervals(value: Sequence[Sequence[str]]) -> tuple[tuple[time, time], ...]:
    """Read intervals as they are set: pairs of times such as "13:30"; from "00:00" to "00:00" is the whole day.

    :raises ValueError: if a time cannot be read
    :raises TypeError: if it is no list of pairs
    """
    return tuple((time.fromisoformat(begins), time.fromisoformat(ends)) for begins, ends in value)


INTERVALS = declare(
    IntervalsSetting(
        "organization.hours",
        _("Working hours in several intervals"),
        "json",
        [],
        help_text=_(
            "Where the day has breaks, they stand here and the two hours above do not count, for example:"
            ' [["09:00", "12:00"], ["13:30", "18:00"]]. [["00:00", "00:00"]] is a desk that never closes.'
        ),
    )
)
MATURITY = declare(
    SettingDefinition(
        "organization.customer_work_stage",
        _("Stage of customer work"),
        "choice",
        "complaints",
        choices=(
            ("complaints", _("handling complaints")),
            ("relations", _("managing relations")),
            ("loyalty", _("loyalty and culture")),
        ),
        help_text=_("How far the customer centre of this place has come."),
    )
)

# domain data
"""By when what is promised to customers: rules that places inherit, by step, kind, grade and channel of a case.

A rule that names more of these goes before one that names less; of two that name as many, the one with the grade, then
the one with the channel. What no rule speaks of is not promised.

    {"step": "answer", "kind": "complaint", "channel": "forum", "minutes": 2880, "counting": "working_days"}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hearth.cases.models import Case, Step
from hearth.channels.models import Channel
from hearth.lib.timetable import Counting
from hearth.organization.settings_catalogue import SettingDefinition, declare, is_whole

HOUR, DAY = 60, 24 * 60
LONGEST = 366 * DAY
MOST_RULES = 300
# The first answer and the dispatch wait for nobody but us.
PAUSING = frozenset({Step.ON_SITE, Step.SOLUTION})
CHOICES: Mapping[str, frozenset[str]] = {
    "step": frozenset(Step.values),
    "kind": frozenset(Case.Kind.values),
    "grade": frozenset(Case.Grade.values),
    "channel": frozenset(Channel.values),
    "counting": frozenset(Counting),
}


@dataclass(frozen=True)
class ServiceLevel:
    """A promise: what is done within how many minutes, in which time these are counted, and for which cases."""

    step: str
    minutes: int
    counting: str
    kind: str = ""
    grade: str = ""
    channel: str = ""
    pauses: bool = False

    @property
    def weight(self) -> tuple[int, bool, bool]:
        """How much a rule names; the heavier goes first."""
        named = sum(map(bool, (self.kind, self.grade, self.channel)))
        return named, bool(self.grade), bool(self.channel)

    def fits(self, kind: str, grade: str, channel: str) -> bool:
        asked = ((self.kind, kind), (self.grade, grade), (self.channel, channel))
        return all(not named or named == value for named, value in asked)


def _rule(
    step: Step, minutes: int, counting: Counting, *, kind: str = "", grade: str = "", channel: str = ""
) -> dict[str, Any]:
    named = {"kind": kind, "grade": grade, "channel": channel}
    return {
        "step": step.value,
        **{key: str(value) for key, value in named.items() if value},
        "minutes": minutes,
        "counting": counting.value,
        "pauses": step in PAUSING,
    }


K, G = Case.Kind, Case.Grade
WORKING_HOURS, WORKING_DAYS = Counting.WORKING_HOURS, Counting.WORKING_DAYS
DAILY_HOURS, ALL_HOURS = Counting.DAILY_HOURS, Counting.ALL_HOURS
# Limits of practice.md 2.3: 24 h on working days, the forum 48 h, enquiries 4 h and 48 h in full, dispatch in 2 h, the
# contractor within 24 h, call-back within 2 days, 72 h and 7 working days for solutions, urgent 2 h and 24 h.
SHIPPED: Sequence[Mapping[str, Any]] = (
    _rule(Step.ANSWER, DAY, WORKING_DAYS),
    _rule(Step.ANSWER, 2 * DAY, WORKING_DAYS, channel=Channel.FORUM),
    _rule(Step.ANSWER, 4 * HOUR, WORKING_HOURS, kind=K.ENQUIRY),
    _rule(Step.ANSWER, HOUR, DAILY_HOURS, kind=K.REPAIR),
    _rule(Step.ANSWER, 4 * HOUR, ALL_HOURS, kind=K.COMPLAINT, grade=G.HOT),
    _rule(Step.ANSWER, 2 * HOUR, ALL_HOURS, kind=K.COMPLAINT, grade=G.MAJOR),
    _rule(Step.DISPATCH, 2 * HOUR, WORKING_HOURS, kind=K.COMPLAINT),
    _rule(Step.DISPATCH, 2 * HOUR, DAILY_HOURS, kind=K.REPAIR),
    _rule(Step.DISPATCH, HOUR, ALL_HOURS, kind=K.COMPLAINT, grade=G.MAJOR),
    _rule(Step.ON_SITE, DAY, WORKING_DAYS, kind=K.REPAIR),
    _rule(Step.SOLUTION, 2 * DAY, WORKING_DAYS, kind=K.ENQUIRY),
    _rule(Step.SOLUTION, 3 * DAY, WORKING_DAYS, kind=K.REPAIR),
    _rule(Step.SOLUTION, 7 * DAY, WORKING_DAYS, kind=K.COMPLAINT),
    _rule(Step.SOLUTION, 3 * DAY, WORKING_DAYS, kind=K.COMPLAINT, grade=G.IMPORTANT),
    _rule(Step.SOLUTION, 3 * DAY, ALL_HOURS, kind=K.COMPLAINT, grade=G.HOT),
    _rule(Step.SOLUTION, 3 * DAY, ALL_HOURS, kind=K.COMPLAINT, grade=G.MAJOR),
    _rule(Step.SOLUTION, 7 * DAY, WORKING_DAYS, kind=K.SUGGESTION),
    _rule(Step.CALL_BACK, 2 * DAY, WORKING_DAYS, kind=K.COMPLAINT),
    _rule(Step.CALL_BACK, 2 * DAY, WORKING_DAYS, kind=K.REPAIR),
)


class ServiceLevelsSetting(SettingDefinition):
    """A setting that takes service levels, no two for the same cases."""

    def accepts(self, value: Any) -> bool:
        if not isinstance(value, list) or len(value) > MOST_RULES or not all(map(_is_rule, value)):
            return False
        cells = [tuple(rule.get(key, "") for key in ("step", "kind", "grade", "channel")) for rule in value]
        return len(set(cells)) == len(cells)


def _is_rule(rule: Any) -> bool:
    if not isinstance(rule, dict) or not {"step", "minutes", "counting"} <= set(rule):
        return False
    words = {key: value for key, value in rule.items() if key not in ("minutes", "pauses")}
    are_known = all(
        isinstance(value, str) and key in CHOICES and value in CHOICES[key] for key, value in words.items()
    )
    minutes, pauses = rule["minutes"], rule.get("pauses", False)
    return are_known and isinstance(pauses, bool) and is_whole(minutes, 1, LONGEST)


def _read(value: Sequence[Any]) -> str:
    return ngettext("%(n)s rule", "%(n)s rules", len(value)) % {"n": len(value)}


SERVICE_LEVELS = declare(
    ServiceLevelsSetting(
        "cases.service_levels",
        _("Service levels of cases"),
        "json",
        [dict(rule) for rule in SHIPPED],
        help_text=_(
            "One rule for each promise: step (answer, dispatch, on_site, solution, call_back), minutes, counting"
            " (working_hours, working_days, daily_hours, all_hours), and for which cases: kind, grade, channel."
            " With pauses, the clock stands while we wait for the customer. The whole list is inherited or set anew."
        ),
        read=_read,
    )
)


class LevelBook:
    """The service levels of a place."""

    def __init__(self, rules: Sequence[Mapping[str, Any]]) -> None:
        levels = [ServiceLevel(**rule) for rule in rules]
        self.levels = sorted(levels, key=lambda level: level.weight, reverse=True)
        self._found: dict[tuple[str, str, str], dict[str, ServiceLevel]] = {}

    def promised(self, kind: str, grade: str, channel: str) -> Mapping[str, ServiceLevel]:
        """Return what is promised for such a case, by step."""
        key = kind, grade, channel
        if key not in self._found:
            found: dict[str, ServiceLevel] = {}
            for level in self.levels:
                if level.fits(*key):
                    found.setdefault(level.step, level)
            self._found[key] = found
        return self._found[key]

# domain data
"""What makes a case graver, from how many households it is a group complaint, and who is told in how many minutes.

{"when": "amount", "at_least": 20000, "grade": "important"}
{"because": "broken", "level": "region", "after": 240, "within": 30}
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case, Escalation, Level, Signal
from hearth.organization.settings_catalogue import SettingDefinition, declare, is_whole

AGE = "age"
COUNTED = frozenset({Signal.AMOUNT.value, Signal.HOUSEHOLDS.value, Signal.DISSATISFIED.value, AGE})
RANK = {grade: rank for rank, grade in enumerate(Case.Grade.values)}
MOST_RULES = 100
LONGEST_MINUTES = 60 * 24 * 60
G, S, B = Case.Grade, Signal, Escalation.Because


def _grade(when: str, grade: str, at_least: int = 0, from_grade: str = "") -> dict[str, Any]:
    rule: dict[str, Any] = {"when": str(when), "grade": str(grade)}
    return (
        rule
        | ({"at_least": at_least} if at_least else {})
        | ({"from": str(from_grade)} if from_grade else {})
    )


# The rule sets of practice.md 2.2: Longfor Hangzhou, a Guangzhou and a Suzhou developer; `hot` is proposed.
SHIPPED_GRADES = (
    _grade(S.MEDIA, G.MAJOR),
    _grade(S.LAWSUIT, G.MAJOR),
    _grade(S.AUTHORITY, G.MAJOR),
    _grade(S.INJURY, G.MAJOR),
    _grade(S.ONLINE, G.HOT),
    _grade(S.AMOUNT, G.IMPORTANT, 5_000),
    _grade(S.AMOUNT, G.MAJOR, 20_000),
    _grade(S.HOUSEHOLDS, G.MAJOR, 5),
    _grade(S.DISSATISFIED, G.IMPORTANT, 2),
    _grade(AGE, G.IMPORTANT, 30),
    _grade(AGE, G.MAJOR, 90, G.IMPORTANT),
)


def _step(because: str, level: str, *, after: int, within: int, of: str = "") -> dict[str, Any]:
    rule: dict[str, Any] = {"because": str(because), "level": str(level), "after": after, "within": within}
    return rule | ({"of": of} if of else {})


# Notices of practice.md 2.5: from 5 households the city within 2 h, from 20 the region within 2 h, above 50 or with
# media the group within 1 h. The waits after a broken promise are proposed.
SHIPPED_LADDER = (
    _step(B.GROUP, Level.CITY, after=0, within=120, of="ordinary"),
    _step(B.GROUP, Level.CITY, after=0, within=120, of="major"),
    _step(B.GROUP, Level.REGION, after=0, within=120, of="major"),
    _step(B.GROUP, Level.CITY, after=0, within=60, of="crisis"),
    _step(B.GROUP, Level.REGION, after=0, within=60, of="crisis"),
    _step(B.GROUP, Level.GROUP, after=0, within=60, of="crisis"),
    _step(B.GRADE, Level.CITY, after=0, within=60, of="hot"),
    _step(B.GRADE, Level.CITY, after=0, within=30, of="major"),
    _step(B.GRADE, Level.REGION, after=0, within=60, of="major"),
    _step(B.GRADE, Level.GROUP, after=0, within=60, of="major"),
    _step(B.BROKEN, Level.REGION, after=4 * 60, within=30),
    _step(B.BROKEN, Level.GROUP, after=24 * 60, within=30),
    _step(B.CUSTOMER, Level.CITY, after=0, within=30),
    _step(B.CUSTOMER, Level.REGION, after=0, within=30),
    _step(B.CUSTOMER, Level.GROUP, after=0, within=30),
)
GROUP_LEVELS = (
    ("crisis", "cases.group_crisis", _("Households from which a group complaint is a crisis"), 50),
    ("major", "cases.group_major", _("Households from which a group complaint is major"), 20),
    ("ordinary", "cases.group_ordinary", _("Households from which a complaint is a group complaint"), 5),
)


def _are_rules(value: Any, keys: set[str], further: set[str]) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_RULES
        and all(isinstance(rule, dict) and keys <= set(rule) <= keys | further for rule in value)
    )


class GradeRulesSetting(SettingDefinition):
    """A setting that takes rules of grades."""

    def accepts(self, value: Any) -> bool:
        return _are_rules(value, {"when", "grade"}, {"at_least", "from"}) and all(map(self._is_rule, value))

    @staticmethod
    def _is_rule(rule: Mapping[str, Any]) -> bool:
        grades = [rule["grade"], rule.get("from", G.ORDINARY.value)]
        is_counted = rule["when"] in COUNTED if isinstance(rule["when"], str) else False
        return (
            rule["when"] in [*Signal.values, AGE]
            and all(grade in Case.Grade.values for grade in grades)
            and is_counted is ("at_least" in rule)
            and is_whole(rule.get("at_least", 1), 1, 10**9)
        )


class LadderSetting(SettingDefinition):
    """A setting that takes the steps of the ladder."""

    def accepts(self, value: Any) -> bool:
        keys = {"because", "level", "after", "within"}
        return _are_rules(value, keys, {"of"}) and all(map(self._is_rule, value))

    @staticmethod
    def _is_rule(rule: Mapping[str, Any]) -> bool:
        of = rule.get("of", "")
        known = {B.GRADE.value: Case.Grade.values, B.GROUP.value: [level for level, *_rest in GROUP_LEVELS]}
        return (
            rule["because"] in Escalation.Because.values
            and rule["level"] in Level.values
            and (not of or of in known.get(rule["because"], []))
            and is_whole(rule["after"], 0, LONGEST_MINUTES)
            and is_whole(rule["within"], 1, LONGEST_MINUTES)
        )


GRADE_RULES = declare(
    GradeRulesSetting(
        "cases.grade_rules",
        _("What makes a case graver"),
        "json",
        list(SHIPPED_GRADES),
        help_text=_(
            "when: media, online, lawsuit, authority, injury, or amount, households, dissatisfied, age (days) with"
            " at_least; grade: what the case becomes; from: the grade it must have at least. Rules only raise grades."
        ),
    )
)
LADDER = declare(
    LadderSetting(
        "cases.ladder",
        _("Who is told of cases, and in how many minutes"),
        "json",
        list(SHIPPED_LADDER),
        help_text=_(
            "because: broken, grade, group (with of: the grade, or ordinary, major, crisis), customer, colleague;"
            " level: city_company, region, group; after: minutes the level below has first; within: minutes it may"
            " take then."
        ),
    )
)
HOUSEHOLDS = [
    declare(SettingDefinition(key, label, "int", default, minimum=2, maximum=100_000))
    for _level, key, label, default in GROUP_LEVELS
]


def grade_of(
    current: str, facts: Mapping[str, int], rules: Iterable[Mapping[str, Any]]
) -> tuple[str, str] | None:
    """Return the highest grade that follows from the facts, and of which of them; None if it is not above the present.

    `facts` are how often or how much of each signal, and the age in days.
    """
    fitting = [
        rule
        for rule in rules
        if facts.get(rule["when"], 0) >= rule.get("at_least", 1)
        and RANK[current] >= RANK[rule.get("from", G.ORDINARY.value)]
    ]
    best = max(fitting, key=lambda rule: RANK[rule["grade"]], default=None)
    return (best["grade"], best["when"]) if best and RANK[best["grade"]] > RANK[current] else None


def group_level(households: int, values: Mapping[str, int]) -> str:
    """Return the level of a group complaint of so many households: none, ordinary, major or crisis."""
    return next((level for level, key, *_rest in GROUP_LEVELS if households >= values[key]), "")


def steps_for(because: str, of: str, rules: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return who is told for a reason."""
    return [rule for rule in rules if rule["because"] == because and rule.get("of", of) == of]

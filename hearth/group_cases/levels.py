# domain data
"""What makes a group complaint graver than the number of its households does. From how many households it is ordinary,
major or a crisis is a setting of cases, and so is who is told of which level.

{"sign": "banners", "households": 5, "level": "major"}
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from hearth.cases.grades import GROUP_LEVELS, HOUSEHOLDS, LADDER, group_level
from hearth.cases.models import Case
from hearth.group_cases.models import Sign
from hearth.organization.settings_catalogue import SettingDefinition, declare, is_whole

RANK = {level: rank for rank, level in enumerate(("", *Case.GroupLevel.values))}
MOST_RULES = 50
MOST_HOUSEHOLDS = 100_000


def _rule(sign: str, level: str, households: int = 1) -> dict[str, Any]:
    return {"sign": str(sign), "households": households, "level": str(level)}


# The guideline of practice.md 2.2 names sit-in, banners, petition and media beside the number; by 2.5 media bring it to
# the group within the hour, as a crisis is. From how many households a sign counts is proposed.
SHIPPED = (
    _rule(Sign.SIT_IN, "major", 5),
    _rule(Sign.BANNERS, "major", 5),
    _rule(Sign.PETITION, "major", 5),
    _rule(Sign.LAWSUIT, "major", 5),
    _rule(Sign.ONLINE, "ordinary"),
    _rule(Sign.SIT_IN, "ordinary"),
    _rule(Sign.BANNERS, "ordinary"),
    _rule(Sign.PETITION, "ordinary"),
    _rule(Sign.MEDIA, "crisis"),
)


class SignRulesSetting(SettingDefinition):
    """A setting that takes rules of signs."""

    def accepts(self, value: Any) -> bool:
        return isinstance(value, list) and len(value) <= MOST_RULES and all(map(_is_rule, value))


def _is_rule(rule: Any) -> bool:
    if not isinstance(rule, dict) or set(rule) != {"sign", "households", "level"}:
        return False
    return (
        rule["sign"] in Sign.values
        and rule["level"] in Case.GroupLevel.values
        and is_whole(rule["households"], 1, MOST_HOUSEHOLDS)
    )


SIGN_RULES = declare(
    SignRulesSetting(
        "group_cases.sign_rules",
        _("What makes a group complaint graver than its number of households"),
        "json",
        list(SHIPPED),
        help_text=_(
            "sign: sit_in, banners, petition, media, online, lawsuit; households: from how many on it counts; level: "
            "ordinary, major, crisis, which it has at least."
        ),
    )
)
RULES = {each.key: each.default for each in (SIGN_RULES, LADDER, *HOUSEHOLDS)}


def judge_level(households: int, signs: Collection[str], rules: Mapping[str, Any]) -> tuple[str, str]:
    """Return the level of a group complaint, and the sign that made it so; empty where the number did."""
    by_number = (group_level(households, rules), "")
    by_sign = _by_signs(households, signs, rules[SIGN_RULES.key])
    return max([by_number, *by_sign], key=lambda found: RANK[found[0]])


def _by_signs(
    households: int, signs: Collection[str], rules: Iterable[Mapping[str, Any]]
) -> list[tuple[str, str]]:
    return [
        (rule["level"], rule["sign"])
        for rule in rules
        if rule["sign"] in signs and households >= rule["households"]
    ]


def thresholds(rules: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return from how many households each level begins, the lowest first."""
    return [(level, rules[key]) for level, key, *_rest in reversed(GROUP_LEVELS)]

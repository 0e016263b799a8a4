"""The rules of the profile: data of the group, beside usable ones that ship.

The setting `insight.profile_rules` holds the rules that differ from what ships, in the form of
`ProfileRules.to_json`. It counts at the group only: a customer is known at several places and has one profile.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from hearth.analytics.profile_rules import ProfileRules
from hearth.core.errors import DomainError
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import resolve_setting
from hearth.organization.settings_catalogue import SettingDefinition, declare

KEY = "insight.profile_rules"
CODE = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_STAGE, LONGEST_TIER, LONGEST_CHANNEL = 24, 16, 20


class BadProfileRules(DomainError):
    """The rules contradict themselves or cannot be read; `reason` says how."""

    code = "bad_profile_rules"
    message = _("The profile rules are not valid: %(reason)s")


def read_rules(stored: Mapping[str, Any]) -> ProfileRules:
    """Read rules as they are stored; what is absent has its default.

    :raises BadProfileRules: if a name is unknown, a value is of another kind, or a customer would have no class
    """
    try:
        rules = ProfileRules.from_json(stored)
        _require_codes(rules)
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise BadProfileRules(reason=str(error)) from error
    return rules


def _require_codes(rules: ProfileRules) -> None:
    """Refuse labels that do not fit their columns; they also become names of columns."""
    for longest, codes in (
        (LONGEST_STAGE, rules.stage_labels),
        (LONGEST_TIER, rules.value_labels),
        (LONGEST_CHANNEL, rules.channels),
    ):
        for code in codes:
            if not CODE.fullmatch(code) or len(code) > longest:
                raise ValueError(code)


class ProfileRulesSetting(SettingDefinition):
    """A setting that takes what `read_rules` can read."""

    def accepts(self, value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        try:
            read_rules(value)
        except BadProfileRules:
            return False
        return True


PROFILE_RULES = declare(
    ProfileRulesSetting(
        KEY,
        _("Profile rules"),
        "json",
        {},
        help_text=_(
            "Owner stages, value tiers, windows and bounds that differ from what ships; at the group."
        ),
    )
)


def current_rules() -> ProfileRules:
    """Return the rules in force; at most two queries.

    :raises BadProfileRules: if the stored ones cannot be read
    """
    group = OrgUnit.objects.filter(parent=None).order_by("id").first()
    if group is None:
        return ProfileRules()
    return read_rules(resolve_setting(KEY, group, default=PROFILE_RULES.default).value)

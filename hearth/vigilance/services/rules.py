"""Keeping the rules of alarms."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.vigilance.catalogue import RULES
from hearth.vigilance.events import AlarmRuleChanged
from hearth.vigilance.models import AlarmRule
from hearth.vigilance.permissions import CHANGE_RULE, require_everywhere


@dataclass(frozen=True)
class RuleTerms:
    """What of a rule can be changed."""

    window_minutes: int
    at_least: int
    own_factor: float
    peer_factor: float
    is_active: bool


def sync_rules() -> None:
    """Add the shipped rules that are missing; what the group changed stays as it is. May be repeated."""
    rows = [
        AlarmRule(
            code=shipped.code,
            name_zh=shipped.name_zh,
            name_en=shipped.name_en,
            kinds=list(shipped.kinds),
            measure=shipped.measure,
            hours=shipped.hours,
            window_minutes=shipped.window_minutes,
            at_least=shipped.at_least,
            own_factor=shipped.factor,
            peer_factor=shipped.factor,
        )
        for shipped in RULES
    ]
    AlarmRule.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def change_rule(rule: AlarmRule, terms: RuleTerms, *, actor: Actor, now: datetime) -> AlarmRule:
    """Change when a rule raises an alarm.

    :raises NotAllowed: if the actor may not change rules for the group
    """
    require_everywhere(actor, CHANGE_RULE)
    locked = AlarmRule.objects.select_for_update().get(pk=rule.pk)
    for name, value in asdict(terms).items():
        setattr(locked, name, value)
    locked.save(update_fields=list(asdict(terms)))
    record(AlarmRuleChanged(rule_code=locked.code, is_active=locked.is_active), actor=actor, now=now)
    return locked

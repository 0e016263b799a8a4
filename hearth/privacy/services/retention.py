"""Letting go of what is kept no longer, in portions, with an account of each."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.db import transaction

from hearth.audit.personal_data import forget_touched_rows
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.core.personal_data import ErasureMustWait
from hearth.core.retention import kept_kinds
from hearth.privacy.events import RetentionChanged
from hearth.privacy.models import RetentionEntry, RetentionRule
from hearth.privacy.permissions import CHANGE_RETENTION
from hearth.privacy.retention_due import portions_due
from hearth.privacy.shipped_retention import SHIPPED_RULES

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RuleTerms:
    """What a rule says."""

    months: int
    way: str
    basis_zh: str
    basis_en: str
    is_active: bool


class WayNotPossible(InvalidInput):
    """The kind cannot be let go in this way."""

    code = "way_not_possible"


def sync_retention() -> None:
    """Add the shipped rules that are missing, none in force; what was changed stays. May be repeated."""
    rows = [RetentionRule(**asdict(shipped)) for shipped in SHIPPED_RULES]
    RetentionRule.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def change_rule(rule: RetentionRule, terms: RuleTerms, *, actor: Actor, now: datetime) -> RetentionRule:
    """Change how long a kind is kept and what is done then; it holds from the next night on.

    :raises NotAllowed: if the actor may not change retention
    :raises WayNotPossible: if the kind is not let go in this way
    """
    actor.require(CHANGE_RETENTION)
    locked = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    if terms.way not in kept_kinds[locked.kind].ways:
        raise WayNotPossible("way")
    for name, value in vars(terms).items():
        setattr(locked, name, value)
    locked.save()
    event = RetentionChanged(kind=locked.kind, months=locked.months, is_active=locked.is_active)
    record(event, actor=actor, now=now)
    return locked


def let_go_of_what_is_due(*, now: datetime, within: timedelta) -> int:
    """Let go of all rows whose time has passed by the rules in force, and return how many went.

    Each portion is a transaction of its own with its account, so that it may be ended at any moment and goes on the
    next time. It ends by itself after `within`. A kind that must wait is left for the next night.
    """
    ends, total = monotonic() + within.total_seconds(), 0
    for rule in RetentionRule.objects.filter(is_active=True).order_by("id"):
        if rule.kind not in kept_kinds:
            continue
        try:
            for ids in portions_due(rule, now=now):
                total += _let_go(rule, ids, now)
                if monotonic() > ends:
                    return total
        except ErasureMustWait as reason:
            logger.warning("Retention of %s waits: %s", rule.kind, reason.code)
    return total


@transaction.atomic
def _let_go(rule: RetentionRule, ids: Sequence[UUID], now: datetime) -> int:
    """Let one portion go, and the values of its rows in the log of changes; the account is written last."""
    number = kept_kinds[rule.kind].ways[rule.way](ids, now)
    forget_touched_rows()
    RetentionEntry.objects.create(
        rule=rule,
        way=rule.way,
        months=rule.months,
        row_ids=list(ids),
        number=number,
        created_at=now,
        updated_at=now,
    )
    return number

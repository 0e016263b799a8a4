"""The level of a group complaint: judged from its households and signs, and whom a graver one concerns."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from hearth.cases.grades import LADDER, steps_for
from hearth.cases.models import Escalation
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.group_cases.events import GroupLevelChanged, GroupSignNoted
from hearth.group_cases.levels import RULES, judge_level
from hearth.group_cases.models import GroupCase, GroupHousehold, GroupSign, GroupTelling, LevelChange, Sign
from hearth.group_cases.services.plans import start_steps
from hearth.group_cases.services.steps import about, live
from hearth.lib.identifiers import uuid7
from hearth.organization.selectors import resolve_settings


class SignUnlikely(InvalidInput):
    """A sign is one of those there are, and was seen before now."""

    code = "sign_unlikely"
    message = _("Choose what was seen, and when; that is not in the future.")


@transaction.atomic
def note_sign(
    group: GroupCase, *, actor: Actor, what: str, seen_at: datetime, note: str = "", now: datetime
) -> GroupSign:
    """Note that a sit-in, banners, a petition or the like was seen, and judge the level anew.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if it is closed
    :raises SignUnlikely: if it is no sign, or was seen after now
    """
    group = live(group, actor)
    if what not in Sign.values:
        raise SignUnlikely("what")
    if seen_at > now:
        raise SignUnlikely("seen_at")
    sign = GroupSign.objects.create(
        group_case=group,
        what=what,
        note=note.strip()[:200],
        seen_at=seen_at,
        user_id=actor.user_id,
        is_sample=group.is_sample,
        created_at=now,
        updated_at=now,
    )
    record(GroupSignNoted(**about(group), what=what), actor=actor, now=now)
    judge(group, actor=actor, now=now)
    return sign


def judge(group: GroupCase, *, actor: Actor, now: datetime) -> None:
    """Count the households of a locked group complaint, and keep the level that follows; opens no transaction.

    Households are counted as they are now: records that were merged, or became one household, count once.
    """
    present = GroupHousehold.objects.present().filter(group_case=group)
    one = Coalesce("customer__household_id", "customer_id")
    number = present.aggregate(number=Count(one, distinct=True))["number"]
    signs = set(GroupSign.objects.filter(group_case=group).values_list("what", flat=True))
    rules = rules_at(group)
    before, (level, because) = group.level, judge_level(number, signs, rules)
    group.households, group.level, group.updated_at = number, level, now
    group.save(update_fields=["households", "level", "updated_at"])
    if level != before:
        _keep_change(group, before, because, rules, actor=actor, now=now)


def rules_at(group: GroupCase) -> Mapping[str, Any]:
    """Return the rules of levels and of who is told at the place of a group complaint."""
    return {key: resolved.value for key, resolved in resolve_settings(RULES, group.org_unit).items()}


def _keep_change(
    group: GroupCase, before: str, because: str, rules: Mapping[str, Any], *, actor: Actor, now: datetime
) -> None:
    LevelChange.objects.create(
        group_case=group,
        from_level=before,
        to_level=group.level,
        households=group.households,
        because=because,
        user_id=actor.user_id,
        is_sample=group.is_sample,
        created_at=now,
        updated_at=now,
    )
    event = GroupLevelChanged(
        **about(group),
        from_level=before,
        to_level=group.level,
        because=because or "households",
        households=group.households,
    )
    record(event, actor=actor, now=now)
    if group.level:
        start_steps(group, now=now)
        _raise_tellings(group, rules, now)


def _raise_tellings(group: GroupCase, rules: Mapping[str, Any], now: datetime) -> None:
    """Write down who is to be told of a level, from when and by when; of one level each once."""
    rows = []
    for step in steps_for(Escalation.Because.GROUP, group.level, rules[LADDER.key]):
        tell_at = now + timedelta(minutes=step["after"])
        rows.append(
            GroupTelling(
                id=uuid7(),
                group_case=group,
                level=step["level"],
                of=group.level,
                tell_at=tell_at,
                due_at=tell_at + timedelta(minutes=step["within"]),
                is_sample=group.is_sample,
                created_at=now,
                updated_at=now,
            )
        )
    GroupTelling.objects.bulk_create(rows, ignore_conflicts=True)

"""Looking at what people read lately, beside what they and their peers usually read."""

from datetime import datetime, timedelta

from django.utils import timezone

from hearth.vigilance.habits import Habit, is_unusual
from hearth.vigilance.models import AlarmRule
from hearth.vigilance.selectors import counted_now, peaks_of, peers_of
from hearth.vigilance.services.raising import Finding, raise_alarm


def judge_reading(*, now: datetime) -> int:
    """Raise the alarms that the rules in force find at this moment; return how many findings there were.

    One query for each rule, three more for each person above its threshold. May be repeated: what goes on is one alarm.
    """
    found = 0
    for rule in AlarmRule.objects.by_rate():
        for user_id, number in counted_now(rule, now=now).items():
            finding = _judge(rule, user_id, number, now)
            if finding:
                raise_alarm(rule, finding, now=now)
                found += 1
    return found


def _judge(rule: AlarmRule, user_id: int, number: int, now: datetime) -> Finding | None:
    before = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    own = Habit.of(peaks_of(rule, [user_id], before=before))
    if own and not own.is_far_below(number, rule.own_factor):
        return None
    peers = Habit.of(peaks_of(rule, peers_of(user_id, today=before.date()), before=before))
    if not is_unusual(number, own=own, own_factor=rule.own_factor, peers=peers, peer_factor=rule.peer_factor):
        return None
    return Finding(
        user_id,
        number,
        began_at=now - timedelta(minutes=rule.window_minutes),
        ended_at=now,
        own_median=own.median if own else None,
        peer_median=peers.median if peers else None,
    )

"""Reads, rules and alarms for tests."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hearth.accounts.models import User
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit
from hearth.vigilance.models import Alarm, AlarmRule, Kind, Read
from hearth.vigilance.permissions import CHANGE_ALARM, CHANGE_RULE, VIEW_ALARM
from hearth.vigilance.services import sync_rules
from hearth.vigilance.services.raising import Finding, raise_alarm
from tests.organization.builders import make_member

# A Wednesday afternoon in Shanghai.
NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
OFFICER_RIGHTS = (SIGNED_IN, "customers.view", VIEW_ALARM, CHANGE_ALARM, CHANGE_RULE)


def make_officer(group: OrgUnit) -> User:
    """Write a user who watches over the group."""
    return make_member(group, *OFFICER_RIGHTS)


def make_rule(code: str) -> AlarmRule:
    """Return a rule as it ships."""
    sync_rules()
    return AlarmRule.objects.get(code=code)


def make_reads(
    user: User,
    number: int,
    *,
    until: datetime = NOW,
    minutes: int = 50,
    kind: Kind = Kind.CUSTOMER,
    records: Sequence[UUID] | None = None,
) -> None:
    """Write reads spread over the minutes before an instant, each of another record unless they are given."""
    step = timedelta(minutes=minutes) / max(number, 1)
    Read.objects.bulk_create(
        Read(
            user=user,
            kind=kind,
            record_id=records[place % len(records)] if records else uuid4(),
            read_at=until - step * place,
        )
        for place in range(number)
    )


def make_habit(
    user: User, *, an_hour: int, days: int = 20, seed: int = 1, kind: Kind = Kind.CUSTOMER
) -> None:
    """Write past days with a busy hour each, whose number of records varies by a fifth."""
    chance = random.Random(seed)
    for day in range(1, days + 1):
        number = max(1, round(an_hour * chance.uniform(0.8, 1.2)))
        make_reads(user, number, until=NOW - timedelta(days=day), kind=kind)


def make_alarm(user: User, *, code: str = "profiles-hour", number: int = 300) -> Alarm:
    """Write an alarm about a person."""
    found = Finding(user.pk, number, NOW - timedelta(hours=1), NOW, own_median=20.0, peer_median=25.0)
    return raise_alarm(make_rule(code), found, now=NOW)

"""Several look for broken promises at once, and one is killed between; commits are real."""

from datetime import timedelta

import pytest

from hearth.accounts.models import Notification
from hearth.cases.models import ServiceClock
from hearth.cases.permissions import OVERSEE_CASE
from hearth.cases.services import breaches, notice_breaches
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from tests.cases.test_clocks import at, open_new
from tests.customers.test_merge_races import at_once
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db(transaction=True)
LATER = at(18, 9) + timedelta(days=13)


def told() -> tuple[int, int]:
    broken = EventRecord.objects.filter(type="cases.promise_broken").count()
    return broken, Notification.objects.filter(kind__startswith="cases.broken").count()


def test_of_two_who_look_at_once_each_breach_is_told_by_one(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaches, "AT_ONCE", 3)
    make_member(company, OVERSEE_CASE)
    for _number in range(6):
        open_new(company, at(18, 9))
    found: list[int] = []

    at_once(*[lambda: found.append(notice_breaches(now=LATER)) for _look in range(3)])
    found.append(notice_breaches(now=LATER))

    assert sum(found) == 18
    assert told() == (18, 18)


def test_a_look_that_dies_between_leaves_the_rest_to_the_next_and_tells_nothing_twice(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The worker is gone."""

    monkeypatch.setattr(breaches, "AT_ONCE", 2)
    make_member(company, OVERSEE_CASE)
    open_new(company, at(18, 9))
    tell = breaches._tell
    calls: list[object] = []

    def dying(*arguments: object) -> None:
        calls.append(arguments)
        tell(*arguments)  # type: ignore[arg-type]
        if len(calls) == 3:
            raise Killed

    monkeypatch.setattr(breaches, "_tell", dying)
    with pytest.raises(Killed):
        notice_breaches(now=LATER)
    after_death = told(), ServiceClock.objects.filter(noticed_at=None).count()
    monkeypatch.setattr(breaches, "_tell", tell)
    notice_breaches(now=LATER)

    assert after_death == ((2, 2), 1)
    assert told() == (3, 3)

"""Several act on one disclosure or promise in the same moment; commits are real."""

from datetime import date, timedelta

import pytest

from hearth.accounts.models import Notification
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.promises.models import Acknowledgement, Disclosure, PromiseOutcome
from hearth.promises.services import Said, begin_disclosure, mark_overdue, open_cases, say_outcome
from tests.customers.builders import make_customer, make_home
from tests.exports.builders import actor_of
from tests.inventory.racing import at_once
from tests.promises.builders import (
    NOW,
    TODAY,
    make_acknowledgement,
    make_decided,
    make_draft,
    make_promise,
    make_published,
    make_writer,
)
from tests.properties.builders import make_project
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("test")


def test_of_two_who_begin_a_version_at_once_one_does(company: OrgUnit) -> None:
    project = make_project(company)
    writers = [actor_of(make_writer(company)) for _number in range(2)]

    came = at_once(
        [lambda by=by: begin_disclosure(project, "pledge", actor=by, now=NOW) for by in writers]  # type: ignore[misc]
    )

    assert came == {"": 1, "version_begun": 1}
    assert Disclosure.objects.count() == 1


def test_of_two_who_note_one_acknowledgement_at_once_one_does(company: OrgUnit) -> None:
    disclosure, customer = make_published(make_draft(company)), make_customer(company)

    came = at_once([lambda: make_acknowledgement(disclosure, customer)] * 2)

    assert came == {"": 1, "acknowledged_before": 1}
    assert Acknowledgement.objects.count() == 1


def test_of_two_who_say_what_became_of_a_promise_at_once_one_does(company: OrgUnit) -> None:
    promise = make_promise(company)
    writers = [actor_of(make_writer(company)) for _number in range(2)]

    came = at_once(
        [lambda by=by: say_outcome(promise, Said("broken", "取消"), actor=by, now=NOW) for by in writers]  # type: ignore[misc]
    )

    assert came == {"": 1, "outcome_waits": 1}
    assert PromiseOutcome.objects.count() == 1


def test_of_two_who_open_cases_of_a_broken_promise_at_once_one_does(company: OrgUnit) -> None:
    home = make_home(company)
    promise = make_promise(company, project=home.project, made_date=date(2025, 1, 1))
    make_contract(home, make_customer(company))
    make_decided(promise)

    came = at_once([lambda: open_cases(promise, "enquiry", actor=SYSTEM, now=NOW)] * 2)

    assert came == {"": 1, "nobody_to_answer": 1}
    assert Case.objects.count() == 1


def test_of_two_who_look_for_overdue_promises_at_once_each_is_told_by_one(company: OrgUnit) -> None:
    for _number in range(5):
        make_promise(company, department=company, due_date=TODAY)
    keepers = 5

    at_once([lambda: mark_overdue(now=NOW + timedelta(days=2))] * 3)

    assert EventRecord.objects.filter(type="promises.promise_overdue").count() == 5
    assert Notification.objects.filter(kind="promises.overdue").count() == 5 * keepers

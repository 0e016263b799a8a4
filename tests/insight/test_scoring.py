"""All profiles are computed from one dated snapshot, and say so."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import CustomerProfile
from hearth.insight.models import ScoringRun
from hearth.insight.permissions import VIEW_INSIGHT
from hearth.insight.services import ScoringRunning, fill_run, run_scoring, score_all, start_scoring
from hearth.insight.services.scoring import LOCK
from hearth.organization.models import OrgUnit
from hearth.warehouse.models import Snapshot
from tests.customers.builders import make_customer
from tests.insight.builders import (
    SYSTEM,
    make_case,
    make_contact,
    make_contract,
    make_payment,
    score_here,
    snapshot_here,
)
from tests.organization.builders import make_actor

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.requirement("S71")
@pytest.mark.requirement("S158")
def test_a_profile_sums_up_what_is_known_of_a_customer_as_of_the_snapshot(
    company: OrgUnit, now: datetime
) -> None:
    customer = make_customer(company)
    contract = make_contract(
        customer, company, at=now, signed=date(2025, 3, 1), amount=3_000_000, handed_over=date(2025, 12, 1)
    )
    make_payment(customer, company, at=now, paid=date(2025, 3, 2), amount=900_000, contract=contract)
    make_payment(customer, company, at=now, paid=date(2026, 2, 1), amount=Decimal("1200.50"))
    make_payment(customer, company, at=now, paid=date(2026, 2, 9), amount=Decimal("-200.50"))
    make_contact(customer, company, at=now - timedelta(days=10), channel="wechat")
    make_contact(customer, company, at=now - timedelta(days=80))
    make_contact(customer, company, at=now - timedelta(days=2), channel="note", direction="internal")
    make_case(customer, company, at=now - timedelta(days=5))
    make_case(customer, company, at=now - timedelta(days=50), closed_at=now - timedelta(days=40))
    make_case(customer, company, at=now - timedelta(days=5), kind="repair")

    run = score_here(now)

    profile = CustomerProfile.objects.get(customer=customer)
    assert profile.run_id == run.id
    assert profile.scored_at == now
    assert profile.frequency == 2
    assert profile.monetary_amount == Decimal("3001000.00")
    assert profile.purchase_recency_days == 45
    assert profile.recency_days == 10
    assert profile.contacts == {
        "wechat_30": 1,
        "all_30": 1,
        "wechat_90": 1,
        "phone_90": 1,
        "all_90": 2,
        "wechat_365": 1,
        "phone_365": 1,
        "all_365": 2,
    }
    assert profile.open_complaints == 1
    assert profile.homes == 1
    assert profile.owner_stage == "settling_in_owner"
    assert profile.explanation["owner_stage_date"] == "2025-12-01"


def test_a_run_keeps_its_snapshot_rules_and_cut_points_and_is_told(company: OrgUnit, now: datetime) -> None:
    for amount in range(1, 101):
        make_contract(
            make_customer(company), company, at=now, signed=date(2026, 1, 5), amount=amount * 10_000
        )

    run = score_here(now)

    assert run.state == ScoringRun.State.DONE
    assert run.scored == 100
    assert run.as_of_at == now
    assert run.rules["value_days"] == 1095
    assert run.cut_points == {"top": 990_100.0, "large": 950_500.0, "medium": 802_000.0}
    tiers = CustomerProfile.objects.values_list("value_tier", flat=True)
    assert {tier: list(tiers).count(tier) for tier in set(tiers)} == {
        "top": 1,
        "large": 4,
        "medium": 15,
        "small": 80,
    }
    event = EventRecord.objects.get(type="insight.profiles_scored")
    assert (event.subject_id, event.payload["scored"]) == (run.id, 100)


def test_an_installation_without_customers_is_scored_too(now: datetime, group: OrgUnit) -> None:
    run = score_here(now)

    assert (run.state, run.scored, run.cut_points) == (ScoringRun.State.DONE, 0, {})


def test_a_run_that_fails_says_why_and_leaves_the_profiles(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)
    first = score_here(now)
    lost = Snapshot.objects.create(taken_at=now, state=Snapshot.State.DONE, created_at=now, updated_at=now)

    with pytest.raises(Exception, match=str(lost.id)):
        run_scoring(lost, actor=SYSTEM, now=now)

    failed = ScoringRun.objects.get(snapshot=lost)
    assert failed.state == ScoringRun.State.FAILED
    assert failed.error == "snapshot_files_missing"
    assert CustomerProfile.objects.get(customer=customer).run_id == first.id


def test_a_profile_that_speaks_of_a_later_moment_stays(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)
    snapshot = snapshot_here(now)
    later = score_here(now + timedelta(hours=1))

    run_scoring(snapshot, actor=SYSTEM, now=now + timedelta(hours=2))

    assert CustomerProfile.objects.get(customer=customer).run_id == later.id


def test_two_runs_never_compute_together(now: datetime, group: OrgUnit) -> None:
    snapshot = snapshot_here(now)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_lock({LOCK})")

        with pytest.raises(ScoringRunning):
            run_scoring(snapshot, actor=SYSTEM, now=now)
    finally:
        other.close()

    assert ScoringRun.objects.get().error == "scoring_running"


def test_what_a_killed_process_left_is_marked_and_its_repetition_computes(
    company: OrgUnit, now: datetime
) -> None:
    make_customer(company)
    killed = ScoringRun.objects.create(
        as_of_at=now, state=ScoringRun.State.RUNNING, rules={}, created_at=now, updated_at=now
    )

    run = score_here(now)
    repeated = fill_run(run, actor=SYSTEM, now=now)

    killed.refresh_from_db()
    assert (killed.state, killed.error) == (ScoringRun.State.FAILED, "interrupted")
    assert (repeated.state, repeated.scored) == (ScoringRun.State.DONE, 1)


def test_a_person_queues_one_computation_at_a_time(company: OrgUnit, now: datetime) -> None:
    run = start_scoring(actor=SYSTEM, now=now)

    assert run.state == ScoringRun.State.QUEUED
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'run_id' FROM procrastinate_jobs WHERE task_name = 'insight.score'")
        assert cursor.fetchall() == [(str(run.id),)]
    with pytest.raises(ScoringRunning):
        start_scoring(actor=SYSTEM, now=now)


def test_scoring_needs_the_right(company: OrgUnit, now: datetime) -> None:
    reader = make_actor(company, VIEW_INSIGHT)
    snapshot = snapshot_here(now)

    with pytest.raises(NotAllowed):
        start_scoring(actor=reader, now=now)
    with pytest.raises(NotAllowed):
        score_all(actor=reader, now=now)
    with pytest.raises(NotAllowed):
        run_scoring(snapshot, actor=reader, now=now)


@pytest.mark.django_db(transaction=True)
def test_a_run_takes_a_snapshot_of_its_own_unless_the_newest_is_fresh(company: OrgUnit) -> None:
    now = datetime.fromisoformat("2026-03-18T14:30:00+08:00")
    customer = make_customer(company)
    make_contract(customer, company, at=now, signed=date(2026, 1, 5))

    first = score_all(actor=Actor.system("insight"), now=now)
    soon = score_all(actor=Actor.system("insight"), now=now + timedelta(minutes=10))
    later = score_all(actor=Actor.system("insight"), now=now + timedelta(minutes=40))

    assert (first.scored, soon.scored, later.scored) == (1, 1, 1)
    assert first.snapshot_id == soon.snapshot_id
    assert later.snapshot_id != first.snapshot_id
    assert CustomerProfile.objects.get().owner_stage == "pre_owner"

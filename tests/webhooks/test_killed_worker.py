"""A real worker, a real web server, and SIGKILL in the middle of it: nothing is lost."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook

from hearth.core.partitions import ensure_months
from hearth.organization.models import OrgUnit
from hearth.webhooks.models import Delivery
from tests.organization.builders import make_group
from tests.processes import environment_of_test
from tests.webhooks.builders import make_endpoint, write_event
from tests.webhooks.receiver import Receiver

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.timeout(240),
]
EVENTS_WRITTEN = 300
KILLS = 3


@pytest.fixture
def start_worker() -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start workers of webhooks on this test's database, none of which outlives the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(_start())
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


def _start() -> subprocess.Popen[bytes]:
    environment = environment_of_test() | {"HEARTH_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    return subprocess.Popen([sys.executable, "-m", "hearth", "webhooks"], env=environment, cwd=settings.ROOT)


def wait_for(receiver: Receiver, number: int, worker: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while len(set(receiver.ids)) < number:
        assert worker.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)


def free_what_died() -> None:
    """Let the claims of a dead worker end at once instead of after a minute."""
    Delivery.objects.filter(claim_ends_at__isnull=False).update(
        claim_ends_at=timezone.now() - timedelta(seconds=1)
    )


def write_events(company: OrgUnit, number: int) -> set[UUID]:
    with transaction.atomic():
        return {write_event(company, now=timezone.now()).id for _ in range(number)}


def test_every_event_arrives_although_the_worker_is_killed_again_and_again(
    receiver: Receiver, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    make_group()
    company = OrgUnit.objects.get(code="SZ")
    ensure_months([timezone.now()])
    endpoint, secret = make_endpoint(
        company, now=timezone.now(), url=receiver.url, types=["customer.created"]
    )
    written: set[UUID] = set()

    for kill in range(1, KILLS + 1):
        written |= write_events(company, EVENTS_WRITTEN // KILLS)
        worker = start_worker()
        wait_for(receiver, kill * EVENTS_WRITTEN // (KILLS + 2), worker)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        free_what_died()
    last = start_worker()
    wait_for(receiver, EVENTS_WRITTEN, last)
    last.send_signal(signal.SIGTERM)

    assert last.wait(timeout=30) == 0
    assert {UUID(found) for found in receiver.ids} == written
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
    # What was on its way when a worker died came again, at most eight a kill, and with the same id.
    assert len(receiver.ids) - len(written) <= 8 * KILLS
    checker = Webhook(secret)
    for request in receiver.requests:
        checker.verify(request.body, request.headers)
    assert endpoint.deliveries.count() == EVENTS_WRITTEN

"""A real worker, a real SMTP conversation, and SIGKILL in the middle of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from hearth.channels.models import Message
from hearth.channels.services.messages import queue_messages, recover_messages
from hearth.core.actor import Actor
from tests.channels.builders import make_draft
from tests.channels.mailbox import Mailbox, open_mailbox
from tests.organization.builders import make_group

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
MESSAGES = 160
KILLS = 2


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_jobs_left() -> Iterator[None]:
    """Empty the table of jobs, which Django does not manage and so does not flush."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def start_worker(mailbox: Mailbox) -> subprocess.Popen[bytes]:
    """Start a worker on this test's database that ends when nothing is left to do."""
    connected = connection.settings_dict
    # The host may be the folder of a socket, which has no place before the path of an address.
    where = urlencode({"host": connected["HOST"], "port": connected["PORT"] or 5432})
    address = "postgres://{USER}:{PASSWORD}@/{NAME}?".format(**connected) + where
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "HEARTH_KEY_RING": str(settings.KEY_RING),
        "HEARTH_SMTP_PORT": str(mailbox.port),
    }
    command = [sys.executable, "-m", "hearth", "manage", "procrastinate", "worker", "--one-shot"]
    return subprocess.Popen([*command, "--queues=mail"], env=environment, cwd=settings.ROOT)


def wait_for(mailbox: Mailbox, number: int, worker: subprocess.Popen[bytes]) -> None:
    while len(mailbox.mails) < number:
        assert worker.poll() is None
        time.sleep(0.005)


def bring_back_what_died() -> None:
    """Do at once what the clock does within minutes: repeat the dead worker's job, settle its messages."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE status = 'doing'"
        )
    recover_messages(now=timezone.now() + timedelta(minutes=11))


def test_every_recipient_gets_one_mail_although_the_worker_is_killed_again_and_again(
    mailbox: Mailbox, actor: Actor
) -> None:
    group = make_group()
    drafts = [make_draft(group) for _ in range(MESSAGES)]
    queue_messages(drafts, actor=actor, now=timezone.now())

    for kill in range(1, KILLS + 1):
        worker = start_worker(mailbox)
        wait_for(mailbox, kill * MESSAGES // (KILLS + 2), worker)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        bring_back_what_died()
    last = start_worker(mailbox)

    assert last.wait() == 0
    by_state: dict[str, set[str]] = {}
    for message in Message.objects.all():
        by_state.setdefault(message.state, set()).add(message.recipient)
    unconfirmed = by_state.pop("unconfirmed", set())
    assert list(by_state) == ["sent"]
    assert len(unconfirmed) <= KILLS
    assert len(by_state["sent"]) + len(unconfirmed) == MESSAGES
    assert set(mailbox.recipients.values()) == {1}
    assert by_state["sent"] <= set(mailbox.recipients) <= by_state["sent"] | unconfirmed

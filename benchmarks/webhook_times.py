"""From the commit of an act to its arrival at another system, by a worker of its own beside the large data set."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from benchmarks.load import Times
from hearth.accounts.models import User
from hearth.config.environment import ROOT
from hearth.core.actor import Actor, Scope
from hearth.core.events import record
from hearth.core.permissions import VIEW_EVENTS
from hearth.customers.events import CustomerChanged
from hearth.lib.identifiers import uuid7
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.webhooks.models import Endpoint
from hearth.webhooks.permissions import MANAGE_WEBHOOK
from hearth.webhooks.services.endpoints import create_endpoint
from hearth.webhooks.services.gathering import SENDER

EVENTS, A_SECOND = 300, 20
NETWORK = "127.0.0.0/8"
LONGEST_WAIT = 60.0


@dataclass
class Arrivals:
    """When each event arrived, by its id."""

    at: dict[str, float] = field(default_factory=dict)
    port: int = 0


@contextmanager
def listen() -> Iterator[Arrivals]:
    arrivals = Arrivals()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            arrivals.at.setdefault(self.headers.get("webhook-id", ""), time.perf_counter())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    arrivals.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield arrivals
    finally:
        server.shutdown()
        server.server_close()


def first_attempts(group: OrgUnit) -> Times:
    """Write events one by one, twenty a second, and return how long each took from its commit to its arrival."""
    environment = {**os.environ, "HEARTH_WEBHOOK_NETWORKS": NETWORK}
    settings.WEBHOOK_NETWORKS = [ip_network(NETWORK)]
    with listen() as arrivals:
        endpoint = _make_endpoint(group, f"http://127.0.0.1:{arrivals.port}/")
        command = [sys.executable, "-m", "hearth", "webhooks"]
        worker = subprocess.Popen(command, env=environment, cwd=ROOT)
        try:
            committed = _write_events(group, 1)
            _wait(arrivals, committed)
            committed = _write_events(group, EVENTS)
            _wait(arrivals, committed)
        finally:
            worker.terminate()
            worker.wait()
            Endpoint.objects.filter(pk=endpoint.pk).delete()
    taken = [(arrivals.at[event_id] - moment) * 1000 for event_id, moment in committed.items()]
    return Times(tuple(sorted(taken)))


def post_alone() -> Times:
    """Post as much by a bare connection each."""
    taken = []
    with listen() as arrivals:
        for _ in range(EVENTS):
            begun = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", arrivals.port)
            connection.request("POST", "/", b"{}")
            connection.getresponse().read()
            connection.close()
            taken.append((time.perf_counter() - begun) * 1000)
    return Times(tuple(sorted(taken)))


def _make_endpoint(group: OrgUnit, url: str) -> Endpoint:
    now = timezone.now()
    name = f"bench-webhook-{now.timestamp()}"
    owner: User = User.objects.create(username=name, email=f"{name}@hearth.invalid", created_at=now)
    role = Role.objects.create(code=name[:40], name_zh=name, name_en=name, permissions=[VIEW_EVENTS])
    Membership.objects.create(user=owner, org_unit=group, role=role, valid_from=timezone.localdate())
    actor = Actor(owner.pk, name, {MANAGE_WEBHOOK: Scope.EVERYWHERE})
    types = [CustomerChanged.type]
    endpoint, _secret = create_endpoint(
        org_unit=group, name="Bench", url=url, types=types, actor=actor, now=now
    )
    return endpoint


def _write_events(group: OrgUnit, number: int) -> dict[str, float]:
    """Write events at an even pace, each in a transaction of its own; return when each was committed."""
    committed = {}
    for _ in range(number):
        begun = time.perf_counter()
        with transaction.atomic():
            event = CustomerChanged(org_unit_id=group.pk, customer_id=uuid7(), fields=("note",))
            row = record(event, actor=SENDER, now=timezone.now())
        committed[str(row.id)] = time.perf_counter()
        time.sleep(max(0.0, 1 / A_SECOND - (time.perf_counter() - begun)))
    return committed


def _wait(arrivals: Arrivals, committed: dict[str, float]) -> None:
    until = time.monotonic() + LONGEST_WAIT
    while not committed.keys() <= arrivals.at.keys():
        if time.monotonic() > until:
            message = f"{len(committed.keys() - arrivals.at.keys())} events never arrived."
            raise TimeoutError(message)
        time.sleep(0.05)

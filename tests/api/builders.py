"""Programs that talk to the API, for tests."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.utils import timezone

from hearth.accounts.models import User
from hearth.accounts.services import create_token
from hearth.cases.models import Case
from hearth.cases.services import NewCase, open_case
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN, VIEW_EVENTS
from hearth.organization.models import OrgUnit
from tests.organization.builders import make_member

RIGHTS = (
    SIGNED_IN,
    VIEW_EVENTS,
    "customers.view",
    "customers.change",
    "properties.view",
    "cases.view",
    "cases.change",
    "sales.view",
    "sales.change",
    "contract_changes.view",
    "contract_changes.ask",
    "contract_changes.approve",
    "contract_texts.view",
    "contract_texts.change",
    "inventory.view",
    "inventory.hold",
    "promises.view",
    "promises.change",
    "promises.acknowledge",
    "mailroom.handle",
    "repairs.view",
    "repairs.change",
    "repairs.work",
    "market.view",
    "market.change",
    "sales_figures.view",
    "brokers.view",
    "brokers.register",
    "brokers.view_commission",
    "leads.view",
    "leads.change",
    "radar.view",
    "radar.change",
    "channels.view",
    "channels.record",
    "privacy.view_consent",
    "privacy.change_consent",
    "privacy.take_requests",
    "segments.view",
    "campaigns.view",
    "organization.view",
    "webhooks.manage",
    "imports.run",
    "tasks.view",
    "imports.revert",
    "properties.change",
)


@dataclass(frozen=True)
class Answered:
    """What the API said: status, JSON, headers, and the text of a file."""

    status: int
    body: Any
    headers: Mapping[str, str]
    text: str = ""

    @property
    def code(self) -> str:
        """The stable part of a problem's type."""
        return str(self.body["type"]).rsplit("/", 1)[-1]


class Program:
    """A program with a token; paths are below /api/v1."""

    def __init__(self, secret: str = "", *, language: str = "en", address: str = "127.0.0.1") -> None:
        self.client = Client(raise_request_exception=False, REMOTE_ADDR=address)
        self.headers = {"Accept-Language": language}
        if secret:
            self.headers["Authorization"] = f"Bearer {secret}"

    def get(self, path: str, parameters: Mapping[str, Any] | None = None, **headers: str) -> Answered:
        return self._ask("GET", path, query_params=parameters, headers=headers)

    def post(self, path: str, body: object, **headers: str) -> Answered:
        return self._ask("POST", path, data=body, content_type="application/json", headers=headers)

    def patch(self, path: str, body: object, **headers: str) -> Answered:
        return self._ask("PATCH", path, data=body, content_type="application/json", headers=headers)

    def put(self, path: str, body: object, **headers: str) -> Answered:
        return self._ask("PUT", path, data=body, content_type="application/json", headers=headers)

    def delete(self, path: str, **headers: str) -> Answered:
        return self._ask("DELETE", path, headers=headers)

    def ask(
        self, method: str, path: str, parameters: Mapping[str, Any], body: object, **headers: str
    ) -> Answered:
        """Send any method with parameters and, unless it is None, a body; bytes are a file."""
        if isinstance(body, bytes):
            return self.send(method, f"{path}?{urlencode(parameters)}", body, "text/csv", **headers)
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        if method == "GET":
            return self._ask("GET", path, query_params=parameters, headers=headers)
        return self._ask(method, path, query_params=parameters, headers=headers, **sent)

    def send(self, method: str, path: str, body: bytes | str, content_type: str, **headers: str) -> Answered:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.client.generic(
            method, f"/api/v1{path}", body, content_type=content_type, headers={**self.headers, **named}
        )
        return _read(response)

    def _ask(self, method: str, path: str, *, headers: Mapping[str, str], **kwargs: Any) -> Answered:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        ask = getattr(self.client, method.lower())
        response = ask(f"/api/v1{path}", headers={**self.headers, **named}, **kwargs)
        return _read(response)


def _read(response: Any) -> Answered:
    if response.streaming:
        return Answered(
            response.status_code, None, response.headers, response.getvalue().decode(errors="replace")
        )
    is_json = "json" in response.headers.get("Content-Type", "")
    return Answered(response.status_code, response.json() if is_json else None, response.headers)


def make_token(
    user: User,
    *,
    can_write: bool = True,
    now: datetime | None = None,
    days: int = 30,
    rights: Sequence[str] = (),
    networks: Sequence[str] = (),
) -> str:
    """Write a token and return its secret; `now` is when it was made."""
    now = now or timezone.now()
    system = Actor.system("test")
    expires_at = now + timedelta(days=days)
    _token, secret = create_token(
        user,
        actor=system,
        now=now,
        name="test",
        expires_at=expires_at,
        can_write=can_write,
        rights=rights,
        networks=networks,
    )
    return secret


def make_program(org_unit: OrgUnit, *rights: str, can_write: bool = True, language: str = "en") -> Program:
    """Return a program of a new user who holds these rights (by default those of all operations) at a place."""
    user = make_member(org_unit, *(rights or RIGHTS))
    return Program(make_token(user, can_write=can_write), language=language)


def open_case_at(org_unit: OrgUnit, *, title: str = "Wet ceiling", at: datetime | None = None) -> Case:
    """Write a case."""
    opened_at = at or timezone.now()
    new = NewCase(
        org_unit_id=org_unit.pk, kind="repair", title=title, body=title, channel="web", opened_at=opened_at
    )
    return open_case(new, actor=Actor.system("test"), now=opened_at)

"""Editing a field as a browser does it."""

import re
from typing import Any

from django.test import Client

from hearth.core.models import EventRecord, Record
from hearth.core.versions import version_of
from hearth.customers.models import Customer
from tests.customers.builders import NOW


def address_of(row: Record, key: str, field: str) -> str:
    return f"/lists/{key}/{row.pk}/fields/{field}/"


def fields_of(html: str) -> dict[str, str]:
    """Read the inputs of a form as a browser would send them; a select sends what is marked."""
    inputs = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', html))
    chosen = re.search(r'<select name="value".*?<option value="([^"]*)" selected', html, re.DOTALL)
    return inputs | ({"value": chosen[1]} if chosen else {})


def open_editor(client: Client, address: str) -> dict[str, str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return fields_of(answer.content.decode())


def save(client: Client, address: str, value: str, seen: dict[str, str] | None = None) -> Any:
    return client.post(address, {**(seen or open_editor(client, address)), "value": value})


SEEN_AT_FIRST = version_of(Customer(updated_at=NOW))


def text_of(response: Any) -> str:
    return str(response.content.decode())


def events_of(kind: str) -> list[dict[str, Any]]:
    rows = EventRecord.objects.filter(type=kind, occurred_at__gt=NOW)
    return [{**row.payload, "by": row.actor_id} for row in rows]

"""What a delivery says: thin by default, with the records for endpoints that ask for them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.registry import Registry

# Apps above give the records an event speaks of, as far as the actor may see them; nothing when there is none.
RecordReader = Callable[[EventRecord, Actor], Mapping[str, Any] | None]
payload_records: Registry[RecordReader] = Registry()

IDS = ("org_unit_id", "customer_id", "household_id", "unit_id", "project_id", "subject_id")


def write_payload(event: EventRecord, actor: Actor, *, is_full: bool) -> bytes:
    """Return the body for an event: ids and names of fields, and what they lead to when `is_full`.

    Ruled values never come in full: a replay would carry more of them than one may take in a file alone. Whoever needs
    one asks for it by the API, where they are counted.
    """
    told: dict[str, Any] = {"event_id": event.id, "recorded_at": event.recorded_at}
    told |= {name: getattr(event, name) for name in IDS if getattr(event, name) is not None}
    told |= {"actor_kind": event.actor_kind, "channel": event.channel, "payload": event.payload}
    if is_full:
        masked = actor.masked()
        found = {name: reader(event, masked) for name, reader in payload_records.items()}
        told["records"] = {name: record for name, record in found.items() if record is not None}
        told["amount"] = None if event.amount is None else str(event.amount)
    message = {"type": event.type, "timestamp": event.occurred_at, "data": told}
    encoder = DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":"))
    return encoder.encode(json.loads(encoder.encode(message))).encode()

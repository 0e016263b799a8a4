"""What stands against what when two change the same customer: what was read, what was asked, what is there now."""

from collections.abc import Iterable, Mapping
from typing import Any

from hearth.api.v1.custom_values import keys_changed_since
from hearth.api.v1.versions import moment_of
from hearth.core.models import EventRecord
from hearth.customers.events import CustomerChanged, CustomersMerged, MergeUndone
from hearth.customers.models import Customer

# Changed by acts of their own and not by PATCH.
NOT_HERE = {"places"}


def difference(
    customer: Customer,
    asked: Mapping[str, Any],
    current: Mapping[str, Any],
    tags: Iterable[str],
) -> dict[str, Any]:
    """Return the three sides of a conflict; two queries.

    `changed` are the fields that others changed since the version the caller read, null when that version is none of
    ours. `conflicting` are fields that both changed: a person must decide. What was asked beyond them can be sent
    again with the present ETag. A masked value is not compared; it conflicts when others changed it.
    """
    changed = _changed_since(customer, tags)
    others = set(asked) if changed is None else changed
    conflicting = sorted(name for name in others & set(asked) if current.get(name) != asked[name])
    return {
        "asked": dict(asked),
        "changed": None if changed is None else sorted(changed),
        "conflicting": conflicting,
        "mergeable": {name: value for name, value in asked.items() if name not in conflicting},
    }


def _changed_since(customer: Customer, tags: Iterable[str]) -> set[str] | None:
    """Return the names of the fields that others changed, from the stream of events; None when it cannot tell.

    A merge, or its undo, gives a record values without naming them.
    """
    read_at = min((moment for tag in tags if (moment := moment_of(tag))), default=None)
    if read_at is None:
        return None
    events = EventRecord.objects.of_customers([customer.pk]).filter(
        type__in=[CustomerChanged.type, CustomersMerged.type, MergeUndone.type], occurred_at__gt=read_at
    )
    payloads = list(events.values_list("payload", flat=True))
    if any("fields" not in payload for payload in payloads):
        return None
    fields = {name for payload in payloads for name in payload["fields"]}
    own = {"custom"} if keys_changed_since(customer, read_at) else set()
    return (fields | own) - NOT_HERE

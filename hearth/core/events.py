"""Recording what happened: one row, written in the transaction of the act, and its consequences queued with it.

An app declares its acts as frozen dataclasses below `Event`; higher apps `subscribe` to them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, transaction
from django.utils.functional import Promise

from hearth.core.actor import Actor
from hearth.core.bulk import FEW, insert_columns, insert_many
from hearth.core.models import EventRecord
from hearth.core.partitions import ensure_months
from hearth.core.registry import Registry
from hearth.lib.identifiers import uuid7

COLUMNS = frozenset(
    {"occurred_at", "org_unit_id", "customer_id", "household_id", "unit_id", "project_id", "subject_id"}
    | {"channel", "amount", "is_sample"}
)


@dataclass(frozen=True, kw_only=True)
class Event:
    """An act in the past tense; subclasses set `type` (dotted, stable), `family` and `label`.

    Fields beyond the shared ones become the payload: ids, codes and counts, never personal data.
    """

    type: ClassVar[str] = ""
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = ""

    occurred_at: datetime | None = None
    org_unit_id: int | None = None
    customer_id: UUID | None = None
    household_id: UUID | None = None
    unit_id: UUID | None = None
    project_id: UUID | None = None
    subject_id: UUID | None = None
    channel: str = ""
    amount: Decimal | None = None
    is_sample: bool = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.type:
            event_types.register(cls.type, cls)

    def payload(self) -> dict[str, Any]:
        return {name: _plain(getattr(self, name)) for name in self._payload_names()}

    @classmethod
    @cache
    def _payload_names(cls) -> tuple[str, ...]:
        return tuple(field.name for field in fields(cls) if field.name not in COLUMNS)


EventKey = tuple[datetime, UUID]
"""When an event occurred and its id: together the key of its row."""
event_types: Registry[type[Event]] = Registry()
Subscriber = Callable[[EventRecord], None]
subscribers: Registry[Subscriber] = Registry()
_subscribers_of: dict[str, list[str]] = {}


def subscribe(event: type[Event]) -> Callable[[Subscriber], Subscriber]:
    """Have a function called, in a job of its own, for each event of this type.

    The job is queued in the transaction of the act. It may be repeated after a crash, so the function must do
    nothing the second time.
    """

    def register(function: Subscriber) -> Subscriber:
        key = f"{function.__module__}.{function.__qualname__}:{event.type}"
        subscribers.register(key, function)
        _subscribers_of.setdefault(event.type, []).append(key)
        return function

    return register


def record(event: Event, *, actor: Actor, now: datetime) -> EventRecord:
    """Write one event and queue its subscribers. Call it inside the transaction of the act."""
    return _write([event], actor=actor, now=now)[0]


def record_many(events: Iterable[Event], *, actor: Actor, now: datetime) -> None:
    """Write many events with a constant number of queries, and queue one job per subscriber and thousand rows.

    Call it inside the transaction of the act.
    """
    chosen = list(events)
    if len(chosen) > FEW:
        _require_transaction()
        columns = _columns(chosen, actor=actor, now=now)
        ensure_months(columns["occurred_at"])
        insert_columns(EventRecord, columns)
        _queue_subscribers(columns)
    elif chosen:
        _write(chosen, actor=actor, now=now)


def _write(events: Sequence[Event], *, actor: Actor, now: datetime) -> list[EventRecord]:
    """Write a few events and return their rows."""
    _require_transaction()
    columns = _columns(events, actor=actor, now=now)
    ensure_months(columns["occurred_at"])
    rows = [
        EventRecord(**dict(zip(columns, values, strict=True)))
        for values in zip(*columns.values(), strict=True)
    ]
    insert_many(rows, reads_back=False)
    _queue_subscribers(columns)
    return rows


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        message = "Events are recorded inside the transaction of the act."
        raise transaction.TransactionManagementError(message)


def _columns(events: Sequence[Event], *, actor: Actor, now: datetime) -> dict[str, list[Any]]:
    """Return the columns of the rows: an object for each of a million rows would cost more than all the rest."""
    number = len(events)
    columns: dict[str, list[Any]] = {name: [getattr(event, name) for event in events] for name in COLUMNS}
    columns["occurred_at"] = [moment or now for moment in columns["occurred_at"]]
    return {
        **columns,
        "id": [uuid7() for _event in events],
        "type": [event.type for event in events],
        "payload": [event.payload() for event in events],
        "recorded_at": [now] * number,
        "actor_id": [actor.user_id] * number,
        "actor_kind": [actor.kind] * number,
    }


def _queue_subscribers(columns: Mapping[str, Sequence[Any]]) -> None:
    from hearth.core.jobs import defer_delivery  # noqa: PLC0415  (jobs need events to deliver them)

    by_subscriber: dict[str, list[EventKey]] = {}
    for kind, occurred_at, key in zip(columns["type"], columns["occurred_at"], columns["id"], strict=True):
        for subscriber in _subscribers_of.get(kind, ()):
            by_subscriber.setdefault(subscriber, []).append((occurred_at, key))
    for subscriber, keys in by_subscriber.items():
        defer_delivery(subscriber, keys)


def _plain(value: Any) -> Any:
    """Turn ids, instants and amounts into JSON."""
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value

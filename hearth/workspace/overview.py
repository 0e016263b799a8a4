"""The first tab of a customer's page: what is pinned, what is new, what comes next, what happened last."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.functional import Promise

from hearth.channels.permissions import VIEW_INTERACTION
from hearth.channels.selectors import Pinned, pinned_contacts
from hearth.core.actor import Actor
from hearth.core.events import event_types
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.tasks.models import Task
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.selectors import open_tasks_of_customer
from hearth.workspace.timeline import FAMILIES, Day, people_of, timeline_of

LATEST = 5
MOST_COUNTED = 200
# What is written today may have happened weeks ago; older acts of a late file are not looked for.
LATE = timedelta(days=62)


@dataclass(frozen=True)
class Change:
    """How many acts of one family others wrote since the last look."""

    label: str | Promise
    icon: str
    colour: str
    number: int


@dataclass(frozen=True)
class Overview:
    """What the tab shows; `since` is None at the first look, `next_step` None where nothing is to be done."""

    pinned: Sequence[Pinned]
    since: datetime | None
    changes: Sequence[Change]
    next_step: Task | None
    sees_tasks: bool
    days: Sequence[Day]


def overview_of(customer: Customer, actor: Actor, *, since: datetime | None) -> Overview:
    """Gather the tab; at most eleven queries, and one or two for each app whose acts are among the latest."""
    people = people_of(customer, actor)
    latest = timeline_of(customer, actor, people=people, limit=LATEST)
    sees_tasks = actor.can(VIEW_TASK)
    tasks = open_tasks_of_customer(customer.pk, actor, limit=1) if sees_tasks else []
    return Overview(
        pinned=pinned_contacts(customer, actor) if actor.can(VIEW_INTERACTION) else [],
        since=since,
        changes=_changes([customer.pk, *people.merged], actor, since) if since else [],
        next_step=next(iter(tasks), None),
        sees_tasks=sees_tasks,
        days=latest.days,
    )


def _changes(customer_ids: Sequence[UUID], actor: Actor, since: datetime) -> list[Change]:
    """Count what others wrote about a customer since a moment, by family; one query."""
    events = EventRecord.objects.visible_to(actor).of_customers(customer_ids)
    events = events.filter(occurred_at__gte=since - LATE, recorded_at__gt=since)
    written = events.exclude(actor_id=actor.user_id).values_list("type", flat=True)[:MOST_COUNTED]
    numbers = Counter(_family(type_name) for type_name in written)
    return [Change(*FAMILIES[family], number) for family, number in numbers.most_common()]


def _family(type_name: str) -> str:
    family = event_types[type_name].family if type_name in event_types else "system"
    return family if family in FAMILIES else "system"

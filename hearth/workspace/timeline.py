"""The timeline of a customer, with the household and the homes if wanted: what is asked of it, and what it shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import groupby
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.events import event_types
from hearth.core.models import EventQuerySet, EventRecord
from hearth.core.pages import merged_page
from hearth.core.timeline import Detail, load_details, text_finders
from hearth.customers.models import Customer, UnitRole
from hearth.customers.selectors import aliases_of
from hearth.properties.models import Unit

FAMILIES: dict[str, tuple[str | Promise, str, str]] = {
    "contact": (_("Interactions"), "phone", "blue"),
    "message": (_("Messages"), "mail", "cyan"),
    "lead": (_("Leads"), "user-plus", "lime"),
    "task": (_("Tasks"), "checklist", "yellow"),
    "contract": (_("Contracts"), "contract", "green"),
    "payment": (_("Payments"), "coin", "teal"),
    "handover": (_("Handover"), "key", "indigo"),
    "case": (_("Cases"), "messages", "orange"),
    "campaign": (_("Campaigns"), "speakerphone", "purple"),
    "consent": (_("Consent"), "shield-lock", "azure"),
    "customer": (_("Record"), "user", "secondary"),
    "system": (_("Other"), "settings", "secondary"),
}
ENTRIES_ON_A_PAGE = 50
ENTRIES_AT_FIRST = 20
BURST = 4
MOST_FOUND = 500
# Acts the customer took part in or was told of; of contacts those that are not internal.
SEEN_FAMILIES = ("contract", "payment", "handover")
SEEN_TYPES = (
    "channels.interaction_recorded",
    "channels.message_sent",
    "cases.opened",
    "cases.answered",
    "cases.closed",
    "campaigns.response_recorded",
    "campaigns.call_made",
)


@dataclass(frozen=True)
class TimelineFilters:
    """What a person asks of the timeline; `until` is the newest day shown, None the present."""

    families: tuple[str, ...] = ()
    q: str = ""
    until: date | None = None
    with_household: bool = True
    with_homes: bool = True
    is_customer_visible: bool = False

    @property
    def is_narrowed(self) -> bool:
        return bool(self.families or self.q or self.until or self.is_customer_visible)


@dataclass(frozen=True)
class Entry:
    """One line of the timeline; `whose` is set when it belongs to another person or to a home."""

    event: EventRecord
    label: str | Promise
    family: str
    icon: str
    colour: str
    detail: Detail | None
    whose: str

    @property
    def day(self) -> date:
        return timezone.localtime(self.event.occurred_at).date()


@dataclass(frozen=True)
class Burst:
    """Consecutive entries of one day and family; many of them are shown as one line that opens."""

    entries: Sequence[Entry]

    @property
    def is_folded(self) -> bool:
        return len(self.entries) >= BURST

    @property
    def family_label(self) -> str | Promise:
        return FAMILIES[self.entries[0].family][0]


@dataclass(frozen=True)
class Day:
    """The entries of a day, the newest first; `opens_month` where the month's header stands above it."""

    day: date
    bursts: Sequence[Burst]
    opens_month: bool


@dataclass(frozen=True)
class Timeline:
    """Some entries, the newest first, and the cursor of those before them."""

    entries: Sequence[Entry]
    next_cursor: str
    days: Sequence[Day] = field(default_factory=tuple)


@dataclass(frozen=True)
class People:
    """Whose events are shown: the customer with merged records, names by customer, addresses by home."""

    customer_id: UUID
    merged: Sequence[UUID]
    members: Mapping[UUID, str]
    homes: Mapping[UUID, str]

    def narrowed(self, filters: TimelineFilters) -> "People":
        """Leave out whom the filters leave out."""
        members = self.members if filters.with_household else {}
        return replace(self, members=members, homes=self.homes if filters.with_homes else {})


def timeline_of(
    customer: Customer,
    actor: Actor,
    filters: TimelineFilters | None = None,
    *,
    people: People | None = None,
    cursor: str = "",
    limit: int = ENTRIES_ON_A_PAGE,
) -> Timeline:
    """Return what happened to a customer, as far as the actor may see it.

    What was recorded of records merged into theirs is among it. At most six queries (three where the people are
    given), and one or two for each app whose events are among them; a search by words takes one more for each app
    that keeps texts.
    """
    filters = filters or TimelineFilters()
    people = (people or people_of(customer, actor)).narrowed(filters)
    narrowed = _narrowed(EventRecord.objects.visible_to(actor), people, filters, actor)
    sources = [narrowed.of_customers([customer.pk, *people.merged, *people.members])]
    if people.homes:
        sources.append(narrowed.filter(unit_id__in=list(people.homes), customer_id__isnull=True))
    found = merged_page(sources, order="-occurred_at", cursor=cursor, limit=limit)
    details = load_details(found.rows, actor)
    entries = [_entry(event, details.get(event.id), people) for event in found.rows]
    return Timeline(entries, found.next_cursor, list(_days(entries)))


def people_of(customer: Customer, actor: Actor) -> People:
    """Find the other members of the household and the homes, as far as the actor may see them; three queries."""
    members: dict[UUID, str] = {}
    if customer.household_id is not None:
        others = Customer.objects.visible_to(actor).filter(household=customer.household_id)
        members = dict(others.exclude(pk=customer.pk).values_list("id", "name"))
    held = UnitRole.objects.filter(customer=customer).values("unit")
    units = Unit.objects.visible_to(actor).with_place().filter(pk__in=held)
    homes = {unit.pk: unit.address for unit in units}
    return with_aliases(customer.pk, members, homes, aliases_of([customer.pk, *members]))


def with_aliases(
    customer_id: UUID, members: Mapping[UUID, str], homes: Mapping[UUID, str], aliases: Mapping[UUID, UUID]
) -> People:
    """Join people with the records that were merged into theirs, given as `aliases_of` does."""
    merged = [alias for alias, record in aliases.items() if record == customer_id]
    others = {alias: members[record] for alias, record in aliases.items() if record in members}
    return People(customer_id, merged, {**members, **others}, homes)


def _narrowed(events: EventQuerySet, people: People, filters: TimelineFilters, actor: Actor) -> EventQuerySet:
    if filters.families:
        events = events.filter(type__in=_types_of(filters.families))
    if filters.is_customer_visible:
        seen = Q(type__in=[*_types_of(SEEN_FAMILIES), *SEEN_TYPES])
        events = events.filter(seen).exclude(
            type="channels.interaction_recorded", payload__direction="internal"
        )
    if filters.until:
        end = datetime.combine(filters.until + timedelta(days=1), time(), timezone.get_current_timezone())
        events = events.filter(occurred_at__lt=end)
    if filters.q:
        customer_ids = [people.customer_id, *people.members]
        found = (find(filters.q, customer_ids, actor, MOST_FOUND) for find in text_finders.values())
        ids: set[UUID] = reduce(lambda known, more: known | set(more), found, set())
        events = events.filter(subject_id__in=ids)
    return events


def _types_of(families: Sequence[str]) -> list[str]:
    return [name for name, event_type in event_types.items() if event_type.family in families]


def _entry(event: EventRecord, detail: Detail | None, people: People) -> Entry:
    event_type = event_types.get(event.type)
    family = event_type.family if event_type and event_type.family in FAMILIES else "system"
    _label, icon, colour = FAMILIES[family]
    whose = people.members.get(event.customer_id, "") if event.customer_id else ""
    if event.customer_id is None and event.unit_id:
        whose = people.homes.get(event.unit_id, "")
    label = event_type.label if event_type else event.type
    return Entry(event, label, family, icon, colour, detail, whose)


def _days(entries: Sequence[Entry]) -> Iterator[Day]:
    """Group by day, and within a day what follows upon each other from the same family and person."""
    before: date | None = None
    for day, of_day in groupby(entries, key=lambda entry: entry.day):
        runs = groupby(of_day, key=lambda entry: (entry.family, entry.whose))
        bursts = [burst for _key, run in runs for burst in _bursts(list(run))]
        yield Day(day, bursts, before is None or (before.year, before.month) != (day.year, day.month))
        before = day


def _bursts(run: Sequence[Entry]) -> list[Burst]:
    """A long run is one burst, a short one a line for each entry."""
    if len(run) >= BURST:
        return [Burst(run)]
    return [Burst([entry]) for entry in run]

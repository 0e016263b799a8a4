"""What the pages of brokers show, and who a secret link belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import pgettext

from hearth.accounts.models import User
from hearth.brokers.links import digest_of
from hearth.brokers.models import Broker, ChannelRegistration, ConflictSide, Partner, RegistrationConflict
from hearth.brokers.models.partners import BrokerQuerySet
from hearth.brokers.permissions import REGISTER
from hearth.channels.events import InteractionRecorded
from hearth.channels.models import Channel
from hearth.core.actor import Actor
from hearth.core.events import event_types
from hearth.core.models import EventRecord
from hearth.properties.models import Project, ProjectQuerySet

SHOWN = 200
MOST_EVIDENCE = 100
MOST_CONFLICTS = 200
# What was said of the customer, beside the contacts themselves.
SPEAKING = ("leads.captured", "leads.came_again", "leads.assigned", "leads.released", "leads.followed_up")


def broker_of_link(token: str, *, now: datetime) -> Broker | None:
    """Return whose link a token is, None if it has ended or its broker works with us no more; one query."""
    rows = Broker.objects.filter(digest=digest_of(token), link_ends_at__gt=now)
    broker = rows.select_related("partner", "org_unit").first()
    return broker if broker is not None and broker.is_active(localdate(now)) else None


def projects_of(broker: Broker) -> ProjectQuerySet:
    """Return the projects for which a broker registers: those of the company and below it."""
    rows = Project.objects.filter(org_unit__path__startswith=broker.org_unit.path)
    return rows.select_related("org_unit").order_by("name", "id")


def registrations_of(broker: Broker) -> Sequence[ChannelRegistration]:
    """Return what a broker has registered, the latest first; one query."""
    rows = ChannelRegistration.objects.filter(broker=broker).select_related("project")
    return list(rows.order_by("-created_at", "-id")[:SHOWN])


def brokers_to_register_for(actor: Actor, *, day: date) -> BrokerQuerySet:
    """Return the brokers in whose name the actor may register customers."""
    rows = Broker.objects.visible_with(actor, REGISTER).filter(
        Q(active_until_date=None) | Q(active_until_date__gte=day),
        active_from_date__lte=day,
        partner__in=Partner.objects.active_on(day),
    )
    return rows.select_related("partner", "org_unit").order_by("partner__name", "name", "id")


def brokers_of(partner: Partner) -> Sequence[Broker]:
    """Return the brokers of a partner by name; one query."""
    return list(partner.brokers.select_related("partner").order_by("name", "id"))


def conflicts_for(actor: Actor) -> Sequence[RegistrationConflict]:
    """Return the conflicts the actor may see, those that wait first; two queries."""
    rows = RegistrationConflict.objects.visible_to(actor).select_related(
        "project", "consultant", "awarded_to__broker", "awarded_to__partner"
    )
    rows = rows.prefetch_related("sides__registration__broker", "sides__registration__partner")
    return list(rows.order_by(F("decided_at").desc(nulls_first=True), "-created_at", "-id")[:MOST_CONFLICTS])


@dataclass(frozen=True)
class Line:
    """One thing on record about a conflict: when, what, and of which side, None of the house."""

    at: datetime
    words: str
    who: str
    registration: ChannelRegistration | None = None


def sides_of(conflict: RegistrationConflict) -> Sequence[ConflictSide]:
    """Return the registrations that stand against each other, the earliest first; one query."""
    rows = conflict.sides.select_related(
        "registration__broker", "registration__partner", "registration__registered_by"
    )
    return list(rows.order_by("registration__created_at", "registration_id"))


def lines_of(conflict: RegistrationConflict, sides: Sequence[ConflictSide], actor: Actor) -> Sequence[Line]:
    """Return what was on record of both sides when a conflict was opened, the oldest first; at most two queries."""
    lines = [
        Line(
            side.registration.created_at,
            pgettext("channel registration", "Registered by a broker"),
            f"{side.registration.partner} · {side.registration.broker}",
            side.registration,
        )
        for side in sides
    ]
    if conflict.customer_id is None:
        return sorted(lines, key=lambda line: line.at)
    contacts = Q(type=InteractionRecorded.type) & (Q(project_id=conflict.project_id) | Q(project_id=None))
    leads = Q(type__in=SPEAKING, project_id=conflict.project_id)
    events = EventRecord.objects.visible_to(actor).filter(
        contacts | leads,
        customer_id=conflict.customer_id,
        org_unit_id=conflict.org_unit_id,
        occurred_at__lte=conflict.created_at,
    )
    rows = list(events.newest_first()[:MOST_EVIDENCE])
    names = {
        user.pk: str(user) for user in User.objects.filter(pk__in={row.actor_id for row in rows} - {None})
    }
    lines += [Line(row.occurred_at, _words(row), names.get(row.actor_id or 0, "")) for row in rows]
    return sorted(lines, key=lambda line: line.at)


def _words(row: EventRecord) -> str:
    words = str(event_types[row.type].label)
    return f"{words} · {Channel(row.channel).label}" if row.channel in Channel.values else words


def conflicts_of(row: ChannelRegistration) -> Sequence[RegistrationConflict]:
    """Return the conflicts about a registration, the latest first; one query."""
    rows = RegistrationConflict.objects.filter(sides__registration=row)
    return list(rows.order_by("-created_at", "-id"))


def waiting_conflicts(actor: Actor) -> int:
    """Count the conflicts that wait where the actor sees them; one query."""
    return RegistrationConflict.objects.visible_to(actor).waiting().count()

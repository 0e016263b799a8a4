"""What the pages of leads show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from hearth.accounts.models import User
from hearth.channels.models import Channel
from hearth.core.actor import Actor
from hearth.core.events import event_types
from hearth.core.models import EventRecord
from hearth.core.pages import keyset_page
from hearth.leads.events import RELEASED_BECAUSE, LeadMoved
from hearth.leads.grading import SCHEME
from hearth.leads.models import Grade, Lead, Scheme, Stage
from hearth.leads.permissions import CHANGE_LEAD
from hearth.organization.models import OrgUnit, Setting
from hearth.organization.selectors import people_with, setting_at
from hearth.privacy.purposes import MARKETING
from hearth.privacy.selectors import may_contact
from hearth.properties.models import Project, ProjectQuerySet

MOST_EVIDENCE = 100
MOST_PEOPLE = 300


def projects_to_sell(actor: Actor) -> ProjectQuerySet:
    """Return the projects where the actor may record leads."""
    projects = Project.objects.visible_with(actor, CHANGE_LEAD)
    return projects.select_related("org_unit").order_by("name", "id")


def grades_for(actor: Actor) -> Sequence[Grade]:
    """Return the grades of the schemes in force where the actor records leads; two queries where one scheme rules."""
    schemes = {SCHEME.default}
    if Setting.objects.filter(key=SCHEME.key).exists():
        places = OrgUnit.objects.filter(projects__in=projects_to_sell(actor).order_by()).distinct()
        schemes = {setting_at(SCHEME.key, place) for place in places} or schemes
    return list(Grade.objects.in_use().filter(scheme__in=schemes).order_by("scheme", "position", "id"))


def grades_at(place: OrgUnit) -> Sequence[Grade]:
    """Return the grades of the scheme in force at a place; two queries."""
    scheme = Scheme(setting_at(SCHEME.key, place))
    return list(Grade.objects.in_use().filter(scheme=scheme).order_by("position", "id"))


def consultants_at(place: OrgUnit, *, today: date) -> Sequence[User]:
    """Return who may work on leads at a place; one query."""
    able = people_with(CHANGE_LEAD, place, today=today)
    return list(able.order_by("display_name", "id")[:MOST_PEOPLE])


def due_count(actor: Actor) -> int:
    """Count the actor's own leads whose next step is due today or was before; one query."""
    if actor.user_id is None:
        return 0
    return Lead.objects.due(timezone.localdate()).filter(consultant_id=actor.user_id).count()


def my_due_leads(actor: Actor, *, today: date, limit: int = 5) -> Sequence[Lead]:
    """Return the actor's own leads whose next step is due, the most pressing first; one query."""
    own = Lead.objects.visible_to(actor).due(today).filter(consultant_id=actor.user_id)
    rows = own.select_related("customer", "project", "grade")
    return list(rows.order_by("next_step_date", "id")[:limit])


@dataclass(frozen=True)
class Evidence:
    """One thing on record about a lead or its customer at the place: what, when, by which channel and who."""

    event: EventRecord
    who: str

    @property
    def label(self) -> str:
        """What happened, and by which channel or why."""
        words, channel = str(event_types[self.event.type].label), self.event.channel
        if because := RELEASED_BECAUSE.get(self.event.payload.get("because", "")):
            return f"{words} · {because}"
        if self.event.type == LeadMoved.type:
            return f"{words} · {Stage(self.event.payload['to_stage']).label}"
        return f"{words} · {Channel(channel).label}" if channel in Channel.values else words


def evidence_of(lead: Lead, actor: Actor, *, until: datetime) -> Sequence[Evidence]:
    """Return what speaks for whose the customer is at the place, the newest first; two queries.

    Acts on the lead, and every contact with the customer by the people of the place, are on record as they happened
    and cannot be changed: disputes are decided on them.
    """
    contacts = Q(type="channels.interaction_recorded", customer_id=lead.customer_id)
    if lead.project_id:
        contacts &= Q(project_id=lead.project_id) | Q(project_id__isnull=True)
    events = EventRecord.objects.visible_to(actor).filter(
        Q(subject_id=lead.pk, type__startswith="leads.") | contacts,
        customer_id=lead.customer_id,
        org_unit_id=lead.org_unit_id,
        occurred_at__lte=until,
    )
    rows = list(events.newest_first()[:MOST_EVIDENCE])
    ids = {row.actor_id for row in rows} | {row.payload.get("to_user_id") for row in rows}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=ids - {None})}
    return [Evidence(row, _who(row, names)) for row in rows]


def _who(row: EventRecord, names: dict[int, str]) -> str:
    """Name who acted, and to whom a lead went."""
    by, to = names.get(row.actor_id or 0, ""), names.get(row.payload.get("to_user_id") or 0, "")
    return f"{by} → {to}" if to and to != by else by


def live_leads_of(customer_id: UUID, actor: Actor) -> Sequence[Lead]:
    """Return a customer's live leads that the actor sees; one query."""
    found = Lead.objects.visible_to(actor).live().filter(customer_id=customer_id)
    return list(found.select_related("project", "grade", "consultant").order_by("next_step_date", "id"))


WIN_BACK_BY = (Channel.PHONE, Channel.SMS, Channel.WECHAT, Channel.EMAIL)


@dataclass(frozen=True)
class ToWinBack:
    """A lost lead whose day has come, and the channels on which the customer agreed to be asked."""

    lead: Lead
    channels: Sequence[Channel]


@dataclass(frozen=True)
class WinBackPage:
    """Some leads to win back, how many of the page nobody may ask, and the cursor of what comes after."""

    rows: Sequence[ToWinBack]
    unreachable: int
    next_cursor: str


def leads_to_win_back(actor: Actor, *, today: date, cursor: str = "") -> WinBackPage:
    """Return a page of lost leads whose day to ask again has come, of customers who agreed to it.

    The oldest day first; thirteen queries at most, however many rows.

    :raises BadCursor: if the cursor belongs to another order
    """
    due = Lead.objects.visible_to(actor).to_win_back(today)
    whole = due.select_related("customer", "project", "consultant", "lost_because", "org_unit")
    found = keyset_page(whole, order="win_back_date", cursor=cursor)
    ids = {lead.customer_id for lead in found.rows}
    by_channel = {channel: may_contact(ids, MARKETING, channel) for channel in WIN_BACK_BY} if ids else {}
    rows = [
        ToWinBack(lead, [each for each in by_channel if by_channel[each][lead.customer_id].is_allowed])
        for lead in found.rows
    ]
    reachable = [row for row in rows if row.channels]
    return WinBackPage(reachable, len(rows) - len(reachable), found.next_cursor)

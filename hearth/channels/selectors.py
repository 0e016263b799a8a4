"""Lists of contacts and messages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format

from hearth.accounts.models import User
from hearth.channels.models import Interaction, Message, TextTemplate
from hearth.channels.permissions import RECORD_INTERACTION
from hearth.channels.templating import fill
from hearth.channels.wording import Words, words_for
from hearth.core.actor import Actor
from hearth.core.pages import Page, keyset_page
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.organization.models import Membership, OrgUnit

UNDER_WAY = (Message.State.QUEUED, Message.State.CLAIMED, Message.State.HANDING_OVER)
REACHED = (*UNDER_WAY, Message.State.SENT, Message.State.UNCONFIRMED)


@dataclass(frozen=True)
class Pinned:
    """A contact that somebody pinned, with its words as one reader may see them."""

    row: Interaction
    words: Words

    @property
    def reveal_url(self) -> str:
        """Where a reason uncovers the words; empty unless the reader may."""
        return reverse("channels:reveal", args=[self.row.pk]) if self.words.may_reveal else ""


def pinned_contacts(customer: Customer, actor: Actor) -> list[Pinned]:
    """Return what is pinned above a customer's timeline, the newest pin first; one query."""
    rows = Interaction.objects.visible_to(actor).filter(customer=customer, pinned_at__isnull=False)
    newest_first = rows.select_related("recorded_by").order_by("-pinned_at", "-id")
    return [Pinned(row, words) for row in newest_first if (words := words_for(row, actor))]


def place_for(customer: Customer, actor: Actor, *, permission: str = RECORD_INTERACTION) -> OrgUnit | None:
    """Return the first place where the customer is known and the actor holds a right; one query."""
    scope = actor.scope(permission)
    places = OrgUnit.objects.filter(known_customers__customer=customer).in_tree_order()
    return next((place for place in places if scope.covers(place.pk)), None)


def colleagues_who_see(
    customer: Customer, text: str, *, actor: Actor, today: date, limit: int = 8
) -> list[User]:
    """Return the active people but the actor who may see a customer and whose name holds a text; two queries."""
    places = OrgUnit.objects.filter(known_customers__customer=customer)
    paths = {path for place in places for path in place.ancestor_paths()}
    held = Membership.objects.current(today).filter(
        org_unit__path__in=paths, role__permissions__contains=[VIEW_CUSTOMER]
    )
    named = Q(display_name__icontains=text) | Q(username__istartswith=text)
    people = User.objects.active().filter(named, pk__in=held.values("user")).exclude(pk=actor.user_id)
    return list(people.order_by("display_name", "id")[:limit])


def message_page(actor: Actor, *, state: str = "", cursor: str = "") -> Page[Message]:
    """Return a page of messages, newest first; one query. The text is not loaded."""
    rows = Message.objects.visible_to(actor).select_related("customer").defer("body", "recipient_sealed")
    if state:
        rows = rows.filter(state=state)
    return keyset_page(rows, order="-created_at", cursor=cursor)


def delivery_counts(sender_id: UUID) -> dict[str, int]:
    """Count the messages sent for one thing by state; one query."""
    rows = Message.objects.filter(sender_id=sender_id).order_by().values_list("state")
    return dict(rows.annotate(number=Count("id")))


def messages_since(
    customer_ids: Collection[UUID], *, since: datetime, except_purposes: Collection[str] = ()
) -> dict[UUID, int]:
    """Count the messages that reached or may still reach each customer; those without one are left out. One query."""
    rows = Message.objects.filter(
        customer_id__in=list(customer_ids), created_at__gte=since, state__in=REACHED
    ).exclude(purpose_code__in=list(except_purposes))
    return dict(rows.order_by().values_list("customer_id").annotate(number=Count("id")))


def templates_for(
    customer: Customer, *, actor: Actor, today: date, permission: str = RECORD_INTERACTION
) -> list[tuple[str, str]]:
    """Return name and text of the templates for a customer, the texts filled in, by name; two queries."""
    place = place_for(customer, actor, permission=permission)
    if place is None:
        return []
    values = {
        "customer": customer.name,
        "writer": actor.name,
        "place": place.name,
        "date": date_format(today, "DATE_FORMAT"),
    }
    rows = TextTemplate.objects.used_at(place).order_by("name", "-org_unit__depth")
    return [(row.name, fill(row.body, values)) for row in rows]

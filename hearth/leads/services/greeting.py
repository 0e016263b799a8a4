"""A visitor registers on their own phone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import pgettext, pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.leads.models import Lead
from hearth.leads.services.capturing import Arrival, capture_lead
from hearth.properties.models import Project

# More than this within ten minutes is no crowd, but somebody who plays.
MOST_AT_ONCE, AT_ONCE = 60, timedelta(minutes=10)


class TooManyVisitors(DomainError):
    """The entrance is flooded; whoever really stands there is recorded by hand."""

    code = "too_many_visitors"
    message = pgettext_lazy("visitor", "Please register at the desk: too many visits came in just now.")


class VisitorUnnamed(InvalidInput):
    """A visitor says their name and where they can be called."""

    code = "visitor_unnamed"
    message = pgettext_lazy("visitor", "Please fill this in.")


@dataclass(frozen=True)
class Visitor:
    """What a visitor says of themselves; `asks_for` is the consultant they want to see."""

    name: str
    phone: str
    asks_for: str = ""


@transaction.atomic
def register_visitor(project: Project, visitor: Visitor, *, actor: Actor, now: datetime) -> Lead:
    """Record the visit of somebody who registers by themselves; who is known keeps their lead and consultant.

    :raises VisitorUnnamed: if name or phone is empty
    :raises TooManyVisitors: if very many leads of the project came in just now
    :raises InvalidInput: if the phone is none
    """
    for field in ("name", "phone"):
        if not getattr(visitor, field).strip():
            raise VisitorUnnamed(field)
    if Lead.objects.filter(project=project, created_at__gt=now - AT_ONCE).count() >= MOST_AT_ONCE:
        raise TooManyVisitors
    asked = visitor.asks_for.strip()
    words = pgettext("visitor", "Registered on their own phone.")
    if asked:
        words = pgettext("visitor", "Registered on their own phone, asks for %(name)s.") % {"name": asked}
    arrival = Arrival(
        source=Lead.Source.WALK_IN,
        name=visitor.name.strip(),
        phone=visitor.phone,
        project=project,
        next_step=pgettext("visitor", "Receive the visitor"),
        note=words,
    )
    lead, _is_new = capture_lead(
        arrival, org_unit=project.org_unit, actor=actor, now=now, accepts_duplicates=True
    )
    return lead

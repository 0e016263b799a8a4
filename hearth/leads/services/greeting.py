"""A visitor registers on their own phone."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import pgettext, pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.leads.models import Lead
from hearth.leads.services.capturing import Arrival, capture_lead
from hearth.properties.models import Project


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
    :raises InvalidInput: if the phone is none
    """
    for field in ("name", "phone"):
        if not getattr(visitor, field).strip():
            raise VisitorUnnamed(field)
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

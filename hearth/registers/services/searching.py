"""Searching the access log for whom an incident touched."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.exports.models import Export
from hearth.organization.models import OrgUnit
from hearth.registers.affected import find_affected
from hearth.registers.models import AccessSearch, AffectedPerson, Incident, IncidentStep
from hearth.registers.permissions import CHANGE_REGISTER
from hearth.registers.services.incidents import IncidentClosed

AT_ONCE = 5_000


class NobodyNamed(InvalidInput):
    """Without an account, a file or an address the list would be everybody."""

    code = "nobody_named"
    message = _("Name an account, a file or an address on the network.")


class NoSpan(InvalidInput):
    """A search has a beginning before its end."""

    code = "no_span"
    message = _("The beginning must lie before the end.")


@dataclass(frozen=True)
class NewSearch:
    """What the log is searched for: whose reading, which file or from where; when; and of which place's customers."""

    began_at: datetime
    ended_at: datetime
    user: User | None = None
    export: Export | None = None
    org_unit: OrgUnit | None = None
    address: str = ""


@transaction.atomic
def search_access(incident: Incident, new: NewSearch, *, actor: Actor, now: datetime) -> AccessSearch:
    """Add a search to an incident, and write down anew whom all its searches find.

    Customers lie at all places, so only those who handle incidents for the whole group search.

    :raises NotAllowed: if the actor does not handle incidents everywhere
    :raises IncidentClosed: if it is over
    :raises NobodyNamed: if neither an account nor a file nor an address is named
    :raises NoSpan: if the beginning does not lie before the end
    """
    if not actor.scope(CHANGE_REGISTER).everywhere:
        raise NotAllowed(permission=CHANGE_REGISTER)
    locked = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if not locked.is_open:
        raise IncidentClosed
    if not (new.user or new.export or new.address):
        raise NobodyNamed("user")
    if new.began_at >= new.ended_at:
        raise NoSpan("ended_at")
    search = AccessSearch(
        incident=locked,
        made_by_id=actor.user_id,
        user=new.user,
        export=new.export,
        org_unit=new.org_unit,
        address=new.address,
        began_at=new.began_at,
        ended_at=new.ended_at,
        created_at=now,
        updated_at=now,
    )
    alone = find_affected([search])
    search.found, search.unnamed, search.unknown = len(alone.tallies), alone.unnamed, alone.unknown
    search.save()
    number = _write_down(locked, now=now)
    IncidentStep.objects.create(
        incident=locked,
        what=IncidentStep.What.SEARCHED,
        user_id=actor.user_id,
        note=f"{search.found} / {number}",
        created_at=now,
        updated_at=now,
    )
    return search


def _write_down(incident: Incident, *, now: datetime) -> int:
    found = find_affected(list(incident.searches.select_related("export").order_by("id")))
    # Who was addressed stays on the list, with how.
    incident.affected.filter(told="").exclude(customer_id__in=list(found.tallies)).delete()
    rows = [
        AffectedPerson(
            incident=incident,
            customer_id=customer_id,
            seen=tally.seen,
            taken=tally.taken,
            first_at=tally.first_at,
            last_at=tally.last_at,
            created_at=now,
            updated_at=now,
        )
        for customer_id, tally in found.tallies.items()
    ]
    AffectedPerson.objects.bulk_create(
        rows,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["incident", "customer"],
        update_fields=["seen", "taken", "first_at", "last_at", "updated_at"],
    )
    return len(rows)

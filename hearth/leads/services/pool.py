"""The public pool 公海: leads that are nobody's, and who may take one."""

from datetime import datetime, time

from django.db import connection, transaction
from django.utils.timezone import localtime
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.events import record
from hearth.leads.events import LeadAssigned, LeadReleased
from hearth.leads.grading import CLAIMS_A_DAY
from hearth.leads.models import Lead, LeadOwnership
from hearth.leads.permissions import CHANGE_LEAD
from hearth.leads.services.owning import give
from hearth.leads.services.steps import about, end_ownerships, lock_lead, lock_own
from hearth.organization.selectors import setting_at

How = LeadOwnership.How


class ClaimedByAnother(DomainError):
    """Somebody was faster, or the lead never lay in the pool."""

    code = "claimed_by_another"
    message = pgettext_lazy("lead", "This lead is no longer in the public pool.")


class TooManyClaims(DomainError):
    """One person takes so many leads in a day, and no more."""

    code = "too_many_claims"
    message = pgettext_lazy(
        "lead", "You have taken %(number)s leads from the public pool today. Take more tomorrow."
    )


@transaction.atomic
def release_lead(lead: Lead, *, actor: Actor, now: datetime, because: str = "by_hand") -> Lead:
    """Give a lead to the public pool, where any consultant of the place may take it.

    :raises NotAllowed: if it is another's, at a place where the actor gives none
    :raises LeadIsClosed, LeadIsPooled: unless it is open
    """
    locked = lock_own(lead, actor)
    before = locked.consultant_id
    end_ownerships([locked], now=now)
    locked.consultant_id, locked.state, locked.updated_at = None, Lead.State.POOLED, now
    locked.save()
    record(LeadReleased(**about(locked), from_user_id=before, because=because), actor=actor, now=now)
    return locked


@transaction.atomic
def claim_lead(lead: Lead, *, actor: Actor, now: datetime) -> Lead:
    """Take a lead from the public pool. Two may press the button in the same second: one gets it.

    Claims of one person wait for each other, so that the limit of a day holds whatever they press.

    :raises NotAllowed: if the actor is no person who works on leads there
    :raises ClaimedByAnother: if it is in the pool no more
    :raises TooManyClaims: if they took as many today as the place allows
    """
    actor.require(CHANGE_LEAD, lead.org_unit_id)
    if actor.user_id is None:
        raise NotAllowed(permission=CHANGE_LEAD)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"lead-claims|{actor.user_id}"]
        )
    locked = lock_lead(lead)
    if locked.state != Lead.State.POOLED:
        raise ClaimedByAnother
    allowed = int(setting_at(CLAIMS_A_DAY.key, locked.org_unit))
    if claims_today(actor.user_id, now) >= allowed:
        raise TooManyClaims(number=allowed)
    give(locked, actor.user_id, How.CLAIMED, now=now)
    event = LeadAssigned(**about(locked), to_user_id=actor.user_id, how=How.CLAIMED)
    record(event, actor=actor, now=now)
    return locked


def claims_today(user_id: int, now: datetime) -> int:
    """Count what a person took from the pool since the day began; one query."""
    here = localtime(now)
    began = datetime.combine(here.date(), time(), here.tzinfo)
    return LeadOwnership.objects.filter(consultant=user_id, how=How.CLAIMED, began_at__gte=began).count()

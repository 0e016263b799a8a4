"""Working through a call list, one customer after another."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.campaigns.events import CallMade, CallTaken
from hearth.campaigns.models import Campaign, CampaignMember, CampaignMemberQuerySet, Response, Treatment
from hearth.campaigns.permissions import WORK_CALL_LIST
from hearth.campaigns.services.responses import record_response
from hearth.channels.models import Channel, Interaction
from hearth.channels.services.interactions import record_interaction
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.privacy.models import Consent
from hearth.privacy.selectors import may_contact

CallResult = CampaignMember.CallResult
KEPT_FOR = timedelta(minutes=30)


class CallNotYours(DomainError):
    """Only who took the call may close it."""

    code = "call_not_yours"
    message = _("You have not taken this call, or its result is recorded already.")


@transaction.atomic
def take_call(campaign: Campaign, *, actor: Actor, now: datetime) -> CampaignMember | None:
    """Take the next customer of the list for half an hour, or the one taken before; None when the list is done.

    Two callers never get the same customer. Whoever withdrew consent since the draw is passed over. That the
    phone is shown is an event.

    :raises NotAllowed: if the actor may not call at the place
    """
    actor.require(WORK_CALL_LIST, campaign.org_unit_id)
    mine = _waiting(campaign).filter(caller_id=actor.user_id, call_taken_at__gt=now - KEPT_FOR)
    if taken := mine.order_by("id").first():
        return taken
    free = Q(caller=None) | Q(call_taken_at__lte=now - KEPT_FOR)
    queue = _waiting(campaign).filter(free).order_by("id").select_for_update(skip_locked=True, of=("self",))
    while member := queue.all().first():
        if _may_call(campaign, member):
            _keep(member, actor=actor, now=now)
            return member
        member.call_result, member.updated_at = CallResult.NOT_ALLOWED, now
        member.save(update_fields=["call_result", "updated_at"])
    return None


def _waiting(campaign: Campaign) -> CampaignMemberQuerySet:
    return CampaignMember.objects.filter(
        campaign=campaign,
        campaign__state=Campaign.State.RUNNING,
        customer__merged_into=None,
        treatment__channel=Treatment.Channel.CALL,
        call_result=CallResult.OPEN,
    ).select_related("customer", "treatment", "campaign")


def _may_call(campaign: Campaign, member: CampaignMember) -> bool:
    customer_id = member.customer_id
    return may_contact([customer_id], campaign.purpose_code, Consent.Channel.PHONE)[customer_id].is_allowed


def _keep(member: CampaignMember, *, actor: Actor, now: datetime) -> None:
    member.caller_id, member.call_taken_at, member.updated_at = actor.user_id, now, now
    member.save(update_fields=["caller", "call_taken_at", "updated_at"])
    event = CallTaken(
        org_unit_id=member.campaign.org_unit_id,
        customer_id=member.customer_id,
        subject_id=member.campaign_id,
        channel=Channel.PHONE,
        member_id=member.pk,
    )
    record(event, actor=actor, now=now)


@transaction.atomic
def record_call_result(
    member: CampaignMember,
    *,
    result: str,
    actor: Actor,
    now: datetime,
    note: str = "",
    responded: bool = False,
) -> None:
    """Close a call the actor has taken; `responded` counts as a reaction. The call appears among the contacts.

    :raises NotAllowed: if the actor may not call, or not record contacts, at the place
    :raises CallNotYours: if somebody else has it, or it is closed
    """
    campaign = member.campaign
    actor.require(WORK_CALL_LIST, campaign.org_unit_id)
    mine = _waiting(campaign).filter(pk=member.pk, caller_id=actor.user_id)
    locked = mine.select_for_update(of=("self",)).first()
    if locked is None:
        raise CallNotYours
    locked.call_result, locked.called_at, locked.updated_at = result, now, now
    locked.treated_at = locked.treated_at or now
    locked.save(update_fields=["call_result", "called_at", "treated_at", "updated_at"])
    record_interaction(
        locked.customer,
        org_unit=campaign.org_unit,
        channel=Channel.PHONE,
        direction=Interaction.Direction.OUTBOUND,
        summary=gettext("Campaign “%(name)s”: %(result)s")
        % {"name": campaign.name, "result": locked.get_call_result_display()},
        body=note,
        actor=actor,
        now=now,
    )
    event = CallMade(
        org_unit_id=campaign.org_unit_id,
        customer_id=locked.customer_id,
        subject_id=campaign.pk,
        channel=Channel.PHONE,
        member_id=locked.pk,
        result=result,
    )
    record(event, actor=actor, now=now)
    if responded:
        record_response(
            locked,
            kind=Response.Kind.RESPONSE,
            source=Response.Source.CALL,
            reference="call",
            actor=actor,
            now=now,
        )

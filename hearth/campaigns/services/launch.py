"""Starting a campaign: mails are queued by workers, call lists open, nobody is addressed twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.campaigns.events import CampaignLaunched
from hearth.campaigns.models import Campaign, CampaignMember, Treatment
from hearth.campaigns.permissions import LAUNCH_CAMPAIGN
from hearth.channels.models import Channel
from hearth.channels.services.messages import MessageDraft, queue_messages
from hearth.core.actor import Actor
from hearth.core.addresses import public_url
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.customers.models import ContactPoint

MEMBERS_PER_JOB = 1_000
SENDER_KIND = "campaign"
WORKER = Actor.system("campaigns")


class AudienceMissing(DomainError):
    """Only a drawn audience can be addressed."""

    code = "audience_missing"
    message = _("Draw the audience first. A campaign starts once.")


class NobodyToAddress(DomainError):
    """Everybody was left out, or fell into the control group."""

    code = "nobody_to_address"
    message = _("Nobody in the audience may be addressed.")


@transaction.atomic
def launch_campaign(campaign: Campaign, *, actor: Actor, now: datetime) -> int:
    """Start a campaign, and return how many members are addressed; the control group is left in peace.

    Mails are written by jobs of a thousand members, queued in this transaction.

    :raises NotAllowed: if the actor may not start campaigns at the place
    :raises AudienceMissing: if no audience is drawn, or it has started already
    :raises NobodyToAddress: if no member falls into a treated arm
    """
    from hearth.campaigns.jobs import address_members  # noqa: PLC0415  (jobs call services)

    actor.require(LAUNCH_CAMPAIGN, campaign.org_unit_id)
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.state != Campaign.State.SELECTED:
        raise AudienceMissing
    treated = locked.members.filter(treatment__isnull=False, customer__merged_into=None).exclude(
        treatment__channel=Treatment.Channel.NONE
    )
    by_channel: dict[str, list[UUID]] = {}
    for member_id, channel in treated.order_by("id").values_list("id", "treatment__channel"):
        by_channel.setdefault(channel, []).append(member_id)
    addressed = sum(map(len, by_channel.values()))
    if not addressed:
        raise NobodyToAddress
    mails = by_channel.get(Treatment.Channel.EMAIL, [])
    for start in range(0, len(mails), MEMBERS_PER_JOB):
        address_members.defer(member_ids=[str(key) for key in mails[start : start + MEMBERS_PER_JOB]])
    treated.filter(treatment__channel=Treatment.Channel.EXTERNAL).update(treated_at=now)
    campaign.state, campaign.starts_at, campaign.updated_at = Campaign.State.RUNNING, now, now
    campaign.ends_at = now + timedelta(days=campaign.window_days)
    campaign.save(update_fields=["state", "starts_at", "ends_at", "updated_at"])
    event = CampaignLaunched(org_unit_id=campaign.org_unit_id, subject_id=campaign.pk, addressed=addressed)
    record(event, actor=actor, now=now)
    return addressed


@transaction.atomic
def queue_campaign_mails(member_ids: Sequence[UUID], *, now: datetime) -> int:
    """Write the mails of some members of running campaigns, and return how many are new. May be repeated.

    A constant number of queries. A member without an address by now is left without a mail.
    """
    members = (
        CampaignMember.objects.filter(
            pk__in=member_ids,
            campaign__state=Campaign.State.RUNNING,
            customer__merged_into=None,
            treatment__channel=Treatment.Channel.EMAIL,
        )
        .select_related("campaign", "treatment", "customer")
        .order_by("id")
    )
    addresses = _addresses(member_ids)
    drafts = [
        _draft(member, addresses[member.customer_id]) for member in members if member.customer_id in addresses
    ]
    CampaignMember.objects.filter(
        pk__in=[draft.idempotency_key.partition(":")[2] for draft in drafts], treated_at=None
    ).update(treated_at=now)
    return queue_messages(drafts, actor=WORKER, now=now)


def _addresses(member_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Choose the preferred mail address of each member's customer, else the oldest; one query."""
    points = (
        ContactPoint.objects.usable()
        .filter(kind=ContactPoint.Kind.EMAIL, customer__campaign_memberships__in=member_ids)
        .order_by("customer_id", "-is_primary", "id")
    )
    return {point.customer_id: point.value for point in points.distinct("customer_id")}


def _draft(member: CampaignMember, recipient: str) -> MessageDraft:
    campaign, treatment = member.campaign, member.treatment
    if treatment is None:
        raise AudienceMissing
    return MessageDraft(
        idempotency_key=f"campaign:{member.pk}",
        org_unit_id=campaign.org_unit_id,
        customer_id=member.customer_id,
        channel=Channel.EMAIL,
        purpose_code=campaign.purpose_code,
        recipient=recipient,
        subject=fill_in(treatment.subject, name=member.customer.name, token=member.token),
        body=fill_in(treatment.body, name=member.customer.name, token=member.token),
        sender_kind=SENDER_KIND,
        sender_id=campaign.pk,
        unsubscribe_url=opt_out_url(member.token),
    )


def fill_in(text: str, *, name: str, token: str) -> str:
    """Replace {name}, {link} and {opt_out}; other braces stay as they are."""
    return (
        text.replace("{name}", name)
        .replace("{link}", response_url(token))
        .replace("{opt_out}", opt_out_url(token))
    )


def response_url(token: str) -> str:
    return public_url(reverse("portal:respond", args=[token]))


def opt_out_url(token: str) -> str:
    return public_url(reverse("portal:opt_out", args=[token]))

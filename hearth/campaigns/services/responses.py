"""What members did afterwards: each reaction is counted once, and only inside the time the plan set."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Least

from hearth.campaigns.events import ResponseRecorded
from hearth.campaigns.models import Campaign, CampaignMember, Response
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.customers.models import Customer
from hearth.privacy.models import Consent
from hearth.privacy.services import record_consent

Kind = Response.Kind


@transaction.atomic
def record_response(
    member: CampaignMember,
    *,
    kind: str,
    source: str,
    reference: str,
    actor: Actor,
    now: datetime,
    occurred_at: datetime | None = None,
    amount: Decimal | None = None,
) -> bool:
    """Record a reaction and return whether it is new; the same kind and reference are counted once.

    A reaction before the start or after the campaign's window is kept, and leaves the result alone. Treated and
    control members are measured alike.
    """
    occurred_at = occurred_at or now
    _response, is_new = Response.objects.get_or_create(
        member=member,
        kind=kind,
        reference=reference,
        defaults={
            "source": source,
            "amount": amount,
            "occurred_at": occurred_at,
            "created_at": now,
            "updated_at": now,
        },
    )
    if not is_new:
        return False
    if _is_counted(member, occurred_at):
        _count(member, kind, occurred_at, amount or Decimal(0), now)
    event = ResponseRecorded(
        occurred_at=occurred_at,
        org_unit_id=member.campaign.org_unit_id,
        customer_id=member.customer_id,
        subject_id=member.campaign_id,
        member_id=member.pk,
        amount=amount,
        kind=kind,
        source=source,
    )
    record(event, actor=actor, now=now)
    return True


def _is_counted(member: CampaignMember, occurred_at: datetime) -> bool:
    campaign = member.campaign
    if member.exclusion or campaign.starts_at is None:
        return False
    return campaign.starts_at <= occurred_at < campaign.starts_at + timedelta(days=campaign.window_days)


def _count(member: CampaignMember, kind: str, occurred_at: datetime, amount: Decimal, now: datetime) -> None:
    """Carry a reaction into the member's outcome; the first instant of its kind stays."""
    row = CampaignMember.objects.filter(pk=member.pk)
    if kind == Kind.RESPONSE:
        row.update(responded_at=Least("responded_at", occurred_at), updated_at=now)
    elif kind == Kind.PURCHASE:
        row.update(
            purchased_at=Least("purchased_at", occurred_at),
            revenue_amount=F("revenue_amount") + amount,
            updated_at=now,
        )


def record_purchases(
    customer_id: UUID, *, amount: Decimal, reference: str, occurred_at: datetime, actor: Actor, now: datetime
) -> int:
    """Count a purchase for every running campaign that holds the customer's household; return how many are new.

    A home is bought by a household: the contract of one member counts for the one that was drawn. May be repeated.
    """
    household_id = Customer.objects.filter(pk=customer_id).values_list("household_id", flat=True).first()
    households = Q(household_key=household_id or customer_id) | Q(customer_id=customer_id)
    members = CampaignMember.objects.filter(
        households, exclusion="", campaign__state=Campaign.State.RUNNING, campaign__starts_at__lte=occurred_at
    ).select_related("campaign")
    return sum(
        record_response(
            member,
            kind=Kind.PURCHASE,
            source=Response.Source.EVENT,
            reference=reference,
            actor=actor,
            now=now,
            occurred_at=occurred_at,
            amount=amount,
        )
        for member in members
    )


@transaction.atomic
def opt_out(member: CampaignMember, *, now: datetime) -> None:
    """Withdraw the consent the campaign rested on, on every channel, as the customer asked. May be repeated."""
    customer = Actor.system("customer", kind="customer")
    is_new = record_response(
        member, kind=Kind.OPT_OUT, source=Response.Source.LINK, reference="link", actor=customer, now=now
    )
    if is_new:
        record_consent(
            member.customer.merged_into or member.customer,
            purpose_code=member.campaign.purpose_code,
            channel=Consent.Channel.ANY,
            decision=Consent.Decision.WITHDRAWN,
            how="opt-out link",
            actor=customer,
            now=now,
        )

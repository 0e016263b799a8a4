"""Drawing the audience: who is left out and why, then the arm of each household."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from hearth.analytics.assignment import assign_arm
from hearth.campaigns.events import AudienceDrawn
from hearth.campaigns.models import Campaign, CampaignMember, Treatment
from hearth.campaigns.services.members import NewMember, copy_members
from hearth.campaigns.services.planning import lock_unlaunched
from hearth.cases.models import Case
from hearth.channels.selectors import messages_since
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.customers.models import ContactPoint, Customer, CustomerPlace
from hearth.privacy.models import Consent
from hearth.privacy.selectors import ContactAnswer, may_contact
from hearth.segments.models import SegmentCount
from hearth.segments.selectors import latest_members_count

Exclusion = CampaignMember.Exclusion
OFTEN = timedelta(days=30)
SEVERE = (Case.Grade.IMPORTANT, Case.Grade.HOT, Case.Grade.MAJOR)
CONSENT_CHANNEL = {
    Treatment.Channel.EMAIL: Consent.Channel.EMAIL,
    Treatment.Channel.CALL: Consent.Channel.PHONE,
    Treatment.Channel.EXTERNAL: Consent.Channel.ANY,
}
POINT_KIND = {
    Treatment.Channel.EMAIL: ContactPoint.Kind.EMAIL,
    Treatment.Channel.CALL: ContactPoint.Kind.PHONE,
}
REASON_OF_ANSWER = {
    ContactAnswer.NO_CONSENT: Exclusion.NO_CONSENT,
    ContactAnswer.OPTED_OUT: Exclusion.OPTED_OUT,
    ContactAnswer.RESTRICTED: Exclusion.RESTRICTED,
}


class SegmentNotCounted(DomainError):
    """The segment has no members to draw from."""

    code = "segment_not_counted"
    message = _("Count the segment first: nobody is known to be in it.")


class ArmsMissing(DomainError):
    """There is nothing to draw into."""

    code = "arms_missing"
    message = _("Set the arms of the campaign first.")


@dataclass(frozen=True)
class Candidate:
    """A customer in the segment."""

    customer_id: UUID
    household_id: UUID | None
    household_role: str

    @property
    def household_key(self) -> UUID:
        return self.household_id or self.customer_id


@transaction.atomic
def draw_audience(campaign: Campaign, *, actor: Actor, now: datetime) -> Mapping[str, int]:
    """Draw the audience from the newest count that kept members; return their number by reason ("" = included).

    Reasons are found before an arm is drawn and hold for all arms alike: a member can be addressed on every
    channel the campaign uses, whichever arm the household falls into, so that the arms differ by treatment only.
    The arm follows from the campaign's salt and the household, and would be the same if drawn again.
    A constant number of queries and one COPY: 100,000 members within seconds.

    :raises NotAllowed: if the actor may not plan campaigns at the place
    :raises AlreadyLaunched: if it has begun
    :raises ArmsMissing: if there are no arms
    :raises SegmentNotCounted: if the segment has not been counted
    """
    locked = lock_unlaunched(campaign, actor)
    arms = list(locked.treatments.order_by("position", "id"))
    if not arms:
        raise ArmsMissing
    count = latest_members_count(locked.segment) if locked.segment else None
    if count is None:
        raise SegmentNotCounted
    locked.members.all().delete()
    candidates = _candidates(locked, count)
    reasons = _reasons(locked, arms, count, candidates, now)
    copy_members(locked.pk, _drawn(locked, arms, candidates, reasons), now=now, is_sample=locked.is_sample)
    campaign.state, campaign.audience, campaign.updated_at = Campaign.State.SELECTED, count, now
    campaign.save(update_fields=["state", "audience", "updated_at"])
    by_reason = Counter(reasons.values())
    by_reason[""] = len(candidates) - by_reason.total()
    event = AudienceDrawn(
        org_unit_id=campaign.org_unit_id,
        subject_id=campaign.pk,
        included=by_reason[""],
        excluded=len(reasons),
    )
    record(event, actor=actor, now=now)
    return by_reason


def _candidates(campaign: Campaign, count: SegmentCount) -> list[Candidate]:
    """List the segment's members known below the campaign's place; the head of a household first, then the oldest."""
    customers = Customer.objects.unmerged().real().filter(segment_memberships__count=count)
    if campaign.org_unit.depth > 0:
        known = CustomerPlace.objects.filter(
            customer=OuterRef("pk"), org_unit__path__startswith=campaign.org_unit.path
        )
        customers = customers.filter(Exists(known))
    rows = [Candidate(*row) for row in customers.values_list("id", "household_id", "household_role")]
    head = Customer.HouseholdRole.HEAD
    return sorted(rows, key=lambda row: (row.household_role != head, row.customer_id))


def _reasons(
    campaign: Campaign,
    arms: Sequence[Treatment],
    count: SegmentCount,
    candidates: Sequence[Candidate],
    now: datetime,
) -> dict[UUID, str]:
    """Give the reason of each customer to be left out; the first that applies, in this order."""
    ids = [candidate.customer_id for candidate in candidates]
    channels = sorted({arm.channel for arm in arms if not arm.is_control})
    reasons: dict[UUID, str] = {}
    for channel in channels:
        answers = may_contact(ids, campaign.purpose_code, CONSENT_CHANNEL[Treatment.Channel(channel)])
        for customer_id, answer in answers.items():
            if not answer.is_allowed:
                _keep_graver(reasons, customer_id, REASON_OF_ANSWER[answer])
    complaining = _with_open_complaint()
    unreachable = _unreachable(channels, count, ids)
    too_often = _addressed_too_often(campaign, count, ids, now)
    households: set[UUID] = set()
    for candidate in candidates:
        key, customer_id = candidate.household_key, candidate.customer_id
        if customer_id in reasons:
            continue
        if key in complaining or customer_id in complaining:
            reasons[customer_id] = Exclusion.OPEN_COMPLAINT
        elif customer_id in unreachable:
            reasons[customer_id] = Exclusion.NO_ADDRESS
        elif customer_id in too_often:
            reasons[customer_id] = Exclusion.TOO_OFTEN
        elif key in households:
            reasons[customer_id] = Exclusion.SAME_HOUSEHOLD
        else:
            households.add(key)
    return reasons


def _keep_graver(reasons: dict[UUID, str], customer_id: UUID, reason: str) -> None:
    """Keep that somebody said no before that somebody said nothing."""
    if reasons.get(customer_id) != Exclusion.OPTED_OUT:
        reasons[customer_id] = reason


def _with_open_complaint() -> set[UUID | None]:
    """Collect the households and customers who wait for an answer to a severe complaint; one query."""
    severe = Case.objects.open().filter(kind=Case.Kind.COMPLAINT, grade__in=SEVERE)
    rows = severe.filter(customer__isnull=False).values_list("customer_id", "customer__household_id")
    complaining: set[UUID | None] = {key for row in rows for key in row}
    return complaining - {None}


def _unreachable(channels: Sequence[str], count: SegmentCount, ids: Collection[UUID]) -> set[UUID]:
    """Collect those who lack an address for any channel in use; a query for each channel."""
    missing: set[UUID] = set()
    for channel in channels:
        kind = POINT_KIND.get(Treatment.Channel(channel))
        if kind is None:
            continue
        points = ContactPoint.objects.usable().filter(kind=kind, customer__segment_memberships__count=count)
        missing.update(set(ids).difference(points.values_list("customer_id", flat=True)))
    return missing


def _addressed_too_often(
    campaign: Campaign, count: SegmentCount, ids: Collection[UUID], now: datetime
) -> set[UUID]:
    """Collect those whom messages and campaign calls reached as often as allowed; two queries.

    What the contract needs (purpose `service`) does not count.
    """
    since = now - OFTEN
    contacts = Counter(messages_since(ids, since=since, except_purposes=["service"]))
    called = CampaignMember.objects.filter(
        called_at__gte=since, customer__segment_memberships__count=count
    ).values_list("customer_id", flat=True)
    contacts.update(called)
    return {
        customer_id for customer_id, number in contacts.items() if number >= campaign.max_contacts_30_days
    }


def _drawn(
    campaign: Campaign,
    arms: Sequence[Treatment],
    candidates: Sequence[Candidate],
    reasons: Mapping[UUID, str],
) -> Iterator[NewMember]:
    shares = [(str(arm.pk), Decimal(arm.share)) for arm in arms]
    arm_of = {str(arm.pk): arm.pk for arm in arms}
    for candidate in candidates:
        key = candidate.household_key
        if reason := reasons.get(candidate.customer_id):
            yield NewMember(candidate.customer_id, key, None, reason)
        else:
            arm = assign_arm(campaign.salt, str(key), shares)
            yield NewMember(candidate.customer_id, key, arm_of[arm])

"""Planning a campaign: who, why, what success would be, and the arms."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.campaigns.events import CampaignChanged, CampaignCreated, CampaignFinished
from hearth.campaigns.models import Campaign, Treatment
from hearth.campaigns.permissions import CHANGE_CAMPAIGN, LAUNCH_CAMPAIGN
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import resolve_setting
from hearth.segments.models import Segment

LEAST_CONTROL_SHARE = Decimal("0.05")
LEAST_CONTROL_SHARE_SETTING = "campaigns.least_control_share"
OPT_OUT = "{opt_out}"
State, Channel = Campaign.State, Treatment.Channel


class SegmentMissing(DomainError):
    """Nobody is addressed without having been chosen for a reason."""

    code = "segment_missing"
    message = _("A campaign addresses a segment. Choose one.")


class NameTaken(DomainError):
    """Two campaigns of one place cannot be told apart."""

    code = "name_taken"
    message = _("There is a campaign “%(name)s” here already.")


class AlreadyLaunched(DomainError):
    """What has begun is not replanned: the result would mean nothing."""

    code = "already_launched"
    message = _("The campaign has started or ended and can no longer be changed.")


class SharesNotWhole(DomainError):
    """The shares must divide the audience."""

    code = "shares_not_whole"
    message = _("The shares must add up to 100 %%; now they make %(total)s %%.")


class NoControlGroup(DomainError):
    """Without people who receive nothing there is no result."""

    code = "no_control_group"
    message = _("Exactly one arm must be the control group.")


class ControlGroupTooSmall(DomainError):
    """A control group of a few people proves nothing."""

    code = "control_group_too_small"
    message = _("The control group needs at least %(least)s %% of the audience.")


class NoTreatment(DomainError):
    """A control group alone compares nothing."""

    code = "no_treatment"
    message = _("At least one arm must receive something.")


class TextMissing(DomainError):
    """A mail has a subject, a text and a way out."""

    code = "text_missing"
    message = _("The mail “%(name)s” needs a subject, a text and the placeholder {opt_out}.")


@dataclass(frozen=True)
class CampaignPlan:
    """What is decided before anybody is addressed; `planned_lift` in percentage points."""

    name: str
    segment: Segment | None
    goal: str = ""
    hypothesis: str = ""
    purpose_code: str = "marketing"
    occasion: str = Campaign.Occasion.TIMETABLE
    main_outcome: str = Campaign.Outcome.RESPONSE
    planned_lift: float = 2.0
    window_days: int = 14
    max_contacts_30_days: int = 3


@dataclass(frozen=True)
class TreatmentPlan:
    """One arm; the one without a channel is the control group."""

    name: str
    channel: str
    share: Decimal
    subject: str = ""
    body: str = ""


@transaction.atomic
def create_campaign(org_unit: OrgUnit, *, plan: CampaignPlan, actor: Actor, now: datetime) -> Campaign:
    """Write a draft; its salt, drawn once, fixes for ever which household falls into which arm.

    :raises NotAllowed: if the actor may not plan campaigns at the place
    :raises SegmentMissing: if no segment is chosen
    :raises NameTaken: if the place has a campaign of this name
    """
    actor.require(CHANGE_CAMPAIGN, org_unit.pk)
    _require_sound(plan, org_unit.pk)
    campaign = Campaign.objects.create(
        **_values(plan),
        org_unit=org_unit,
        salt=secrets.token_urlsafe(24),
        created_by_id=actor.user_id,
        owner_id=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    record(CampaignCreated(org_unit_id=org_unit.pk, subject_id=campaign.pk), actor=actor, now=now)
    return campaign


@transaction.atomic
def change_campaign(campaign: Campaign, *, plan: CampaignPlan, actor: Actor, now: datetime) -> None:
    """Change a plan that has not begun; an audience drawn for the old plan is dropped.

    :raises NotAllowed, SegmentMissing, NameTaken: as `create_campaign`
    :raises AlreadyLaunched: if it has begun
    """
    locked = lock_unlaunched(campaign, actor)
    _require_sound(plan, locked.org_unit_id, but=campaign)
    for name, value in _values(plan).items():
        setattr(campaign, name, value)
    _void_audience(campaign, now)
    campaign.save()
    record(CampaignChanged(org_unit_id=campaign.org_unit_id, subject_id=campaign.pk), actor=actor, now=now)


def _values(plan: CampaignPlan) -> dict[str, object]:
    return {field.name: getattr(plan, field.name) for field in fields(plan)}


def _require_sound(plan: CampaignPlan, org_unit_id: int, but: Campaign | None = None) -> None:
    if plan.segment is None:
        raise SegmentMissing
    same = Campaign.objects.filter(org_unit_id=org_unit_id, name=plan.name)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise NameTaken(name=plan.name)


def lock_unlaunched(campaign: Campaign, actor: Actor) -> Campaign:
    """Lock a campaign that may still be changed; opens no transaction.

    :raises NotAllowed: if the actor may not plan campaigns at the place
    :raises AlreadyLaunched: if it has begun
    """
    actor.require(CHANGE_CAMPAIGN, campaign.org_unit_id)
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.state not in {State.DRAFT, State.SELECTED}:
        raise AlreadyLaunched
    return locked


def _void_audience(campaign: Campaign, now: datetime) -> None:
    campaign.members.all().delete()
    campaign.state, campaign.audience, campaign.updated_at = State.DRAFT, None, now


@transaction.atomic
def set_treatments(
    campaign: Campaign, arms: Sequence[TreatmentPlan], *, actor: Actor, now: datetime
) -> list[Treatment]:
    """Replace the arms of a campaign that has not begun; an audience drawn before is dropped.

    :raises NotAllowed: if the actor may not plan campaigns at the place
    :raises AlreadyLaunched: if it has begun
    :raises NoControlGroup, NoTreatment, SharesNotWhole, ControlGroupTooSmall, TextMissing: if the arms are unsound
    """
    lock_unlaunched(campaign, actor)
    _require_sound_arms(arms, least=least_control_share(campaign.org_unit))
    _void_audience(campaign, now)
    campaign.treatments.all().delete()
    ordered = sorted(arms, key=lambda arm: arm.channel != Channel.NONE)
    rows = [
        Treatment(**asdict(arm), campaign=campaign, position=position, created_at=now, updated_at=now)
        for position, arm in enumerate(ordered)
    ]
    Treatment.objects.bulk_create(rows)
    campaign.save(update_fields=["state", "audience", "updated_at"])
    record(CampaignChanged(org_unit_id=campaign.org_unit_id, subject_id=campaign.pk), actor=actor, now=now)
    return rows


def least_control_share(org_unit: OrgUnit) -> Decimal:
    """Return the smallest control group allowed at a place, as a share of one."""
    setting = resolve_setting(LEAST_CONTROL_SHARE_SETTING, org_unit, default=str(LEAST_CONTROL_SHARE))
    return Decimal(str(setting.value))


def _require_sound_arms(arms: Sequence[TreatmentPlan], *, least: Decimal) -> None:
    controls = [arm for arm in arms if arm.channel == Channel.NONE]
    if len(controls) != 1:
        raise NoControlGroup
    if len(arms) < 2:
        raise NoTreatment
    total = sum((arm.share for arm in arms), Decimal(0))
    if total != 1 or any(arm.share <= 0 for arm in arms):
        raise SharesNotWhole(total=f"{total * 100:.2f}".rstrip("0").rstrip("."))
    if controls[0].share < least:
        raise ControlGroupTooSmall(least=f"{least * 100:.1f}".rstrip("0").rstrip("."))
    for arm in arms:
        if arm.channel == Channel.EMAIL and not (arm.subject.strip() and OPT_OUT in arm.body):
            raise TextMissing(name=arm.name)


@transaction.atomic
def end_campaign(campaign: Campaign, *, actor: Actor, now: datetime) -> None:
    """Finish a campaign that runs, or cancel one that has not begun. Its result stays.

    :raises NotAllowed: if the actor may not stop campaigns at the place
    :raises AlreadyLaunched: if it has ended already
    """
    actor.require(LAUNCH_CAMPAIGN, campaign.org_unit_id)
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if locked.state in {State.FINISHED, State.CANCELLED}:
        raise AlreadyLaunched
    campaign.state = State.FINISHED if locked.state == State.RUNNING else State.CANCELLED
    campaign.updated_at = now
    campaign.save(update_fields=["state", "updated_at"])
    event = CampaignFinished(org_unit_id=campaign.org_unit_id, subject_id=campaign.pk, state=campaign.state)
    record(event, actor=actor, now=now)

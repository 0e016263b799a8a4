"""What a plan promises: how many people it needs, and the four tests of a campaign."""

import math
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.analytics.power import detectable_lift, sample_size_two_proportions
from hearth.campaigns.models import Campaign, Treatment
from hearth.campaigns.services.planning import LEAST_CONTROL_SHARE

DEFAULT_BASELINE = 0.1


@dataclass(frozen=True)
class PowerOfArm:
    """Whether one treated arm and control are large enough to find the lift; sizes in customers, shares of one."""

    treatment: Treatment
    needed: int
    available: int | None
    detectable: float | None

    @property
    def is_enough(self) -> bool | None:
        return None if self.available is None else self.available >= self.needed


@dataclass(frozen=True)
class PowerPlan:
    """The power of a plan at 80 % and an error of 5 %, by treated arm; `audience` is drawn or as last counted."""

    baseline: float
    lift: float
    audience: int | None
    arms: tuple[PowerOfArm, ...]

    @property
    def baseline_percent(self) -> str:
        """The baseline as a number field wants it, whatever the reader's language."""
        return f"{self.baseline * 100:.2f}"

    @property
    def is_enough(self) -> bool | None:
        answers = [arm.is_enough for arm in self.arms]
        return None if not answers or None in answers else all(answers)


def power_plan(campaign: Campaign, *, baseline: float | None = None) -> PowerPlan:
    """Compute what each arm needs beside control. `baseline` is the rate expected without any message.

    Without a stated baseline, the rate of the newest finished campaign's control group is taken. At most four
    queries.
    """
    baseline = usual_rate(campaign) if baseline is None else baseline
    lift = campaign.planned_lift / 100
    treatments = list(campaign.treatments.order_by("position", "id"))
    control = next((arm for arm in treatments if arm.is_control), None)
    audience = audience_size(campaign)
    arms: list[PowerOfArm] = []
    if control is not None and lift > 0 and baseline > 0 and baseline + lift < 1:
        arms = [_power(arm, control, baseline, lift, audience) for arm in treatments if not arm.is_control]
    return PowerPlan(baseline, lift, audience, tuple(arms))


def _power(
    arm: Treatment, control: Treatment, baseline: float, lift: float, audience: int | None
) -> PowerOfArm:
    both = float(arm.share + control.share)
    held = float(control.share) / both
    needed = math.ceil(sample_size_two_proportions(baseline, lift, held).total / both)
    if audience is None:
        return PowerOfArm(arm, needed, None, None)
    found = detectable_lift(baseline, int(audience * both), held)
    return PowerOfArm(arm, needed, audience, None if math.isinf(found) else found)


def audience_size(campaign: Campaign) -> int | None:
    """Return how many are in the drawn audience, else in the segment when it was last counted, else None."""
    if campaign.state != Campaign.State.DRAFT:
        return campaign.members.filter(exclusion="").count()
    if campaign.segment is None:
        return None
    newest = campaign.segment.counts.order_by("-created_at", "-id").first()
    return newest.size if newest else None


def usual_rate(campaign: Campaign) -> float:
    """Return the rate of the main outcome in the control group of the newest finished campaign at this place."""
    finished = Campaign.objects.filter(
        org_unit_id=campaign.org_unit_id,
        state=Campaign.State.FINISHED,
        treatments__channel=Treatment.Channel.NONE,
    )
    newest = finished.order_by("-created_at", "-id").first()
    if newest is None:
        return DEFAULT_BASELINE
    members = newest.members.filter(treatment__channel=Treatment.Channel.NONE)
    column = "responded_at" if campaign.main_outcome == Campaign.Outcome.RESPONSE else "purchased_at"
    size = members.count()
    reached = members.exclude(**{column: None}).count()
    return reached / size if reached else DEFAULT_BASELINE


@dataclass(frozen=True)
class CampaignTest:
    """One of the four tests a campaign should pass, with the reason in words."""

    code: str
    label: str | Promise
    is_passed: bool
    reason: str | Promise


def four_tests(campaign: Campaign, power: PowerPlan) -> list[CampaignTest]:
    """Test a plan: clear target, tailored, timely, proven in practice. No further query."""
    treated = [arm.treatment for arm in power.arms] or list(campaign.treatments.all())
    return [
        _clear_target(campaign),
        _tailored([arm for arm in treated if not arm.is_control]),
        _timely(campaign),
        _proven(campaign, power),
    ]


def _clear_target(campaign: Campaign) -> CampaignTest:
    is_passed = bool(campaign.segment_id and campaign.goal.strip() and campaign.hypothesis.strip())
    reason = (
        _("A segment, a goal and a hypothesis are stated.")
        if is_passed
        else _("State the goal and the hypothesis: what should this segment do, and why would it?")
    )
    return CampaignTest("clear_target", _("Clear target"), is_passed, reason)


def _tailored(treated: list[Treatment]) -> CampaignTest:
    is_passed = len(treated) > 1 or any("{name}" in arm.body for arm in treated)
    reason = (
        _("The text addresses the person, or several ideas are tried.")
        if is_passed
        else _("Everybody gets the same words. Address the person by {name}, or try a second idea.")
    )
    return CampaignTest("tailored", _("Tailored"), is_passed, reason)


def _timely(campaign: Campaign) -> CampaignTest:
    is_passed = campaign.occasion != Campaign.Occasion.TIMETABLE
    reason = (
        _("The occasion is the customer's, not ours.")
        if is_passed
        else _(
            "The occasion is our own timetable. Is there a moment in the customer's life that fits better?"
        )
    )
    return CampaignTest("timely", _("Timely"), is_passed, reason)


def _proven(campaign: Campaign, power: PowerPlan) -> CampaignTest:
    shares = [arm.share for arm in campaign.treatments.all() if arm.is_control]
    is_passed = bool(shares) and min(shares) >= LEAST_CONTROL_SHARE and power.is_enough is True
    reason = (
        _("A control group is held back, and the audience is large enough to show the lift hoped for.")
        if is_passed
        else _("Hold back a control group, and make the audience large enough to show the lift hoped for.")
    )
    return CampaignTest("proven", _("Proven in practice"), is_passed, reason)

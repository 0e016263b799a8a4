"""Pages of campaigns: plan, audience, report."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.campaigns.charts import interval_chart
from hearth.campaigns.forms import CampaignForm, TreatmentForms, plan_values, treatment_values
from hearth.campaigns.models import Campaign, CampaignMember, Treatment
from hearth.campaigns.permissions import CHANGE_CAMPAIGN, LAUNCH_CAMPAIGN, VIEW_CAMPAIGN
from hearth.campaigns.selectors.lists import (
    arm_sizes,
    campaign_page,
    exclusions,
    member_page,
    occasion_shares,
)
from hearth.campaigns.selectors.planning import four_tests, power_plan
from hearth.campaigns.selectors.report import OUTCOMES, CampaignReport, campaign_report
from hearth.campaigns.services.audience import draw_audience
from hearth.campaigns.services.launch import fill_in, launch_campaign
from hearth.campaigns.services.planning import (
    NameTaken,
    SegmentMissing,
    change_campaign,
    create_campaign,
    end_campaign,
    set_treatments,
)
from hearth.campaigns.services.trial import SAMPLE_TOKEN, request_trial
from hearth.campaigns.wording import verdict_sentence
from hearth.channels.models import Message
from hearth.channels.selectors import delivery_counts
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires

OPEN_STATES = {Campaign.State.DRAFT, Campaign.State.SELECTED}


def _campaign(request: HttpRequest, campaign_id: UUID) -> Campaign:
    rows = Campaign.objects.visible_to(actor_of(request)).select_related("segment", "org_unit")
    return get_object_or_404(rows, pk=campaign_id)


def _to(request: HttpRequest, name: str, campaign: Campaign) -> HttpResponse:
    return go_to(request, reverse(f"campaigns:{name}", args=[campaign.pk]))


@requires(VIEW_CAMPAIGN)
def campaigns(request: HttpRequest) -> HttpResponse:
    """List campaigns."""
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = campaign_page(actor_of(request), state=state, query=query, cursor=request.GET.get("cursor", ""))
    shares = occasion_shares(actor_of(request))
    context = {
        "page": found,
        "state": state,
        "q": query,
        "states": Campaign.State.choices,
        "timetable_share": shares.get(Campaign.Occasion.TIMETABLE, 0.0) if shares else None,
    }
    return page(request, "campaigns/list.html", context, parts={"campaigns"})


@requires(CHANGE_CAMPAIGN, methods=("GET", "HEAD", "POST"))
def create(request: HttpRequest) -> HttpResponse:
    """Plan a new campaign."""
    actor = actor_of(request)
    form = CampaignForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["org_unit"]
        try:
            campaign = create_campaign(place, plan=form.plan(), actor=actor, now=timezone.now())
        except (SegmentMissing, NameTaken) as refusal:
            form.add_error("segment" if isinstance(refusal, SegmentMissing) else "name", str(refusal))
        else:
            return _to(request, "plan", campaign)
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "campaigns/create.html", {"form": form}, status=status)


@requires(CHANGE_CAMPAIGN, methods=("GET", "HEAD", "POST"))
def plan(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Show and change the plan."""
    campaign, actor = _campaign(request, campaign_id), actor_of(request)
    if request.method != "POST":
        return _show_plan(request, campaign)
    form = CampaignForm(request.POST, actor=actor, campaign=campaign)
    if not form.is_valid():
        return _show_plan(request, campaign, form=form, status=REFUSED)
    try:
        change_campaign(campaign, plan=form.plan(), actor=actor, now=timezone.now())
    except DomainError as refusal:
        return _show_plan(
            request, _campaign(request, campaign_id), form=form, refusal=refusal, status=REFUSED
        )
    messages.success(request, gettext("The plan is saved."))
    return _to(request, "plan", campaign)


@requires(CHANGE_CAMPAIGN, methods=("POST",))
def change_arms(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Set the arms."""
    campaign = _campaign(request, campaign_id)
    forms = TreatmentForms(request.POST)
    if not forms.is_valid():
        return _show_plan(request, campaign, forms=forms, status=REFUSED)
    arms = [arm for arm in (form.plan() for form in forms) if arm is not None]
    try:
        set_treatments(campaign, arms, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _show_plan(request, campaign, forms=forms, arms_refusal=refusal, status=REFUSED)
    messages.success(request, gettext("The arms are saved."))
    return _to(request, "plan", campaign)


def _show_plan(
    request: HttpRequest, campaign: Campaign, *, status: int = SUCCESS, **given: Any
) -> HttpResponse:
    actor = actor_of(request)
    power = power_plan(campaign, baseline=_baseline(request))
    context = {
        "campaign": campaign,
        "tab": "plan",
        "is_open": campaign.state in OPEN_STATES,
        "form": CampaignForm(initial=plan_values(campaign), actor=actor, campaign=campaign),
        "forms": TreatmentForms(initial=treatment_values(campaign)),
        "power": power,
        "tests": four_tests(campaign, power),
        "previews": _previews(request, campaign),
        **given,
    }
    return page(request, "campaigns/plan.html", context, parts={"power"}, status=status)


def _baseline(request: HttpRequest) -> float | None:
    """Read the rate stated in percent; what is no rate is as if not stated."""
    try:
        stated = float(request.GET.get("baseline", "")) / 100
    except ValueError:
        return None
    return stated if 0 < stated < 1 else None


def _previews(request: HttpRequest, campaign: Campaign) -> list[dict[str, Any]]:
    name = actor_of(request).name
    return [
        {
            "arm": arm,
            "subject": fill_in(arm.subject, name=name, token=SAMPLE_TOKEN),
            "body": fill_in(arm.body, name=name, token=SAMPLE_TOKEN),
        }
        for arm in campaign.treatments.filter(channel=Treatment.Channel.EMAIL).order_by("position", "id")
    ]


@requires(CHANGE_CAMPAIGN, methods=("POST",))
def trial(request: HttpRequest, campaign_id: UUID, treatment_id: UUID) -> HttpResponse:
    """Send the mail of an arm to oneself."""
    campaign = _campaign(request, campaign_id)
    request_trial(get_object_or_404(campaign.treatments, pk=treatment_id), actor=actor_of(request))
    messages.success(request, gettext("The trial is on its way to your own address."))
    return _to(request, "plan", campaign)


@requires(VIEW_CAMPAIGN)
def audience(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Show the arms, who was left out and why, and a sample."""
    campaign = _campaign(request, campaign_id)
    reason = request.GET.get("left_out", "")
    reason = reason if reason in CampaignMember.Exclusion.values else ""
    context = {
        "campaign": campaign,
        "tab": "audience",
        "is_open": campaign.state in OPEN_STATES,
        "arms": arm_sizes(campaign),
        "reasons": exclusions(campaign),
        "reason": reason,
        "page": member_page(campaign, exclusion=reason, cursor=request.GET.get("cursor", "")),
    }
    return page(request, "campaigns/audience.html", context, parts={"members"})


@requires(CHANGE_CAMPAIGN, methods=("POST",))
def draw(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Draw the audience."""
    campaign = _campaign(request, campaign_id)
    try:
        draw_audience(campaign, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return _to(request, "plan", campaign)
    return _to(request, "audience", campaign)


@requires(LAUNCH_CAMPAIGN, methods=("POST",))
def launch(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Start the campaign; the page asked for confirmation."""
    campaign = _campaign(request, campaign_id)
    addressed = launch_campaign(campaign, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("Started: %(n)d customers are being addressed.") % {"n": addressed})
    return _to(request, "report", campaign)


@requires(LAUNCH_CAMPAIGN, methods=("POST",))
def end(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Finish or cancel the campaign."""
    campaign = _campaign(request, campaign_id)
    end_campaign(campaign, actor=actor_of(request), now=timezone.now())
    return _to(request, "report", campaign)


@requires(VIEW_CAMPAIGN)
def campaign(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Go to the page that matters now: the plan, the audience, or the result."""
    found = _campaign(request, campaign_id)
    if found.state == Campaign.State.DRAFT and actor_of(request).can(CHANGE_CAMPAIGN):
        return _to(request, "plan", found)
    return _to(request, "audience" if found.state == Campaign.State.SELECTED else "report", found)


@requires(VIEW_CAMPAIGN)
def report(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Show what the campaign achieved."""
    campaign = _campaign(request, campaign_id)
    found = campaign_report(campaign)
    labels = {str(code): str(label) for code, label in CampaignMember.Exclusion.choices}
    context = {
        "campaign": campaign,
        "tab": "report",
        "report": found,
        "sentences": [text for arm in found.arms if (text := verdict_sentence(campaign, arm))],
        "chart": _chart(campaign, found),
        "outcomes": OUTCOMES,
        "excluded": [(labels[code], size) for code, size in found.excluded.items()],
        "deliveries": _deliveries(campaign),
    }
    return page(request, "campaigns/report.html", context)


def _chart(campaign: Campaign, found: CampaignReport) -> Any:
    rows = []
    for arm in found.arms:
        result = arm.results[campaign.main_outcome]
        if result.comparison is not None:
            is_proven = arm.verdict is not None and arm.verdict.value.startswith("proven")
            rows.append((arm.treatment.name, result.comparison, is_proven))
    return interval_chart(rows)


def _deliveries(campaign: Campaign) -> list[tuple[str, int]]:
    counts = delivery_counts(campaign.pk)
    return [(str(label), counts[code]) for code, label in Message.State.choices if code in counts]

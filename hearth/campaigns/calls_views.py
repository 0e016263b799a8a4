"""The call list: one customer at a time, the phone shown only to whoever took the call."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.campaigns.forms import CallResultForm
from hearth.campaigns.models import Campaign, CampaignMember
from hearth.campaigns.permissions import WORK_CALL_LIST
from hearth.campaigns.selectors.lists import call_list_page, call_progress, calls_of, phone_of
from hearth.campaigns.services.calls import record_call_result, take_call
from hearth.core.htmx import REFUSED, go_to, page
from hearth.core.permissions import actor_of, requires


def _campaign(request: HttpRequest, campaign_id: UUID) -> Campaign:
    rows = Campaign.objects.visible_with(actor_of(request), WORK_CALL_LIST)
    return get_object_or_404(rows, pk=campaign_id)


@requires(WORK_CALL_LIST)
def call_lists(request: HttpRequest) -> HttpResponse:
    """List the running campaigns whose customers the reader may call."""
    found = call_list_page(actor_of(request), cursor=request.GET.get("cursor", ""))
    return page(
        request,
        "campaigns/call_lists.html",
        {"page": found, "lists": calls_of(found.rows)},
        parts={"call-lists"},
    )


@requires(WORK_CALL_LIST, methods=("GET", "HEAD", "POST"))
def calls(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Show how far the list is; a POST takes the next customer and shows the phone."""
    campaign = _campaign(request, campaign_id)
    context = {"campaign": campaign, "tab": "calls", "progress": call_progress(campaign), "asked": False}
    if request.method == "POST":
        member = take_call(campaign, actor=actor_of(request), now=timezone.now())
        context |= {"asked": True, "member": member, "form": CallResultForm()}
        context |= {"phone": phone_of(member) if member else ""}
    return page(request, "campaigns/calls.html", context, parts={"call"})


@requires(WORK_CALL_LIST, methods=("POST",))
def close_call(request: HttpRequest, campaign_id: UUID, member_id: UUID) -> HttpResponse:
    campaign = _campaign(request, campaign_id)
    member = get_object_or_404(
        CampaignMember.objects.select_related("campaign", "customer", "treatment"),
        campaign=campaign,
        caller_id=actor_of(request).user_id,
        pk=member_id,
    )
    form = CallResultForm(request.POST)
    if not form.is_valid():
        context = {"campaign": campaign, "tab": "calls", "progress": call_progress(campaign), "asked": True}
        context |= {"member": member, "form": form, "phone": phone_of(member)}
        return page(request, "campaigns/calls.html", context, parts={"call"}, status=REFUSED)
    record_call_result(member, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("campaigns:calls", args=[campaign.pk]))

"""Pages of disputes: who claims whose customer, what is on record, and the decision."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown
from hearth.leads.dispute_selectors import disputes_for, lines_of
from hearth.leads.models import Lead, LeadDispute
from hearth.leads.permissions import ASSIGN_LEAD, CHANGE_LEAD, VIEW_LEAD
from hearth.leads.services import decide_dispute, open_dispute

BOTH = ("GET", "HEAD", "POST")
TEXT = {"class": "form-control", "rows": 2}


class ClaimForm(forms.Form):
    """Why a customer is one's own."""

    claim = forms.CharField(
        label=pgettext_lazy("dispute", "Why the customer is yours"),
        max_length=300,
        widget=forms.Textarea(TEXT),
    )


class DecisionForm(forms.Form):
    """Whose the customer is, and why."""

    awarded_to = forms.ModelChoiceField(
        label=pgettext_lazy("dispute", "The customer goes to"),
        queryset=User.objects.none(),
        widget=forms.Select({"class": "form-select"}),
    )
    reason = forms.CharField(
        label=pgettext_lazy("dispute", "Reason"), max_length=300, widget=forms.Textarea(TEXT)
    )

    def __init__(self, *args: object, dispute: LeadDispute, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through
        both = [user_id for user_id in (dispute.claimant_id, dispute.holder_id) if user_id]
        self.fields["awarded_to"].queryset = User.objects.filter(pk__in=both).order_by("id")  # type: ignore[attr-defined]


@requires(VIEW_LEAD)
def disputes(request: HttpRequest) -> HttpResponse:
    """The disputes of the places one sees, those that wait first."""
    return page(request, "leads/disputes.html", {"disputes": disputes_for(actor_of(request))})


@requires(CHANGE_LEAD, methods=BOTH)
def claim(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    """Say that the lead of another is one's own."""
    actor = actor_of(request)
    rows = Lead.objects.visible_to(actor).select_related("customer", "project", "consultant", "org_unit")
    lead = get_object_or_404(rows, pk=lead_id)
    tell_shown(request, lead.customer_id)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = open_dispute(lead, **form.cleaned_data, actor=actor, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_to(request, reverse("leads:dispute", args=[row.pk]))
    context = {"lead": lead, "form": form}
    return page(request, "leads/claim.html", context, status=REFUSED if form.errors else SUCCESS)


@requires(VIEW_LEAD, methods=BOTH)
def dispute(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """One dispute: both sides in time order, and the decision."""
    actor = actor_of(request)
    rows = LeadDispute.objects.visible_to(actor).select_related(
        "lead__customer", "lead__project", "lead__org_unit", "claimant", "holder", "awarded_to", "decided_by"
    )
    row = get_object_or_404(rows, pk=dispute_id)
    tell_shown(request, row.lead.customer_id)
    form = DecisionForm(request.POST or None, dispute=row)
    if request.method == "POST" and form.is_valid():
        try:
            decide_dispute(row, **form.cleaned_data, actor=actor, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_to(request, reverse("leads:dispute", args=[row.pk]))
    is_party = actor.user_id in (row.claimant_id, row.holder_id)
    context = {
        "dispute": row,
        "lines": lines_of(row, actor),
        "form": form,
        "may_decide": row.is_waiting and not is_party and actor.can(ASSIGN_LEAD, row.lead.org_unit_id),
    }
    return page(request, "leads/dispute.html", context, status=REFUSED if form.errors else SUCCESS)

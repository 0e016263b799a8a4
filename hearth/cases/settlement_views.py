"""Saying how a case was settled, approving it, and what it cost."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.cases.forms import CauseForm, CostForm, SettlementForm
from hearth.cases.models import Case, Cause, CostLine, Settlement
from hearth.cases.permissions import CHANGE_CASE, CHANGE_CAUSES, VIEW_CASE
from hearth.cases.services import Settled, approve_position, note_cost, settle_case, strike_out_cost
from hearth.cases.services.causes import keep_cause, require_causes
from hearth.cases.views import case_page, changeable
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.uploads import UNKNOWN


def _shown(request: HttpRequest, case_id: UUID, words: str) -> HttpResponse:
    messages.success(request, words)
    return go_to(request, reverse("cases:case", args=[case_id]) + "#settlement")


@requires(CHANGE_CASE, methods=("POST",))
def settle(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Keep how a case was settled."""
    row, form = changeable(request, case_id), SettlementForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            settle_case(row, Settled(**form.cleaned_data), actor=actor_of(request), now=timezone.now())
        except InvalidInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _shown(request, row.pk, gettext("It is noted how the case was settled."))
    return case_page(request, row, status=REFUSED, settlement_form=form)


@requires(CHANGE_CASE, methods=("POST",))
def approve(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Approve that a case ends without the customer's agreement."""
    row = changeable(request, case_id)
    try:
        approve_position(row, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return case_page(request, row, status=REFUSED, settlement_refusal=str(refusal))
    return _shown(request, row.pk, gettext("The final position is approved."))


@requires(CHANGE_CASE, methods=("POST",))
def cost(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Add a line to what a case cost."""
    row, form = changeable(request, case_id), CostForm(request.POST)
    if form.is_valid():
        try:
            note_cost(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _shown(request, row.pk, gettext("The cost is noted."))
    return case_page(request, row, status=REFUSED, cost_form=form)


@requires(CHANGE_CASE, methods=("POST",))
def strike_out(request: HttpRequest, case_id: UUID, cost_id: UUID) -> HttpResponse:
    """Strike a line out of what a case cost."""
    row = changeable(request, case_id)
    line = get_object_or_404(CostLine.objects.filter(case=row).select_related("case"), pk=cost_id)
    try:
        strike_out_cost(line, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return case_page(request, row, status=REFUSED, settlement_refusal=str(refusal))
    return _shown(request, row.pk, gettext("The cost is struck out."))


@requires(VIEW_CASE)
def evidence(request: HttpRequest, settlement_id: UUID) -> FileResponse:
    """Give the proof of a settlement to be saved; it is never shown inside the site."""
    seen = Case.objects.visible_to(actor_of(request)).values("pk")
    rows = Settlement.objects.filter(case__in=seen).select_related("evidence_file")
    kept = get_object_or_404(rows, pk=settlement_id).evidence_file
    if kept is None:
        raise Http404
    return FileResponse(kept.file.open("rb"), as_attachment=True, filename=kept.name, content_type=UNKNOWN)


@requires(CHANGE_CAUSES)
def causes(request: HttpRequest) -> HttpResponse:
    """The causes of cases, by class."""
    require_causes(actor_of(request))
    rows = Cause.objects.in_order().select_related("parent")
    return page(request, "cases/causes.html", {"causes": rows})


@requires(CHANGE_CAUSES, methods=("GET", "HEAD", "POST"))
def cause(request: HttpRequest, cause_id: int = 0) -> HttpResponse:
    """Add a cause, or change one."""
    require_causes(actor_of(request))
    row = get_object_or_404(Cause, pk=cause_id) if cause_id else Cause()
    form = CauseForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            keep_cause(form.save(commit=False), actor=actor_of(request), now=timezone.now())
        except InvalidInput as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, gettext("The cause is kept."))
            return go_to(request, reverse("cases:causes"))
    context = {"cause": row, "form": form}
    return page(request, "cases/cause.html", context, status=REFUSED if form.errors else SUCCESS)

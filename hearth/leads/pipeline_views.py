"""Pages of the way of leads: whom to win back, what stages ask for, and why leads are lost."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from hearth.core.errors import InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.leads.forms import LossReasonForm, StageRuleForm
from hearth.leads.models import WAY, LossReason, Proof, Stage
from hearth.leads.permissions import CHANGE_PIPELINE, VIEW_LEAD
from hearth.leads.pipeline import proofs_for
from hearth.leads.selectors import leads_to_win_back
from hearth.leads.services import change_stage_rule, keep_loss_reason
from hearth.leads.services.moving import require_pipeline

BOTH = ("GET", "HEAD", "POST")
RULED = WAY[1:]


@requires(VIEW_LEAD)
def win_back(request: HttpRequest) -> HttpResponse:
    """Lost customers whose day to be asked again has come, and who agreed to be asked."""
    found = leads_to_win_back(
        actor_of(request), today=timezone.localdate(), cursor=request.GET.get("cursor", "")
    )
    return page(request, "leads/win_back.html", {"found": found})


@requires(CHANGE_PIPELINE)
def stages(request: HttpRequest) -> HttpResponse:
    """What each stage asks for."""
    require_pipeline(actor_of(request))
    rules = [(stage, [Proof(code).label for code in proofs_for(stage)]) for stage in RULED]
    return page(request, "leads/stages.html", {"rules": rules})


@requires(CHANGE_PIPELINE, methods=BOTH)
def stage(request: HttpRequest, stage: str) -> HttpResponse:
    """Change what a stage asks for."""
    require_pipeline(actor_of(request))
    if stage not in RULED:
        raise Http404
    given = request.POST if request.method == "POST" else None
    form = StageRuleForm(given, initial={"proofs": proofs_for(stage)})
    if form.is_valid():
        change_stage_rule(stage, form.cleaned_data["proofs"], actor=actor_of(request), now=timezone.now())
        messages.success(request, pgettext("lead", "The stage is changed."))
        return go_to(request, reverse("leads:stages"))
    context = {"stage": Stage(stage), "form": form}
    return page(request, "leads/stage.html", context, status=REFUSED if form.errors else SUCCESS)


@requires(CHANGE_PIPELINE)
def loss_reasons(request: HttpRequest) -> HttpResponse:
    """Why leads are lost, by group."""
    require_pipeline(actor_of(request))
    rows = LossReason.objects.in_order().select_related("parent")
    return page(request, "leads/loss_reasons.html", {"reasons": rows})


@requires(CHANGE_PIPELINE, methods=BOTH)
def loss_reason(request: HttpRequest, reason_id: int = 0) -> HttpResponse:
    """Add a reason, or change one."""
    require_pipeline(actor_of(request))
    row = get_object_or_404(LossReason, pk=reason_id) if reason_id else LossReason()
    form = LossReasonForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            keep_loss_reason(form.save(commit=False), actor=actor_of(request), now=timezone.now())
        except InvalidInput as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, pgettext("loss", "The reason is kept."))
            return go_to(request, reverse("leads:loss_reasons"))
    context = {"reason": row, "form": form}
    return page(request, "leads/loss_reason.html", context, status=REFUSED if form.errors else SUCCESS)

"""Pages of the rounds."""

from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.pages import keyset_page
from hearth.core.permissions import actor_of, requires
from hearth.insight.forms import ClosingForm, DecisionForm, RoundForm
from hearth.insight.models import Round
from hearth.insight.permissions import RUN_INSIGHT, VIEW_INSIGHT
from hearth.insight.selectors.rounds import round_list, round_page
from hearth.insight.selectors.runs import latest_run
from hearth.insight.services import close_round, decide, open_round


@requires(VIEW_INSIGHT)
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds, the newest first."""
    rows = round_list(actor_of(request))
    found = keyset_page(rows, order="-starts_date", cursor=request.GET.get("cursor", ""))
    return page(request, "insight/rounds.html", {"found": found, "run": latest_run()}, parts={"rounds"})


@requires(RUN_INSIGHT, methods=("GET", "HEAD", "POST"))
def new_round(request: HttpRequest) -> HttpResponse:
    """Open a round on the newest figures."""
    actor = actor_of(request)
    form = RoundForm(request.POST or None, actor=actor)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_round(**form.cleaned_data, actor=actor, now=timezone.now())
        except DomainError as error:
            refusal = error
        else:
            return go_to(request, reverse("insight:round", args=[opened.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    context = {"form": form, "refusal": refusal, "run": latest_run()}
    return page(request, "insight/new_round.html", context, status=status)


@requires(VIEW_INSIGHT)
def round_(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """One round: record, analyse, plan, act, measure, beside the round before."""
    return _show(request, _find(request, round_id))


@requires(RUN_INSIGHT, methods=("POST",))
def decide_in(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Write down a decision."""
    actor, subject = actor_of(request), _find(request, round_id)
    form = DecisionForm(request.POST, actor=actor)
    if not form.is_valid():
        return _show(request, subject, decision_form=form)
    try:
        decide(subject, **form.cleaned_data, actor=actor, now=timezone.now())
    except DomainError as refusal:
        return _show(request, subject, decision_form=form, refusal=refusal)
    return go_to(request, reverse("insight:round", args=[subject.pk]))


@requires(RUN_INSIGHT, methods=("POST",))
def close(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Measure and close the round."""
    subject = _find(request, round_id)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return _show(request, subject, closing_form=form)
    lessons = form.cleaned_data["lessons"]
    try:
        close_round(subject, lessons=lessons, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _show(request, subject, closing_form=form, refusal=refusal)
    return go_to(request, reverse("insight:round", args=[subject.pk]))


def _find(request: HttpRequest, round_id: UUID) -> Round:
    return get_object_or_404(round_list(actor_of(request)), pk=round_id)


def _show(
    request: HttpRequest,
    subject: Round,
    *,
    decision_form: Form | None = None,
    closing_form: Form | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    is_refused = refusal is not None or decision_form is not None or closing_form is not None
    context = {
        "page": round_page(subject, actor),
        "decision_form": decision_form or DecisionForm(actor=actor),
        "closing_form": closing_form or ClosingForm(),
        "refusal": refusal,
        "may_keep": actor.can(RUN_INSIGHT, subject.org_unit_id) and subject.state == Round.State.OPEN,
    }
    return page(request, "insight/round.html", context, status=REFUSED if is_refused else SUCCESS)

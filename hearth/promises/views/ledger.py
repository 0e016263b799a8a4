"""Pages of promises."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal, refusal_of, shown_form
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.lists.pages import list_page
from hearth.promises.forms import ReturnForm
from hearth.promises.ledger_forms import (
    CasesForm,
    ChangeForm,
    EvidenceForm,
    HomesForm,
    OutcomeForm,
    PromiseForm,
)
from hearth.promises.ledger_lists import PROMISES, STATE_COLOURS
from hearth.promises.ledger_selectors import contracts_covered, contracts_without_case, covered_by
from hearth.promises.models import Promise, PromiseFile, PromiseOutcome
from hearth.promises.permissions import APPROVE_PROMISE, CHANGE_PROMISE, VIEW_PROMISE
from hearth.promises.services import (
    attach_evidence,
    change_promise,
    confirm_outcome,
    cover_homes,
    may_confirm,
    open_cases,
    record_promise,
    return_outcome,
    say_outcome,
    uncover_homes,
)
from hearth.promises.views.disclosures import BOTH, saved
from hearth.properties.models import Building


@requires(VIEW_PROMISE)
def promise_list(request: HttpRequest) -> HttpResponse:
    """The ledger."""
    return list_page(request, PROMISES, "promises/promises.html")


@requires(CHANGE_PROMISE, methods=BOTH)
def new_promise(request: HttpRequest) -> HttpResponse:
    """Record a promise."""
    form = PromiseForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        project = form.cleaned_data["project"]
        try:
            row = record_promise(project, form.promise(), actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("promises:promise", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "promises/promise_new.html", {"form": form}, status=status)


def promise_of(request: HttpRequest, promise_id: UUID) -> Promise:
    """Return a promise that the actor may see, else answer 404."""
    rows = Promise.objects.visible_to(actor_of(request))
    whole = rows.select_related("project", "org_unit", "department", "author")
    return get_object_or_404(whole, pk=promise_id)


@requires(VIEW_PROMISE)
def promise(request: HttpRequest, promise_id: UUID) -> HttpResponse:
    """One promise: its words and evidence, the homes it covers, and what became of it."""
    return _promise_page(request, promise_of(request, promise_id))


def _promise_page(
    request: HttpRequest, row: Promise, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    may_change = actor.can(CHANGE_PROMISE, row.org_unit_id)
    is_written = may_change and row.is_live
    outcomes = row.outcomes.select_related("said_by", "decided_by", "evidence_file").order_by("-id")
    waiting = next((each for each in outcomes if each.decided_at is None), None)
    is_broken = row.state == Promise.State.BROKEN
    left = contracts_without_case(row).count() if is_broken else 0
    may_open = left > 0 and actor.can(CHANGE_CASE, row.org_unit_id)
    context = {
        "row": row,
        "colour": STATE_COLOURS.get(row.state, "secondary"),
        "files": row.files.select_related("stored", "user").order_by("id"),
        "buildings": covered_by(row),
        "signed": contracts_covered(row).count(),
        "outcomes": outcomes,
        "waiting": waiting,
        "may_confirm": waiting is not None and may_confirm(waiting, actor),
        "may_change": may_change,
        "is_written": is_written,
        "refusal": refusal,
        "left": left,
        "cases": row.cases.select_related(
            "case", "unit__project", "unit__building", "unit__entrance"
        ).order_by("-id")[:50]
        if actor.can(VIEW_CASE, row.org_unit_id)
        else [],
        "change_form": shown_form(form, ChangeForm, lambda: ChangeForm(promise=row)) if is_written else None,
        "homes_form": shown_form(form, HomesForm, lambda: HomesForm(promise=row)) if is_written else None,
        "evidence_form": shown_form(form, EvidenceForm, EvidenceForm) if may_change else None,
        "outcome_form": shown_form(form, OutcomeForm, OutcomeForm) if is_written and not waiting else None,
        "return_form": shown_form(form, ReturnForm, ReturnForm),
        "cases_form": shown_form(form, CasesForm, CasesForm) if may_open else None,
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "promises/promise.html", context, status=status)


def _act(
    request: HttpRequest, row: Promise, act: Callable[..., Any], form: forms.Form | None = None
) -> HttpResponse:
    """Do what was asked for and show the page again, with the refusal beside the field it speaks of."""
    refusal = refusal_of(lambda: act(actor=actor_of(request), now=timezone.now()), form)
    if refusal is None:
        return go_to(request, reverse("promises:promise", args=[row.pk]))
    return _promise_page(request, promise_of(request, row.pk), form=form, refusal=refusal)


@requires(CHANGE_PROMISE, methods=("POST",))
def change(request: HttpRequest, promise_id: UUID) -> HttpResponse:
    """Change by when a promise is due and who keeps it."""
    row = promise_of(request, promise_id)
    form = ChangeForm(request.POST, promise=row)
    if not form.is_valid():
        return _promise_page(request, row, form=form)
    return _act(request, row, lambda **by: change_promise(row, **form.cleaned_data, **by), form)


@requires(CHANGE_PROMISE, methods=("POST",))
def cover(request: HttpRequest, promise_id: UUID) -> HttpResponse:
    """Name homes that a promise covers."""
    row = promise_of(request, promise_id)
    form = HomesForm(request.POST, promise=row)
    if not form.is_valid():
        return _promise_page(request, row, form=form)
    return _act(request, row, lambda **by: cover_homes(row, form.meant(), **by), form)


@requires(CHANGE_PROMISE, methods=("POST",))
def uncover(request: HttpRequest, promise_id: UUID, building_id: UUID) -> HttpResponse:
    """Take the homes of a building out of a promise."""
    row = promise_of(request, promise_id)
    building = get_object_or_404(Building.objects.filter(project=row.project_id), pk=building_id)
    return _act(request, row, lambda **by: uncover_homes(row, building, **by))


@requires(CHANGE_PROMISE, methods=("POST",))
def attach(request: HttpRequest, promise_id: UUID) -> HttpResponse:
    """Keep a file that shows what was promised."""
    row, form = promise_of(request, promise_id), EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _promise_page(request, row, form=form)
    return _act(request, row, lambda **by: attach_evidence(row, form.cleaned_data["file"], **by), form)


@requires(CHANGE_PROMISE, methods=("POST",))
def say(request: HttpRequest, promise_id: UUID) -> HttpResponse:
    """Say what became of a promise."""
    row, form = promise_of(request, promise_id), OutcomeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _promise_page(request, row, form=form)
    return _act(request, row, lambda **by: say_outcome(row, form.said(), **by), form)


def _outcome_of(request: HttpRequest, outcome_id: UUID) -> PromiseOutcome:
    return get_object_or_404(PromiseOutcome.objects.visible_to(actor_of(request)), pk=outcome_id)


@requires(APPROVE_PROMISE, methods=("POST",))
def confirm(request: HttpRequest, outcome_id: UUID) -> HttpResponse:
    """Confirm what became of a promise."""
    outcome = _outcome_of(request, outcome_id)
    row = promise_of(request, outcome.promise_id)
    return _act(request, row, lambda **by: confirm_outcome(outcome, **by))


@requires(APPROVE_PROMISE, methods=("POST",))
def send_back(request: HttpRequest, outcome_id: UUID) -> HttpResponse:
    """Send what was said of a promise back, with the reason."""
    outcome, form = _outcome_of(request, outcome_id), ReturnForm(request.POST)
    row = promise_of(request, outcome.promise_id)
    if not form.is_valid():
        return _promise_page(request, row, form=form)
    because = form.cleaned_data["because"]
    return _act(request, row, lambda **by: return_outcome(outcome, because=because, **by))


@requires(CHANGE_CASE, methods=("POST",))
def cases(request: HttpRequest, promise_id: UUID) -> HttpResponse:
    """Open cases for the signed homes that a broken promise covers."""
    row, form = promise_of(request, promise_id), CasesForm(request.POST)
    if not form.is_valid():
        return _promise_page(request, row, form=form)

    def act(**by: Any) -> None:
        number = len(open_cases(row, form.cleaned_data["kind"], **by))
        said = ngettext("%(number)s case is open.", "%(number)s cases are open.", number)
        messages.success(request, said % {"number": number})

    return _act(request, row, act, form)


@requires(VIEW_PROMISE)
def evidence(request: HttpRequest, file_id: UUID) -> FileResponse:
    """Give a file that shows what was promised to be saved."""
    rows = PromiseFile.objects.visible_to(actor_of(request)).select_related("stored")
    return saved(get_object_or_404(rows, pk=file_id).stored)


@requires(VIEW_PROMISE)
def proof(request: HttpRequest, outcome_id: UUID) -> FileResponse:
    """Give the file that shows what became of a promise to be saved."""
    rows = PromiseOutcome.objects.visible_to(actor_of(request)).select_related("evidence_file")
    return saved(get_object_or_404(rows, pk=outcome_id).evidence_file)

"""Pages of cases."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.accounts.models import User
from hearth.cases.clock_selectors import clocks_of, open_pause
from hearth.cases.forms import (
    AnswerForm,
    CallBackForm,
    ChangeForm,
    CostForm,
    EscalateForm,
    PauseForm,
    SettlementForm,
    SignalForm,
    TimesFilterForm,
    VisitForm,
)
from hearth.cases.grade_selectors import grade_story
from hearth.cases.intake_forms import AccountForm
from hearth.cases.lists import CASES
from hearth.cases.models import Case
from hearth.cases.offers import offer_for
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.cases.selectors import CaseFilters, answer_times, case_list
from hearth.cases.services import answer_case, change_case, close_case
from hearth.cases.settlement_selectors import settlement_story
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.lists.pages import list_page

BESIDE = ("unit", "account", "category__parent")


@requires(VIEW_CASE)
def cases(request: HttpRequest) -> HttpResponse:
    """The list of cases, the newest first, searched by the words of their text."""
    return list_page(request, CASES, "cases/cases.html")


@requires(VIEW_CASE)
def times(request: HttpRequest) -> HttpResponse:
    """How long customers wait for answers."""
    form = TimesFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    filters = CaseFilters(kind=chosen.get("kind", ""), grade=chosen.get("grade", ""))
    measured = answer_times(case_list(actor_of(request), filters))
    return page(request, "cases/times.html", {"times": measured, "form": form}, parts={"answer-times"})


@requires(VIEW_CASE)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: what was said, what was answered, what is next."""
    row = get_object_or_404(case_list(actor_of(request), CaseFilters()).select_related(*BESIDE), pk=case_id)
    return case_page(request, row)


@requires(CHANGE_CASE, methods=("POST",))
def answer(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Record the answer the customer got."""
    row = changeable(request, case_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_case(row, actor=actor_of(request), reply=form.cleaned_data["reply"], now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The answer is recorded."))
            return go_to(request, reverse("cases:case", args=[row.pk]))
    return case_page(request, row, status=REFUSED, form=form)


@requires(CHANGE_CASE, methods=("POST",))
def change(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Set grade and person in charge."""
    row = changeable(request, case_id)
    form = ChangeForm(request.POST, people=_people(row))
    if form.is_valid():
        change_case(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        messages.success(request, gettext("The case is changed."))
        return go_to(request, reverse("cases:case", args=[row.pk]))
    return case_page(request, row, status=REFUSED, change_form=form)


@requires(CHANGE_CASE, methods=("POST",))
def close(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Settle a case."""
    row = changeable(request, case_id)
    try:
        close_case(row, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return case_page(request, row, status=REFUSED, settlement_refusal=str(refusal))
    messages.success(request, gettext("The case is closed."))
    return go_to(request, reverse("cases:case", args=[row.pk]))


def changeable(request: HttpRequest, case_id: UUID) -> Case:
    """Return a case the reader may change; 404 for any other."""
    found = case_list(actor_of(request), CaseFilters()).visible_with(actor_of(request), CHANGE_CASE)
    return get_object_or_404(found.select_related(*BESIDE), pk=case_id)


def _people(row: Case) -> Any:
    """Who may be put in charge: people with a membership at the case's place or above it."""
    paths = row.org_unit.ancestor_paths()
    return (
        User.objects.active()
        .filter(memberships__org_unit__path__in=paths)
        .distinct()
        .order_by("display_name", "id")
    )


def case_page(request: HttpRequest, row: Case, *, status: int = SUCCESS, **forms: Any) -> HttpResponse:
    """Render a case with its clocks; `forms` are those that were refused."""
    actor, now = actor_of(request), timezone.now()
    story = settlement_story(row, actor)
    offer = None if story["settlement"] else offer_for(row, actor)
    chosen = {"grade": row.grade, "assignee": row.assignee_id}
    context = {
        "case": row,
        "form": AnswerForm(initial={"reply": row.reply}),
        "change_form": ChangeForm(initial=chosen, people=_people(row)),
        "clocks": clocks_of(row, actor, now=now),
        "pause": open_pause(row, actor),
        "pause_form": PauseForm(),
        "visit_form": VisitForm(initial={"visited_at": timezone.localtime(now)}),
        "call_back_form": CallBackForm(),
        "signal_form": SignalForm(),
        "escalate_form": EscalateForm(),
        **grade_story(row, actor),
        **story,
        "offer": offer,
        "account": getattr(row, "account", None),
        "account_form": AccountForm.of(row),
        "settlement_form": SettlementForm.of(story["settlement"] or offer, row),
        "cost_form": CostForm(),
        "may_call_back": row.assignee_id != actor.user_id and not story["is_own_settlement"],
        **forms,
    }
    return page(request, "cases/case.html", context, status=status)

"""What is learned from group complaints: reviews, checks in other projects, the cases of the past, the years."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.cases.permissions import CHANGE_CASE, OVERSEE_CASE, VIEW_CASE
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.group_cases.desk_forms import FindingForm, ReachForm, ReviewForm
from hearth.group_cases.desk_selectors import checks_of, register_by_year, review_of
from hearth.group_cases.lists import CHECKS
from hearth.group_cases.models import GroupCase, GroupReview, LibraryEntry, PreventiveCheck
from hearth.group_cases.selectors import group_list
from hearth.group_cases.services import ReviewWords, finish_check, finish_review, write_review
from hearth.group_cases.views import changeable, frame
from hearth.lists.pages import list_page


@requires(VIEW_CASE)
def review(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """The review of a group complaint, and the checks that came of it."""
    return _page(request, get_object_or_404(group_list(actor_of(request)), pk=group_id))


def _page(request: HttpRequest, row: GroupCase, *, status: int = SUCCESS, **sent: Any) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    written = review_of(row, actor)
    is_open = written is not None and written.finished_at is None
    context = {
        **frame(request, row, "review"),
        "review": written,
        "today": today,
        "may_write": is_open and actor.can(CHANGE_CASE, row.org_unit_id),
        "form": ReviewForm.of(written) if written else ReviewForm(),
        "reach_form": ReachForm(),
        "checks": checks_of(row, actor),
        **sent,
    }
    return page(request, "group_cases/review.html", context, status=status)


def _review(request: HttpRequest, group_id: UUID) -> tuple[GroupCase, GroupReview]:
    row = changeable(request, group_id)
    return row, get_object_or_404(GroupReview.objects.select_related("group_case"), group_case=row)


@requires(CHANGE_CASE, methods=("POST",))
def write_review_words(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Keep what the review says so far."""
    row, written = _review(request, group_id)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            write_review(
                written, ReviewWords(**form.cleaned_data), actor=actor_of(request), now=timezone.now()
            )
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The review is kept."))
            return go_to(request, reverse("group_cases:review", args=[row.pk]))
    return _page(request, row, status=REFUSED, form=form)


@requires(OVERSEE_CASE, methods=("POST",))
def finish(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Finish the review, and have others check."""
    row, written = _review(request, group_id)
    form = ReachForm(request.POST)
    if form.is_valid():
        try:
            finish_review(written, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The review is finished."))
            return go_to(request, reverse("group_cases:review", args=[row.pk]))
    return _page(request, row, status=REFUSED, reach_form=form)


@requires(VIEW_CASE)
def checks(request: HttpRequest) -> HttpResponse:
    """The preventive checks at the reader's places, what is due first."""
    return list_page(request, CHECKS, "group_cases/checks.html")


@requires(VIEW_CASE)
def check(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """One preventive check: what to look for, and what was found."""
    rows = PreventiveCheck.objects.visible_to(actor_of(request))
    return _check(
        request, get_object_or_404(rows.select_related("project", "org_unit", "done_by"), pk=check_id)
    )


def _check(request: HttpRequest, row: PreventiveCheck, *, form: FindingForm | None = None) -> HttpResponse:
    may_answer = actor_of(request).can(CHANGE_CASE, row.org_unit_id) and row.done_at is None
    context = {
        "check": row,
        "may_answer": may_answer,
        "form": form or FindingForm(),
        "today": timezone.localdate(),
    }
    return page(request, "group_cases/check.html", context, status=REFUSED if form else SUCCESS)


@requires(CHANGE_CASE, methods=("POST",))
def answer_check(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """Say what was found."""
    actor = actor_of(request)
    rows = PreventiveCheck.objects.visible_to(actor).visible_with(actor, CHANGE_CASE)
    row = get_object_or_404(rows.select_related("project", "org_unit", "done_by"), pk=check_id)
    form = FindingForm(request.POST)
    if form.is_valid():
        try:
            finish_check(row, actor=actor, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The check is done."))
            return go_to(request, reverse("group_cases:check", args=[row.pk]))
    return _check(request, row, form=form)


@requires(VIEW_CASE)
def years(request: HttpRequest) -> HttpResponse:
    """The major complaints year by year."""
    found = register_by_year(actor_of(request), now=timezone.now())
    return page(request, "group_cases/years.html", {"years": found})


@requires(VIEW_CASE)
def library(request: HttpRequest) -> HttpResponse:
    """The group complaints of the past."""
    rows = LibraryEntry.objects.order_by("year", "id")
    return page(request, "group_cases/library.html", {"historical": rows})


@requires(VIEW_CASE)
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """One group complaint of the past."""
    row = get_object_or_404(LibraryEntry, code=code)
    return page(request, "group_cases/entry.html", {"entry": row})

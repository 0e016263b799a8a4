"""Pages of group complaints."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.cases.lists import GROUP_COLOURS
from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE, OVERSEE_CASE, VIEW_CASE
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.group_cases.forms import GroupForm, NewGroupForm, NumbersForm, OutcomeForm, SignForm
from hearth.group_cases.lists import GROUP_CASES
from hearth.group_cases.models import GroupCase, GroupChild, GroupHousehold
from hearth.group_cases.selectors import cases_by_number, group_list, group_story
from hearth.group_cases.services import (
    GroupChange,
    add_cases,
    change_group_case,
    close_group_case,
    name_representative,
    note_sign,
    open_group_case,
    take_out_case,
    take_out_household,
)
from hearth.lists.pages import list_page


@requires(VIEW_CASE)
def groups(request: HttpRequest) -> HttpResponse:
    """The list of group complaints, the newest first."""
    return list_page(request, GROUP_CASES, "group_cases/groups.html")


@requires(VIEW_CASE)
def group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """One group complaint: its level, its households and how they are settled."""
    return group_page(request, get_object_or_404(group_list(actor_of(request)), pk=group_id))


@requires(VIEW_CASE)
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The group complaint that a case is part of, as a part of the page of the case."""
    case = get_object_or_404(Case.objects.visible_to(actor_of(request)), pk=case_id)
    children = GroupChild.objects.visible_to(actor_of(request)).present().filter(case=case)
    child = children.select_related("group_case").first()
    row = child.group_case if child else None
    context = {"case": case, "group": row, "colour": GROUP_COLOURS.get(row.level if row else "", "secondary")}
    return page(request, "group_cases/of_case.html", context)


@requires(CHANGE_CASE, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Make cases one group complaint."""
    actor = actor_of(request)
    form = NewGroupForm(request.POST or None, actor=actor, initial=_named(request))
    if request.method == "POST" and form.is_valid():
        chosen = dict(form.cleaned_data)
        try:
            cases = cases_by_number(actor, chosen.pop("numbers"))
            row = open_group_case(
                chosen.pop("project"), actor=actor, cases=cases, now=timezone.now(), **chosen
            )
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The group complaint is open."))
            return go_to(request, reverse("group_cases:group", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "group_cases/new.html", {"form": form}, status=status)


def _named(request: HttpRequest) -> dict[str, Any]:
    """Return the cases that the address names, with the project of the first; nothing where one is out of reach."""
    numbers = request.GET.get("numbers", "")
    try:
        cases = cases_by_number(actor_of(request), numbers)
    except InvalidInput:
        return {}
    first = cases[0]
    project_id = first.project_id or (first.unit.project_id if first.unit else None)
    return {
        "numbers": " ".join(str(case.number) for case in cases),
        "project": project_id,
        "title": first.title,
        "topic": first.topic,
    }


def changeable(request: HttpRequest, group_id: UUID) -> GroupCase:
    """Return a group complaint the reader may change; 404 for any other."""
    rows = group_list(actor_of(request)).visible_with(actor_of(request), CHANGE_CASE)
    return get_object_or_404(rows, pk=group_id)


def act(
    request: HttpRequest, row: GroupCase, do: Callable[[], object], words: str, *, part: str = ""
) -> HttpResponse:
    """Do something without a form, and show the page again; a refusal stands above it."""
    try:
        do()
    except DomainError as refusal:
        return group_page(request, row, status=REFUSED, refusal=str(refusal))
    return done(request, row, words, part=part)


def done(request: HttpRequest, row: GroupCase, words: str, *, part: str = "") -> HttpResponse:
    """Say that it is done, and go back to the part of the page."""
    messages.success(request, words)
    return go_to(request, reverse("group_cases:group", args=[row.pk]) + (f"#{part}" if part else ""))


@requires(CHANGE_CASE, methods=("POST",))
def change(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Change its words."""
    row, form = changeable(request, group_id), GroupForm(request.POST)
    if form.is_valid():
        try:
            change_group_case(
                row, GroupChange(**form.cleaned_data), actor=actor_of(request), now=timezone.now()
            )
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return done(request, row, gettext("The group complaint is changed."))
    return group_page(request, row, status=REFUSED, form=form)


@requires(CHANGE_CASE, methods=("POST",))
def add(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Add cases with their households."""
    row, form = changeable(request, group_id), NumbersForm(request.POST)
    if form.is_valid():
        try:
            cases = cases_by_number(actor_of(request), form.cleaned_data["numbers"])
            add_cases(row, cases, actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return done(request, row, gettext("The cases are added."), part="households")
    return group_page(request, row, status=REFUSED, numbers_form=form)


@requires(CHANGE_CASE, methods=("POST",))
def take_out(request: HttpRequest, group_id: UUID, child_id: UUID) -> HttpResponse:
    """Take a case out."""
    row = changeable(request, group_id)
    child = get_object_or_404(GroupChild.objects.filter(group_case=row), pk=child_id)
    return act(
        request,
        row,
        lambda: take_out_case(child, actor=actor_of(request), now=timezone.now()),
        gettext("The case is taken out."),
        part="households",
    )


@requires(CHANGE_CASE, methods=("POST",))
def leave(request: HttpRequest, group_id: UUID, household_id: UUID) -> HttpResponse:
    """Let a household leave, with its cases."""
    row, household = _household(request, group_id, household_id)
    because = request.POST.get("because", "")
    return act(
        request,
        row,
        lambda: take_out_household(household, actor=actor_of(request), because=because, now=timezone.now()),
        gettext("The household has left."),
        part="households",
    )


@requires(CHANGE_CASE, methods=("POST",))
def represent(request: HttpRequest, group_id: UUID, household_id: UUID) -> HttpResponse:
    """Let a household speak for the others, or no more."""
    row, household = _household(request, group_id, household_id)
    is_representative = request.POST.get("is_representative") == "on"
    return act(
        request,
        row,
        lambda: name_representative(
            household, actor=actor_of(request), is_representative=is_representative, now=timezone.now()
        ),
        gettext("It is noted who speaks for the others."),
        part="households",
    )


def _household(request: HttpRequest, group_id: UUID, household_id: UUID) -> tuple[GroupCase, GroupHousehold]:
    row = changeable(request, group_id)
    return row, get_object_or_404(GroupHousehold.objects.filter(group_case=row), pk=household_id)


@requires(CHANGE_CASE, methods=("POST",))
def sign(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Note what was seen."""
    row, form = changeable(request, group_id), SignForm(request.POST)
    if form.is_valid():
        try:
            note_sign(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return done(request, row, gettext("It is noted, and the level judged anew."))
    return group_page(request, row, status=REFUSED, sign_form=form)


@requires(OVERSEE_CASE, methods=("POST",))
def close(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """End a group complaint."""
    row, form = changeable(request, group_id), OutcomeForm(request.POST)
    if form.is_valid():
        try:
            close_group_case(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return done(request, row, gettext("The group complaint is closed."))
    return group_page(request, row, status=REFUSED, outcome_form=form)


def frame(request: HttpRequest, row: GroupCase, tab: str) -> dict[str, Any]:
    """Return what each page of a group complaint shows around its own part; no query."""
    actor = actor_of(request)
    return {
        "group": row,
        "tab": tab,
        "colour": GROUP_COLOURS.get(row.level, "secondary"),
        "may_change": actor.can(CHANGE_CASE, row.org_unit_id) and row.closed_at is None,
        "may_go_on": actor.can(CHANGE_CASE, row.org_unit_id),
        "may_oversee": actor.can(OVERSEE_CASE, row.org_unit_id),
    }


def group_page(
    request: HttpRequest, row: GroupCase, *, status: int = SUCCESS, **forms_sent: Any
) -> HttpResponse:
    """Render a group complaint; `forms_sent` are those that were refused."""
    actor, now = actor_of(request), timezone.now()
    context = {
        **frame(request, row, "group"),
        "form": GroupForm.of(row),
        "numbers_form": NumbersForm(),
        "sign_form": SignForm(initial={"seen_at": timezone.localtime(now)}),
        "outcome_form": OutcomeForm(initial={"outcome": row.outcome}),
        **group_story(row, actor),
        **forms_sent,
    }
    return page(request, "group_cases/group.html", context, status=status)

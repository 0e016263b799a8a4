"""The desk of a group complaint: its plan, its team, what is said, and the plan that ships."""

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
from hearth.group_cases.desk_forms import PlanStepForm, PublishForm, StatementForm, TeamForm
from hearth.group_cases.desk_selectors import desk_story
from hearth.group_cases.models import GroupCase, GroupStep, PlanStep, Statement, TeamMember
from hearth.group_cases.permissions import CHANGE_PLAN
from hearth.group_cases.selectors import group_list
from hearth.group_cases.services import (
    approve_statement,
    finish_step,
    join_team,
    keep_plan_step,
    leave_team,
    publish_reply,
    require_plan,
    write_statement,
)
from hearth.group_cases.views import changeable, frame


@requires(VIEW_CASE)
def desk(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Plan, team and what is said."""
    return _page(request, get_object_or_404(group_list(actor_of(request)), pk=group_id))


def _page(request: HttpRequest, row: GroupCase, *, status: int = SUCCESS, **sent: Any) -> HttpResponse:
    context = {
        **frame(request, row, "desk"),
        "team_form": TeamForm(group=row),
        "statement_form": StatementForm(),
        "publish_form": PublishForm(),
        **desk_story(row, actor_of(request), now=timezone.now()),
        "user_id": actor_of(request).user_id,
        **sent,
    }
    return page(request, "group_cases/desk.html", context, status=status)


def _done(request: HttpRequest, row: GroupCase, words: str) -> HttpResponse:
    messages.success(request, words)
    return go_to(request, reverse("group_cases:desk", args=[row.pk]))


@requires(CHANGE_CASE, methods=("POST",))
def step_done(request: HttpRequest, group_id: UUID, step_id: UUID) -> HttpResponse:
    """Note that a step of the plan is done."""
    row = changeable(request, group_id)
    step = get_object_or_404(GroupStep.objects.filter(group_case=row), pk=step_id)
    try:
        finish_step(step, actor=actor_of(request), note=request.POST.get("note", ""), now=timezone.now())
    except DomainError as refusal:
        return _page(request, row, status=REFUSED, refusal=str(refusal))
    return _done(request, row, gettext("The step is done."))


@requires(CHANGE_CASE, methods=("POST",))
def team(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Put a colleague into the team."""
    row = changeable(request, group_id)
    form = TeamForm(request.POST, group=row)
    if form.is_valid():
        try:
            join_team(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return _done(request, row, gettext("The colleague is in the team."))
    return _page(request, row, status=REFUSED, team_form=form)


@requires(CHANGE_CASE, methods=("POST",))
def team_leave(request: HttpRequest, group_id: UUID, member_id: UUID) -> HttpResponse:
    """Take a colleague out of the team."""
    row = changeable(request, group_id)
    member = get_object_or_404(TeamMember.objects.filter(group_case=row), pk=member_id)
    try:
        leave_team(member, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _page(request, row, status=REFUSED, refusal=str(refusal))
    return _done(request, row, gettext("The colleague has left the team."))


@requires(CHANGE_CASE, methods=("POST",))
def write(request: HttpRequest, group_id: UUID, kind: str) -> HttpResponse:
    """Write the next version of the script or of the reply."""
    row, form = changeable(request, group_id), StatementForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            write_statement(row, actor=actor_of(request), kind=kind, text=text, now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return _done(request, row, gettext("The words wait for somebody else to approve them."))
    return _page(request, row, status=REFUSED, statement_form=form)


def _statement(request: HttpRequest, group_id: UUID, statement_id: UUID) -> tuple[GroupCase, Statement]:
    row = changeable(request, group_id)
    return row, get_object_or_404(Statement.objects.filter(group_case=row), pk=statement_id)


@requires(OVERSEE_CASE, methods=("POST",))
def approve(request: HttpRequest, group_id: UUID, statement_id: UUID) -> HttpResponse:
    """Approve what somebody else wrote."""
    row, statement = _statement(request, group_id, statement_id)
    try:
        approve_statement(statement, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _page(request, row, status=REFUSED, refusal=str(refusal))
    return _done(request, row, gettext("The words are approved."))


@requires(CHANGE_CASE, methods=("POST",))
def publish(request: HttpRequest, group_id: UUID, statement_id: UUID) -> HttpResponse:
    """Note that a reply was published."""
    row, statement = _statement(request, group_id, statement_id)
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            publish_reply(
                statement, actor=actor_of(request), where=form.cleaned_data["where"], now=timezone.now()
            )
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return _done(request, row, gettext("It is noted that the reply is published."))
    return _page(request, row, status=REFUSED, publish_form=form)


@requires(CHANGE_PLAN)
def plan(request: HttpRequest) -> HttpResponse:
    """The plan for group complaints of the whole group."""
    require_plan(actor_of(request))
    rows = PlanStep.objects.order_by("position", "id")
    return page(request, "group_cases/plan.html", {"steps": rows})


@requires(CHANGE_PLAN, methods=("GET", "HEAD", "POST"))
def plan_step(request: HttpRequest, step_id: int = 0) -> HttpResponse:
    """Add a step to the plan, or change one."""
    require_plan(actor_of(request))
    row = get_object_or_404(PlanStep, pk=step_id) if step_id else PlanStep()
    form = PlanStepForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        keep_plan_step(form.save(commit=False), actor=actor_of(request), now=timezone.now())
        messages.success(request, gettext("The step of the plan is kept."))
        return go_to(request, reverse("group_cases:plan"))
    status = REFUSED if form.errors else SUCCESS
    return page(request, "group_cases/plan_step.html", {"step": row, "form": form}, status=status)

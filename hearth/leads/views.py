"""Pages of leads."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext

from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown
from hearth.customers.services import LooksKnown
from hearth.leads.forms import (
    AssignForm,
    CaptureForm,
    FollowUpForm,
    GradeForm,
    LoseForm,
    MoveForm,
    ReopenForm,
)
from hearth.leads.keeping import pool_day
from hearth.leads.lists import LEADS, STATE_COLOURS, age_badge, grade_badge, in_stage_badge, step_badge
from hearth.leads.models import WAY, Grade, Lead, LeadOwnership, Stage
from hearth.leads.permissions import ASSIGN_LEAD, CHANGE_GRADES, CHANGE_LEAD, VIEW_LEAD
from hearth.leads.pipeline import missing_for
from hearth.leads.selectors import consultants_at, evidence_of, grades_at
from hearth.leads.services import (
    assign_lead,
    capture_lead,
    change_grade,
    claim_lead,
    follow_up,
    lose_lead,
    move_lead,
    release_lead,
    reopen_lead,
    win_lead,
)
from hearth.leads.services.grades import require_grades
from hearth.leads.services.steps import may_work
from hearth.lists.pages import list_page

BOTH = ("GET", "HEAD", "POST")


@requires(VIEW_LEAD)
def leads(request: HttpRequest) -> HttpResponse:
    """The leads one may see, the public pool among them."""
    return list_page(request, LEADS, "leads/leads.html")


@requires(CHANGE_LEAD, methods=BOTH)
def visit(request: HttpRequest) -> HttpResponse:
    """Record a visit, on a phone: two fields are typed, the rest is tapped."""
    return _capture(request, "leads/visit.html", Lead.Source.WALK_IN)


@requires(CHANGE_LEAD, methods=BOTH)
def new(request: HttpRequest) -> HttpResponse:
    """Record a lead that came in by whatever way."""
    return _capture(request, "leads/new.html", Lead.Source.CALL)


def _capture(request: HttpRequest, template: str, source: str) -> HttpResponse:
    form = CaptureForm(
        request.POST or None,
        actor=actor_of(request),
        language=get_language() or "",
        initial={"source": source, "next_step": pgettext("lead", "Call back")},
    )
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            row, is_new = _take_in(request, form)
        except LooksKnown as refusal:
            context["candidates"] = refusal.candidates
        except DomainError as refusal:
            add_refusal(form, refusal, phones="phone")
        else:
            _tell(request, row, is_new=is_new)
            return go_to(request, reverse("leads:lead", args=[row.pk]))
    return page(request, template, context, status=REFUSED if request.method == "POST" else SUCCESS)


def _take_in(request: HttpRequest, form: CaptureForm) -> tuple[Lead, bool]:
    actor, project = actor_of(request), form.cleaned_data["project"]
    return capture_lead(
        form.arrival(consultant_id=actor.user_id),
        org_unit=project.org_unit,
        actor=actor,
        now=timezone.now(),
        accepts_duplicates="create_anyway" in request.POST,
    )


def _tell(request: HttpRequest, row: Lead, *, is_new: bool) -> None:
    """Say what became of it: a lead of a colleague stays theirs."""
    actor = actor_of(request)
    if is_new:
        messages.success(request, pgettext("lead", "The lead is recorded."))
    elif row.consultant_id in (None, actor.user_id):
        messages.success(
            request, pgettext("lead", "The customer is known here: it is noted that they came again.")
        )
    else:
        messages.warning(
            request,
            pgettext("lead", "This is a customer of %(name)s. It is noted that they came again.")
            % {"name": row.consultant},
        )


@requires(VIEW_LEAD)
def lead(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    """One lead: what comes next, whose it was, and what is on record."""
    row = _row(request, lead_id)
    tell_shown(request, row.customer_id)
    return _page(request, row)


def _row(request: HttpRequest, lead_id: UUID) -> Lead:
    rows = Lead.objects.visible_to(actor_of(request))
    related = rows.select_related("customer", "project", "grade", "consultant", "org_unit", "lost_because")
    return get_object_or_404(related, pk=lead_id)


def _page(
    request: HttpRequest, row: Lead, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    works = may_work(row, actor)
    context: dict[str, Any] = {
        "lead": row,
        "colour": STATE_COLOURS[row.state],
        "grade": grade_badge(row),
        "age": age_badge(row, now),
        "step": step_badge(row),
        "pool_day": pool_day(row, today=timezone.localdate()),
        "evidence": evidence_of(row, actor, until=now),
        "owners": LeadOwnership.objects.visible_to(actor)
        .filter(lead=row)
        .select_related("consultant")
        .order_by("-began_at", "-id"),
        "may_work": works,
        "may_claim": actor.can(CHANGE_LEAD, row.org_unit_id) and row.state == Lead.State.POOLED,
        "may_assign": actor.can(ASSIGN_LEAD, row.org_unit_id) and row.is_live,
        "may_dispute": row.is_live
        and row.consultant_id not in (None, actor.user_id)
        and actor.can(CHANGE_LEAD, row.org_unit_id),
        "refusal": refusal,
    }
    context |= _forms(row, form) | _way(row, now)
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "leads/lead.html", context, status=status)


def _way(row: Lead, now: datetime) -> dict[str, Any]:
    """Return where a lead stands, and what the next stage asks for that is not on record."""
    if not row.is_live:
        return {}
    follows = WAY[WAY.index(Stage(row.stage)) + 1]
    return {
        "in_stage": in_stage_badge(row, now),
        "next_stage": follows,
        "missing": missing_for(row, follows, now=now),
    }


def _forms(row: Lead, asked: forms.Form | None) -> dict[str, forms.Form]:
    """Return the forms of the page, the one that was sent with what was entered."""
    fresh: dict[str, forms.Form] = {
        "work_form": _work_form(row),
        "assign_form": AssignForm(people=_people(row), auto_id="assign_%s"),
        "move_form": MoveForm(initial={"stage": row.stage}, auto_id="move_%s"),
        "lose_form": LoseForm(auto_id="lose_%s"),
        "reopen_form": ReopenForm(auto_id="reopen_%s"),
    }
    return {name: asked if asked and type(asked) is type(each) else each for name, each in fresh.items()}


def _work_form(row: Lead, given: Any = None) -> FollowUpForm:
    return FollowUpForm(
        given,
        grades=grades_at(row.org_unit),
        language=get_language() or "",
        initial={"next_step": row.next_step, "grade": row.grade_id},
        auto_id="work_%s",
    )


def _people(row: Lead) -> Any:
    return consultants_at(row.org_unit, today=timezone.localdate())


def _act(
    request: HttpRequest, row: Lead, act: Callable[..., object], form: forms.Form | None
) -> HttpResponse:
    """Do one act with what a form says, and come back to the page, with the reason where it is refused."""
    if form is not None and not form.is_valid():
        return _page(request, row, form=form)
    said = form.cleaned_data if form is not None else {}
    try:
        act(row, **said, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _page(request, _row(request, row.pk), form=form, refusal=str(refusal))
    return go_to(request, reverse("leads:lead", args=[row.pk]))


@requires(CHANGE_LEAD, methods=("POST",))
def work(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    """Note a contact, and plan what comes next."""
    row = _row(request, lead_id)
    form = _work_form(row, request.POST)

    def act(lead: Lead, **said: Any) -> object:
        return follow_up(lead, form.said(), actor=said["actor"], now=said["now"])

    return _act(request, row, act, form)


@requires(ASSIGN_LEAD, methods=("POST",))
def assign(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    row = _row(request, lead_id)
    form = AssignForm(request.POST, people=_people(row), auto_id="assign_%s")
    return _act(request, row, assign_lead, form)


@requires(CHANGE_LEAD, methods=("POST",))
def release(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    return _act(request, _row(request, lead_id), release_lead, None)


@requires(CHANGE_LEAD, methods=("POST",))
def claim(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    return _act(request, _row(request, lead_id), claim_lead, None)


@requires(CHANGE_LEAD, methods=("POST",))
def win(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    return _act(request, _row(request, lead_id), win_lead, None)


@requires(CHANGE_LEAD, methods=("POST",))
def lose(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    form = LoseForm(request.POST, auto_id="lose_%s")

    def act(lead: Lead, **said: Any) -> object:
        return lose_lead(lead, form.loss(), actor=said["actor"], now=said["now"])

    return _act(request, _row(request, lead_id), act, form)


@requires(CHANGE_LEAD, methods=("POST",))
def move(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    """Bring a lead to another stage, where no card can be dragged."""
    form = MoveForm(request.POST, auto_id="move_%s")
    return _act(request, _row(request, lead_id), move_lead, form)


@requires(CHANGE_LEAD, methods=("POST",))
def reopen(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    form = ReopenForm(request.POST, auto_id="reopen_%s")
    return _act(request, _row(request, lead_id), reopen_lead, form)


@requires(CHANGE_GRADES)
def grades(request: HttpRequest) -> HttpResponse:
    """What the letters of each scheme mean and ask for."""
    require_grades(actor_of(request))
    rows = Grade.objects.order_by("scheme", "position", "id")
    return page(request, "leads/grades.html", {"grades": rows})


@requires(CHANGE_GRADES, methods=BOTH)
def grade(request: HttpRequest, grade_id: int) -> HttpResponse:
    """Change a grade."""
    require_grades(actor_of(request))
    row = get_object_or_404(Grade, pk=grade_id)
    form = GradeForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        change_grade(row, form.terms(), actor=actor_of(request), now=timezone.now())
        messages.success(request, gettext("The grade is changed."))
        return go_to(request, reverse("leads:grades"))
    context = {"grade": row, "form": form}
    return page(request, "leads/grade.html", context, status=REFUSED if form.errors else SUCCESS)

"""Pages of the sales manager: who gets the leads that arrive, who is away, and who got what and why."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.leads.assignment_forms import AbsenceForm, AssignmentForm
from hearth.leads.assignment_selectors import absences_for, assignments_for, projects_with_rules
from hearth.leads.models import Absence, AssignmentRule
from hearth.leads.permissions import ASSIGN_LEAD
from hearth.leads.selectors import consultants_at
from hearth.leads.services import end_absence, note_absence, set_assignment
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project

BOTH = ("GET", "HEAD", "POST")


@requires(ASSIGN_LEAD)
def assignment(request: HttpRequest) -> HttpResponse:
    """The rules of the projects, who is away, and who got leads by which rule."""
    actor, today = actor_of(request), timezone.localdate()
    context = {
        "projects": projects_with_rules(actor),
        "absences": absences_for(actor, today=today),
        "assignments": assignments_for(actor),
        "today": today,
    }
    return page(request, "leads/assignment.html", context)


@requires(ASSIGN_LEAD, methods=BOTH)
def rule(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Say among whom the leads of a project are shared out, and how."""
    actor, now = actor_of(request), timezone.now()
    projects = Project.objects.visible_with(actor, ASSIGN_LEAD).select_related("org_unit")
    project = get_object_or_404(projects, pk=project_id)
    row = AssignmentRule.objects.visible_to(actor).filter(project=project).first()
    people = consultants_at(project.org_unit, today=timezone.localdate())
    form = AssignmentForm(request.POST or None, people=people, rule=row)
    if request.method == "POST" and form.is_valid():
        try:
            set_assignment(project, **form.cleaned_data, actor=actor, now=now)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, pgettext("assignment", "The rule is kept."))
            return go_to(request, reverse("leads:assignment"))
    context = {"project": project, "form": form}
    return page(request, "leads/rule.html", context, status=REFUSED if form.errors else SUCCESS)


@requires(ASSIGN_LEAD, methods=BOTH)
def absence(request: HttpRequest, place_id: int) -> HttpResponse:
    """Note who is away at a place, and who stands in."""
    actor, now = actor_of(request), timezone.now()
    scope = actor.scope(ASSIGN_LEAD)
    places = OrgUnit.objects.all() if scope.everywhere else OrgUnit.objects.filter(pk__in=scope.org_unit_ids)
    place = get_object_or_404(places, pk=place_id)
    form = AbsenceForm(request.POST or None, people=consultants_at(place, today=timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            note_absence(said.pop("user"), org_unit=place, **said, actor=actor, now=now)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, pgettext("absence", "The absence is noted."))
            return go_to(request, reverse("leads:assignment"))
    context = {"place": place, "form": form}
    return page(request, "leads/absence.html", context, status=REFUSED if form.errors else SUCCESS)


@requires(ASSIGN_LEAD, methods=("POST",))
def end(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """Take back an absence."""
    actor = actor_of(request)
    row = get_object_or_404(Absence.objects.visible_to(actor), pk=absence_id)
    end_absence(row, actor=actor, now=timezone.now())
    return go_to(request, reverse("leads:assignment"))

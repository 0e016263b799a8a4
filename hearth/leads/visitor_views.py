"""The screen at the entrance of a sales office, and finding a visitor by the code they show."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from hearth.core.htmx import go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.leads.permissions import CHANGE_LEAD
from hearth.leads.selectors import projects_to_sell
from hearth.leads.visitors import lead_of_code, qr_picture, visit_link


@requires(CHANGE_LEAD)
def screens(request: HttpRequest) -> HttpResponse:
    """The projects whose entrance can have a screen."""
    projects = projects_to_sell(actor_of(request)).select_related("org_unit")
    return page(request, "leads/screens.html", {"projects": projects})


@never_cache
@requires(CHANGE_LEAD)
def screen(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """What hangs at the entrance: a code to be scanned, a new one every few minutes."""
    project = get_object_or_404(projects_to_sell(actor_of(request)), pk=project_id)
    drawn = qr_picture(visit_link(project, now=timezone.now()))
    return page(request, "leads/screen.html", {"project": project, "drawn": drawn}, parts={"scan"})


@requires(CHANGE_LEAD, methods=("POST",))
def find(request: HttpRequest) -> HttpResponse:
    """Open the lead of a visitor who shows their code."""
    lead = lead_of_code(request.POST.get("code", ""), actor_of(request), now=timezone.now())
    if lead is None:
        messages.error(request, pgettext("visitor", "No visitor of today has this code."))
        return go_to(request, reverse("leads:visit"))
    return go_to(request, reverse("leads:lead", args=[lead.pk]))

"""Pages of incidents with personal data."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.core.shown import tell_shown
from hearth.customers.models import Customer
from hearth.lists.pages import list_page
from hearth.registers.forms import (
    AuthorityForm,
    CloseForm,
    ExtentForm,
    NoteForm,
    NoticeForm,
    ReportForm,
    SearchForm,
)
from hearth.registers.lists import AFFECTED, INCIDENTS, STATE_COLOURS, clock_badge
from hearth.registers.models import AffectedPerson, Incident
from hearth.registers.permissions import CHANGE_REGISTER, VIEW_REGISTER
from hearth.registers.services import (
    add_note,
    close_incident,
    decide_notice,
    judge_extent,
    report_incident,
    search_access,
    tell_authority,
)
from hearth.registers.services.clocks import running_clocks

BOTH = ("GET", "HEAD", "POST")


@requires(SIGNED_IN)
def incidents(request: HttpRequest) -> HttpResponse:
    """The incidents that were reported; for most people those of their own."""
    return list_page(request, INCIDENTS, "registers/incidents.html")


@requires(SIGNED_IN, methods=BOTH)
def new_incident(request: HttpRequest) -> HttpResponse:
    """Report an incident."""
    actor, now = actor_of(request), timezone.now()
    form = ReportForm(request.POST or None, actor=actor, initial={"found_at": now})
    if request.method == "POST" and form.is_valid():
        try:
            row = report_incident(form.new(), actor=actor, now=now)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, gettext("The incident is reported. Those who handle incidents know of it.")
            )
            return go_to(request, reverse("registers:incident", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "registers/incident_new.html", {"form": form}, status=status)


@requires(SIGNED_IN)
def incident(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """One incident: what is known, its clocks, what was done, and what can be done next."""
    return _page(request, _row(request, incident_id))


def _row(request: HttpRequest, incident_id: UUID) -> Incident:
    rows = Incident.objects.visible_to(actor_of(request))
    return get_object_or_404(rows.select_related("org_unit", "reported_by", "handler"), pk=incident_id)


def _page(
    request: HttpRequest, row: Incident, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    clocks = dict(running_clocks(row))
    may_see = actor.can(VIEW_REGISTER, row.org_unit_id)
    context: dict[str, Any] = {
        "row": row,
        "colour": STATE_COLOURS[row.state],
        "authority_clock": clock_badge(clocks["authority"], now) if "authority" in clocks else None,
        "persons_clock": clock_badge(clocks["persons"], now) if "persons" in clocks else None,
        "may_see": may_see,
        "may_change": actor.can(CHANGE_REGISTER, row.org_unit_id) and row.is_open,
        "may_search": actor.scope(CHANGE_REGISTER).everywhere and row.is_open,
        "steps": row.steps.select_related("user").order_by("-id"),
        "refusal": refusal,
    }
    if may_see:
        context |= {
            "searches": row.searches.select_related("user", "export", "org_unit", "made_by").order_by("-id"),
            "affected_number": AffectedPerson.objects.visible_to(actor).filter(incident=row).count(),
        }
    context |= _forms(row, form)
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "registers/incident.html", context, status=status)


def _forms(row: Incident, asked: forms.Form | None) -> dict[str, forms.Form]:
    """Return the forms of the page, the one that was sent with what was entered."""
    now = timezone.now()
    fresh: dict[str, forms.Form] = {
        "extent_form": ExtentForm(
            initial={"persons": row.persons, "data_kinds": row.data_kinds}, auto_id="extent_%s"
        ),
        "authority_form": AuthorityForm(initial={"told_at": now}, auto_id="authority_%s"),
        "notice_form": NoticeForm(auto_id="notice_%s"),
        "note_form": NoteForm(auto_id="step_%s"),
        "close_form": CloseForm(auto_id="close_%s"),
        "search_form": SearchForm(initial={"ended_at": now}, auto_id="search_%s"),
    }
    return {name: asked if asked and type(asked) is type(each) else each for name, each in fresh.items()}


def _act(
    request: HttpRequest, incident_id: UUID, act: Callable[..., object], form: forms.Form
) -> HttpResponse:
    """Do one act with what a form says, and come back to the page, with the reason where it is refused."""
    row = _row(request, incident_id)
    if not form.is_valid():
        return _page(request, row, form=form)
    try:
        act(row, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _page(request, _row(request, incident_id), form=form, refusal=str(refusal))
    return go_to(request, reverse("registers:incident", args=[incident_id]))


@requires(CHANGE_REGISTER, methods=("POST",))
def judge(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _act(request, incident_id, judge_extent, ExtentForm(request.POST))


@requires(CHANGE_REGISTER, methods=("POST",))
def authority(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _act(request, incident_id, tell_authority, AuthorityForm(request.POST))


@requires(CHANGE_REGISTER, methods=("POST",))
def notice(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _act(request, incident_id, decide_notice, NoticeForm(request.POST))


@requires(CHANGE_REGISTER, methods=("POST",))
def note(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _act(request, incident_id, add_note, NoteForm(request.POST))


@requires(CHANGE_REGISTER, methods=("POST",))
def close(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _act(request, incident_id, close_incident, CloseForm(request.POST))


@requires(CHANGE_REGISTER, methods=("POST",))
def search(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Search the access log for whom the incident touched."""
    form = SearchForm(request.POST)

    def with_form(row: Incident, **said: Any) -> object:
        return search_access(row, form.new(), actor=said["actor"], now=said["now"])

    return _act(request, incident_id, with_form, form)


@requires(VIEW_REGISTER)
def affected(request: HttpRequest) -> HttpResponse:
    """The persons whom incidents touched; the address names the incident."""
    return list_page(request, AFFECTED, "lists/list.html")


@requires(VIEW_REGISTER)
def affected_person(request: HttpRequest, affected_id: UUID) -> HttpResponse:
    """One person whom an incident touched."""
    actor = actor_of(request)
    rows = AffectedPerson.objects.visible_to(actor).select_related("customer", "incident")
    row = get_object_or_404(rows, pk=affected_id)
    is_seen = Customer.objects.visible_to(actor).filter(pk=row.customer_id).exists()
    tell_shown(request, row.customer_id)
    return page(request, "registers/affected_person.html", {"row": row, "is_seen": is_seen})

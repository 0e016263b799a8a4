"""Settings, working days and roles."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.htmx import REFUSED, page
from hearth.core.permissions import actor_of, requires
from hearth.organization.calendar_year import calendar_year
from hearth.organization.forms import CalendarDayForm, RoleForm, SettingForm
from hearth.organization.models import OrgUnit, Role
from hearth.organization.permissions import CHANGE_ROLE, CHANGE_SETTING, VIEW_ORGANIZATION
from hearth.organization.role_table import rights_by_app
from hearth.organization.selectors import resolve_setting
from hearth.organization.services import (
    change_role,
    clear_calendar_day,
    clear_setting,
    set_calendar_day,
    set_setting,
)
from hearth.organization.settings_catalogue import definitions
from hearth.organization.views.units import BOTH, unit_for

FIRST_YEAR, LAST_YEAR = 2000, 2100


@requires(CHANGE_SETTING, methods=BOTH)
def setting(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Set one rule at a place, or let the place inherit it again."""
    actor, refusal = actor_of(request), None
    place = unit_for(actor, pk)
    actor.require(CHANGE_SETTING, place.pk)
    definition = definitions.get(key)
    if definition is None:
        raise Http404
    resolved = resolve_setting(key, place, default=definition.default)
    own = resolved.source == place
    form = SettingForm(
        request.POST or None,
        definition=definition,
        initial={"value": resolved.value, "is_locked": own and resolved.is_locked},
    )
    if request.method == "POST":
        refusal = _change_setting(request, place, key, form)
        if refusal is None and not form.errors:
            messages.success(request, gettext("Saved."))
            return redirect(f"{reverse('organization:unit', args=[place.pk])}#rules")
    context = {
        "unit": place,
        "definition": definition,
        "resolved": resolved,
        "own": own,
        "form": form,
        "refusal": refusal,
    }
    return page(
        request, "organization/setting.html", context, status=REFUSED if request.method == "POST" else 200
    )


def _change_setting(request: HttpRequest, place: OrgUnit, key: str, form: SettingForm) -> DomainError | None:
    """Set or clear as the form says; return the refusal, if any."""
    actor, now = actor_of(request), timezone.now()
    try:
        if "inherit" in request.POST:
            clear_setting(key, actor=actor, now=now, org_unit=place)
            form.errors.clear()
        elif form.is_valid():
            set_setting(key, actor=actor, now=now, org_unit=place, **form.cleaned_data)
    except DomainError as refusal:
        return refusal
    return None


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() else timezone.localdate().year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _asked_day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


@requires(VIEW_ORGANIZATION)
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a year of working days at a place."""
    actor = actor_of(request)
    place = unit_for(actor, pk)
    return _show_calendar(request, place, actor, CalendarDayForm(initial={"day": _asked_day(request)}))


def _show_calendar(
    request: HttpRequest, place: OrgUnit, actor: Actor, form: CalendarDayForm, status: int = 200
) -> HttpResponse:
    context = {
        "unit": place,
        "calendar": calendar_year(place, _year(request), today=timezone.localdate()),
        "form": form if actor.can(CHANGE_SETTING, place.pk) else None,
        "asked_day": _asked_day(request),
    }
    return page(request, "organization/calendar.html", context, status=status)


@requires(CHANGE_SETTING, methods=("POST",))
def calendar_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a day differ at a place, or follow the calendar above again."""
    actor, now = actor_of(request), timezone.now()
    place = unit_for(actor, pk)
    actor.require(CHANGE_SETTING, place.pk)
    form = CalendarDayForm(request.POST)
    if not form.is_valid():
        return _show_calendar(request, place, actor, form, status=REFUSED)
    day, state = form.cleaned_data["day"], form.cleaned_data["state"]
    if state == "inherited":
        clear_calendar_day(day, actor=actor, now=now, org_unit=place)
    else:
        set_calendar_day(
            day,
            actor=actor,
            now=now,
            org_unit=place,
            is_working=state == "working",
            reason=form.cleaned_data["reason"],
        )
    return redirect(f"{reverse('organization:calendar', args=[place.pk])}?year={day.year}")


@requires(VIEW_ORGANIZATION)
def roles(request: HttpRequest) -> HttpResponse:
    rows = [(role, rights_by_app(role.permissions)) for role in Role.objects.order_by("id")]
    return page(request, "organization/roles.html", {"rows": rows})


@requires(CHANGE_ROLE, methods=BOTH)
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide what a role may do."""
    actor, refusal = actor_of(request), None
    if not actor.scope(CHANGE_ROLE).everywhere:
        raise NotAllowed(permission=CHANGE_ROLE)
    chosen = get_object_or_404(Role, pk=pk)
    form = RoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            change_role(chosen, actor=actor, now=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, gettext("Saved."))
            return redirect("organization:roles")
    context = {"role": chosen, "groups": rights_by_app(None, held=chosen.permissions), "refusal": refusal}
    return page(
        request, "organization/role.html", context, status=REFUSED if request.method == "POST" else 200
    )

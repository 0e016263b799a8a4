"""Alarms of group complaints: which wait, one with all that speaks for it, and what is made of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.radar.charts import draw
from hearth.radar.forms import AcceptanceForm, DismissalForm, MergeForm
from hearth.radar.models import RadarAlarm
from hearth.radar.permissions import CHANGE_RADAR, VIEW_RADAR
from hearth.radar.selectors import (
    MOST_CASES,
    TABS,
    alarm_page,
    buildings_of,
    cases_of,
    earlier_than,
    households_of,
)
from hearth.radar.services import NothingToMerge, accept_alarm, dismiss_alarm, merge_alarm
from hearth.radar.words import why

State = RadarAlarm.State
COLOURS = {State.OPEN: "red", State.ACCEPTED: "purple", State.MERGED: "secondary", State.DISMISSED: "green"}


@requires(VIEW_RADAR)
def alarms(request: HttpRequest) -> HttpResponse:
    """The alarms that wait, that were accepted, or that were dismissed."""
    tab = request.GET.get("state", "")
    tab = tab if tab in TABS else "open"
    found = alarm_page(actor_of(request), tab=tab, cursor=request.GET.get("cursor", ""))
    context = {
        "lines": [(alarm, COLOURS[State(alarm.state)], why(alarm)) for alarm in found.rows],
        "next_cursor": found.next_cursor,
        "tab": tab,
    }
    return page(request, "radar/alarms.html", context, parts={"alarm-list"})


@requires(VIEW_RADAR)
def alarm(request: HttpRequest, alarm_id: UUID) -> HttpResponse:
    """One alarm: why, who speaks, where they live, what is usual, and what there was before."""
    return _show(request, _alarm(request, alarm_id))


def _alarm(request: HttpRequest, alarm_id: UUID) -> RadarAlarm:
    rows = RadarAlarm.objects.visible_to(actor_of(request))
    rows = rows.select_related("project", "building", "org_unit", "judged_by", "merged_into", "group_case")
    return get_object_or_404(rows, pk=alarm_id)


def _show(request: HttpRequest, row: RadarAlarm, *, refusal: DomainError | None = None) -> HttpResponse:
    actor = actor_of(request)
    cases = list(cases_of(row, actor)[:MOST_CASES])
    context = {
        "alarm": row,
        "colour": COLOURS[State(row.state)],
        "why": why(row),
        "households": households_of(row),
        "cases": cases,
        "hidden": row.voices.count() - len(cases),
        "buildings": buildings_of(row, actor),
        "curve": draw(row),
        "earlier": earlier_than(row, actor),
        "is_open": row.state == State.OPEN,
        "acceptance": AcceptanceForm(),
        "dismissal": DismissalForm(),
        "merge": MergeForm(alarm=row, actor=actor),
        "refusal": refusal,
    }
    return page(request, "radar/alarm.html", context, status=REFUSED if refusal else SUCCESS)


@requires(CHANGE_RADAR, methods=("POST",))
def accept(request: HttpRequest, alarm_id: UUID) -> HttpResponse:
    """Handle an alarm as a group complaint, and go there."""
    row, note = _alarm(request, alarm_id), request.POST.get("note", "")
    try:
        accepted = accept_alarm(row, actor=actor_of(request), note=note, now=timezone.now())
    except DomainError as refused:
        return _show(request, row, refusal=refused)
    messages.success(request, gettext("The alarm is a group complaint now."))
    return go_to(request, reverse("group_cases:group", args=[accepted.group_case_id]))


@requires(CHANGE_RADAR, methods=("POST",))
def dismiss(request: HttpRequest, alarm_id: UUID) -> HttpResponse:
    """Say that an alarm is none."""
    row, reason, note = (
        _alarm(request, alarm_id),
        request.POST.get("reason", ""),
        request.POST.get("note", ""),
    )
    try:
        dismiss_alarm(row, reason=reason, actor=actor_of(request), note=note, now=timezone.now())
    except DomainError as refused:
        return _show(request, row, refusal=refused)
    messages.success(request, gettext("The alarm is dismissed."))
    return go_to(request, reverse("radar:alarms"))


@requires(CHANGE_RADAR, methods=("POST",))
def merge(request: HttpRequest, alarm_id: UUID) -> HttpResponse:
    """Say that an alarm is part of another."""
    row, actor = _alarm(request, alarm_id), actor_of(request)
    form = MergeForm(request.POST, alarm=row, actor=actor)
    try:
        if not form.is_valid():
            raise NothingToMerge("into")
        into = form.cleaned_data["into"]
        merge_alarm(row, into, actor=actor, note=form.cleaned_data["note"], now=timezone.now())
    except DomainError as refused:
        return _show(request, row, refusal=refused)
    messages.success(request, gettext("The alarm is part of the other now."))
    return go_to(request, reverse("radar:alarm", args=[into.pk]))

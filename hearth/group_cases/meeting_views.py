"""Meetings about a group complaint: planned, held with everything noted as it happens, and ended."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.group_cases.desk_forms import AttendanceForm, CommitmentForm, MeetingForm, NegotiationForm
from hearth.group_cases.desk_selectors import meeting_story, talks_of
from hearth.group_cases.models import Commitment, GroupCase, GroupMeeting
from hearth.group_cases.selectors import group_list
from hearth.group_cases.services import (
    NewMeeting,
    attend_meeting,
    end_meeting,
    give_commitment,
    keep_commitment,
    note_negotiation,
    plan_meeting,
)
from hearth.group_cases.views import changeable, frame


@requires(VIEW_CASE)
def talks(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """The meetings of a group complaint, what was promised, and what was said."""
    return _talks(request, get_object_or_404(group_list(actor_of(request)), pk=group_id))


def _talks(request: HttpRequest, row: GroupCase, *, status: int = SUCCESS, **sent: Any) -> HttpResponse:
    now = timezone.now()
    context = {
        **frame(request, row, "talks"),
        "today": timezone.localdate(now),
        "meeting_form": MeetingForm(initial={"begins_at": timezone.localtime(now)}),
        "commitment_form": CommitmentForm(group=row),
        "negotiation_form": NegotiationForm(),
        **talks_of(row, actor_of(request)),
        **sent,
    }
    return page(request, "group_cases/talks.html", context, status=status)


@requires(VIEW_CASE)
def meeting(request: HttpRequest, group_id: UUID, meeting_id: UUID) -> HttpResponse:
    """One meeting: who is there, what is promised, what is said, noted while it goes on."""
    row = get_object_or_404(group_list(actor_of(request)), pk=group_id)
    return _meeting(request, row, _row(row, meeting_id))


def _row(row: GroupCase, meeting_id: UUID) -> GroupMeeting:
    return get_object_or_404(GroupMeeting.objects.filter(group_case=row), pk=meeting_id)


def _meeting(
    request: HttpRequest, row: GroupCase, held: GroupMeeting, *, status: int = SUCCESS, **sent: Any
) -> HttpResponse:
    sees = actor_of(request).can(VIEW_CUSTOMER, row.org_unit_id)
    framed = frame(request, row, "talks")
    context = {
        **framed,
        "meeting": held,
        "may_note": framed["may_change"] and held.ended_at is None,
        "today": timezone.localdate(),
        "sees_customer": sees,
        "attendance_form": AttendanceForm(group=row, sees_customer=sees),
        "commitment_form": CommitmentForm(group=row),
        "negotiation_form": NegotiationForm(),
        **meeting_story(held, actor_of(request)),
        **sent,
    }
    return page(request, "group_cases/meeting.html", context, status=status)


def _back(request: HttpRequest, row: GroupCase, held: GroupMeeting | None, words: str) -> HttpResponse:
    messages.success(request, words)
    if held is None:
        return go_to(request, reverse("group_cases:talks", args=[row.pk]))
    return go_to(request, reverse("group_cases:meeting", args=[row.pk, held.pk]))


def _again(request: HttpRequest, row: GroupCase, held: GroupMeeting | None, **sent: Any) -> HttpResponse:
    """Show the page from which a form came, with what was refused."""
    if held is None:
        return _talks(request, row, status=REFUSED, **sent)
    return _meeting(request, row, held, status=REFUSED, **sent)


def _held(request: HttpRequest, row: GroupCase) -> GroupMeeting | None:
    """Return the meeting that a form names, if it names one of this group complaint."""
    try:
        wanted = UUID(request.POST.get("meeting", ""))
    except ValueError:
        return None
    return GroupMeeting.objects.filter(group_case=row, pk=wanted).first()


@requires(CHANGE_CASE, methods=("POST",))
def new_meeting(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Plan a meeting."""
    row, form = changeable(request, group_id), MeetingForm(request.POST)
    if form.is_valid():
        try:
            held = plan_meeting(
                row, NewMeeting(**form.cleaned_data), actor=actor_of(request), now=timezone.now()
            )
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return _back(request, row, held, gettext("The meeting is planned."))
    return _talks(request, row, status=REFUSED, meeting_form=form)


@requires(CHANGE_CASE, methods=("POST",))
def attend(request: HttpRequest, group_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Note that somebody is there."""
    row = changeable(request, group_id)
    held = _row(row, meeting_id)
    sees = actor_of(request).can(VIEW_CUSTOMER, row.org_unit_id)
    form = AttendanceForm(request.POST, group=row, sees_customer=sees)
    if form.is_valid():
        try:
            attend_meeting(held, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return _back(request, row, held, gettext("It is noted who is there."))
    return _meeting(request, row, held, status=REFUSED, attendance_form=form)


@requires(CHANGE_CASE, methods=("POST",))
def end(request: HttpRequest, group_id: UUID, meeting_id: UUID) -> HttpResponse:
    """End a meeting."""
    row = changeable(request, group_id)
    held = _row(row, meeting_id)
    try:
        end_meeting(held, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _meeting(request, row, held, status=REFUSED, refusal=str(refusal))
    return _back(request, row, held, gettext("The meeting has ended."))


@requires(CHANGE_CASE, methods=("POST",))
def promise(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Write down what we promise, in a meeting or outside of one."""
    row = changeable(request, group_id)
    held, form = _held(request, row), CommitmentForm(request.POST, group=row)
    if form.is_valid():
        try:
            give_commitment(
                row, actor=actor_of(request), meeting=held, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return _back(request, row, held, gettext("The promise is written down."))
    return _again(request, row, held, commitment_form=form)


@requires(CHANGE_CASE, methods=("POST",))
def kept(request: HttpRequest, group_id: UUID, commitment_id: UUID) -> HttpResponse:
    """Note that what was promised is done."""
    row = changeable(request, group_id)
    given = get_object_or_404(
        Commitment.objects.filter(group_case=row).select_related("group_case"), pk=commitment_id
    )
    try:
        keep_commitment(given, actor=actor_of(request), note=request.POST.get("note", ""), now=timezone.now())
    except DomainError as refusal:
        return _talks(request, row, status=REFUSED, refusal=str(refusal))
    return _back(request, row, None, gettext("The promise is kept."))


@requires(CHANGE_CASE, methods=("POST",))
def say(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Write down what one side says, in a meeting or outside of one."""
    row, form = changeable(request, group_id), NegotiationForm(request.POST)
    held = _held(request, row)
    if form.is_valid():
        try:
            note_negotiation(
                row, actor=actor_of(request), meeting=held, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return _back(request, row, held, gettext("It is written down what was said."))
    return _again(request, row, held, negotiation_form=form)

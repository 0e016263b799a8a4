"""Pages of the letter to the persons whom an incident touched."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.actor import Actor
from hearth.core.addresses import public_url
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.registers.desk_forms import ReturnForm
from hearth.registers.letter_forms import LetterForm
from hearth.registers.letter_text import letter_parts
from hearth.registers.lists import LETTER_COLOURS
from hearth.registers.models import Incident, NoticeLetter
from hearth.registers.permissions import APPROVE_LETTER, CHANGE_REGISTER, VIEW_REGISTER
from hearth.registers.selectors import letter_progress
from hearth.registers.services import (
    approve_letter,
    publish_letter,
    return_letter,
    send_letter,
    submit_letter,
    withdraw_letter,
    write_letter,
)


def _incident(request: HttpRequest, incident_id: UUID) -> Incident:
    rows = Incident.objects.visible_to(actor_of(request)).select_related("org_unit")
    return get_object_or_404(rows, pk=incident_id)


def _letter(request: HttpRequest, incident_id: UUID) -> NoticeLetter:
    rows = NoticeLetter.objects.visible_to(actor_of(request)).select_related("incident")
    return get_object_or_404(rows, incident_id=incident_id)


@requires(VIEW_REGISTER)
def letter(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """The letter of an incident: its draft, who stands behind it, and how far it came."""
    return _page(request, _incident(request, incident_id))


def _page(
    request: HttpRequest, incident: Incident, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    rows = NoticeLetter.objects.visible_to(actor).filter(incident=incident)
    row = rows.select_related("incident__org_unit", "author", "editor", "approved_by").first()
    may_change = actor.can(CHANGE_REGISTER, incident.org_unit_id)
    is_written = incident.is_open and (row is None or row.state == NoticeLetter.State.DRAFT)
    context = {
        "incident": incident,
        "row": row,
        "colour": LETTER_COLOURS[row.state] if row else "secondary",
        "parts": letter_parts(row) if row else [],
        "may_change": may_change,
        "may_approve": row is not None and _is_second(row, actor),
        "letter_form": _form_of(form, row, incident) if may_change and is_written else None,
        "return_form": form if isinstance(form, ReturnForm) else ReturnForm(),
        "progress": letter_progress(incident, actor),
        "address": public_url(reverse("portal:letter", args=[row.pk])) if row else "",
        "refusal": refusal,
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "registers/letter.html", context, status=status)


def _form_of(form: forms.Form | None, row: NoticeLetter | None, incident: Incident) -> forms.Form:
    return form if isinstance(form, LetterForm) else LetterForm.begin(row, incident)


def _is_second(row: NoticeLetter, actor: Actor) -> bool:
    """Tell whether the actor is a second person for a letter that waits."""
    is_waiting = row.state == NoticeLetter.State.SUBMITTED
    wrote = actor.user_id in (row.author_id, row.editor_id)
    return is_waiting and not wrote and actor.can(APPROVE_LETTER, row.incident.org_unit_id)


def _act(request: HttpRequest, incident_id: UUID, act: Callable[..., Any], **said: Any) -> HttpResponse:
    try:
        act(_letter(request, incident_id), **said, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _page(request, _incident(request, incident_id), refusal=str(refusal))
    return go_to(request, reverse("registers:letter", args=[incident_id]))


@requires(CHANGE_REGISTER, methods=("POST",))
def write(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Begin the letter, or change its draft."""
    incident, form = _incident(request, incident_id), LetterForm(request.POST)
    if not form.is_valid():
        return _page(request, incident, form=form)
    try:
        write_letter(incident, form.terms(), actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _page(request, incident, form=form, refusal=str(refusal))
    return go_to(request, reverse("registers:letter", args=[incident_id]))


@requires(CHANGE_REGISTER, methods=("POST",))
def submit(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _act(request, incident_id, submit_letter)


@requires(APPROVE_LETTER, methods=("POST",))
def approve(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _act(request, incident_id, approve_letter)


@requires(APPROVE_LETTER, methods=("POST",))
def send_back(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Send a letter back, with the reason."""
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, _incident(request, incident_id), form=form)
    return _act(request, incident_id, return_letter, because=form.cleaned_data["because"])


@requires(CHANGE_REGISTER, methods=("POST",))
def send(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _act(request, incident_id, send_letter)


@requires(CHANGE_REGISTER, methods=("POST",))
def publish(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _act(request, incident_id, publish_letter)


@requires(CHANGE_REGISTER, methods=("POST",))
def withdraw(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    return _act(request, incident_id, withdraw_letter)

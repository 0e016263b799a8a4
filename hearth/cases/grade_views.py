"""Acts that may make a case graver, and bring it to those above."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.cases.forms import EscalateForm, SignalForm
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import escalate_case, note_signal
from hearth.cases.views import case_page, changeable
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, go_to
from hearth.core.permissions import actor_of, requires


@requires(CHANGE_CASE, methods=("POST",))
def signal(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Note what may make a case graver."""
    row, form = changeable(request, case_id), SignalForm(request.POST)
    if form.is_valid():
        try:
            note_signal(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("It is noted."))
            return go_to(request, reverse("cases:case", args=[row.pk]))
    return case_page(request, row, status=REFUSED, signal_form=form)


@requires(CHANGE_CASE, methods=("POST",))
def escalate(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Bring a case one level higher."""
    row, form = changeable(request, case_id), EscalateForm(request.POST)
    if form.is_valid():
        try:
            escalate_case(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The case is brought to those above."))
            return go_to(request, reverse("cases:case", args=[row.pk]))
    return case_page(request, row, status=REFUSED, escalate_form=form)

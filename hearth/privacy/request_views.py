"""Pages of requests of persons."""

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.personal_data import holders, legal_holds
from hearth.core.registry import Registry
from hearth.core.shown import tell_shown
from hearth.customers.models import Customer
from hearth.customers.selectors.persons import person_of
from hearth.lists.pages import list_page
from hearth.privacy.lists import REQUESTS, STATE_COLOURS, lateness_badge
from hearth.privacy.models import PersonRequest
from hearth.privacy.permissions import ANSWER_REQUEST, APPROVE_ERASURE, TAKE_REQUEST
from hearth.privacy.request_forms import AnswerForm, IdentityForm, RequestForm
from hearth.privacy.selectors import what_is_kept
from hearth.privacy.services import (
    answer_request,
    approve_erasure,
    check_identity,
    give_out,
    lift,
    propose_erasure,
    receive_request,
    refuse_request,
    return_erasure,
    take_up_request,
)

BOTH = ("GET", "HEAD", "POST")


@requires(TAKE_REQUEST)
def requests(request: HttpRequest) -> HttpResponse:
    """What persons asked for, by the day it is due."""
    return list_page(request, REQUESTS, "privacy/requests.html")


@requires(TAKE_REQUEST, methods=BOTH)
def new_request(request: HttpRequest) -> HttpResponse:
    """Note what a person asked for at the desk."""
    actor = actor_of(request)
    form = RequestForm(request.POST or None, actor=actor, initial={"number": request.GET.get("customer", "")})
    if request.method == "POST" and form.is_valid() and form.customer:
        try:
            row = receive_request(
                form.customer,
                kind=form.cleaned_data["kind"],
                wish=form.cleaned_data["wish"],
                came_by=PersonRequest.CameBy.DESK,
                actor=actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The request is noted."))
            return go_to(request, reverse("privacy:request", args=[row.pk]))
    return page(
        request, "privacy/request_new.html", {"form": form}, status=REFUSED if form.errors else SUCCESS
    )


@requires(TAKE_REQUEST)
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: what was asked, the clocks, what was done, and what can be done next."""
    row = _row(request, request_id)
    tell_shown(request, row.customer_id)
    return _page(request, row)


def _row(request: HttpRequest, request_id: UUID) -> PersonRequest:
    rows = PersonRequest.objects.visible_to(actor_of(request)).select_related(
        "customer", "org_unit", "handler", "identified_by", "proposed_by", "approved_by", "erasure"
    )
    return get_object_or_404(rows, pk=request_id)


def _page(
    request: HttpRequest, row: PersonRequest, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    is_seen = Customer.objects.visible_to(actor).filter(pk=row.customer_id).exists()
    context: dict[str, Any] = {
        "row": row,
        "colour": STATE_COLOURS[row.state],
        "lateness": lateness_badge(row, timezone.localdate()),
        "is_customer_seen": is_seen,
        "steps": row.steps.select_related("user").order_by("-id"),
        "may_answer": actor.can(ANSWER_REQUEST, row.org_unit_id),
        "may_approve": actor.can(APPROVE_ERASURE, row.org_unit_id) and row.proposed_by_id != actor.user_id,
        "identity_form": form if isinstance(form, IdentityForm) else IdentityForm(),
        "answer_form": form if isinstance(form, AnswerForm) else AnswerForm(),
        "kept": what_is_kept(person_of(row.customer)) if row.is_erasing and row.is_open else [],
        "erased": _named(row.erasure.erased, holders) if row.erasure else [],
        "kept_by_law": _named(row.erasure.kept, legal_holds) if row.erasure else [],
        "refusal": refusal,
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "privacy/request.html", context, status=status)


def _named(counted: dict[str, int], known: Registry[Any]) -> list[tuple[str, int]]:
    """Call what a proof counts by the words of the apps; by its code what no app calls by name any more."""
    return [(str(known[code].label) if code in known else code, number) for code, number in counted.items()]


def _act(
    request: HttpRequest,
    request_id: UUID,
    act: Callable[..., object],
    form: forms.Form | None = None,
) -> HttpResponse:
    """Do one act with what a form says, and come back to the page, with the reason where it is refused."""
    row = _row(request, request_id)
    if form is not None and not form.is_valid():
        return _page(request, row, form=form)
    values = form.cleaned_data if form is not None else {}
    try:
        act(row, **values, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _page(request, _row(request, request_id), form=form, refusal=str(refusal))
    return go_to(request, reverse("privacy:request", args=[request_id]))


@requires(ANSWER_REQUEST, methods=("POST",))
def identify(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _act(request, request_id, check_identity, IdentityForm(request.POST))


@requires(ANSWER_REQUEST, methods=("POST",))
def take_up(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _act(request, request_id, take_up_request)


@requires(ANSWER_REQUEST, methods=("POST",))
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _act(request, request_id, answer_request, AnswerForm(request.POST))


@requires(ANSWER_REQUEST, methods=("POST",))
def refuse(request: HttpRequest, request_id: UUID) -> HttpResponse:
    def with_reason(row: PersonRequest, *, answer: str, **who_and_when: Any) -> object:
        return refuse_request(row, reason=answer, **who_and_when)

    return _act(request, request_id, with_reason, AnswerForm(request.POST))


@requires(ANSWER_REQUEST, methods=("POST",))
def propose(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _act(request, request_id, propose_erasure)


@requires(APPROVE_ERASURE, methods=("POST",))
def decide(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Approve a proposed erasure as the second person, or send it back."""
    is_approved = request.POST.get("decision") == "approve"
    return _act(request, request_id, approve_erasure if is_approved else return_erasure)


@requires(ANSWER_REQUEST, methods=("POST",))
def lift_restriction(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _act(request, request_id, lift)


@requires(ANSWER_REQUEST, methods=("POST",))
def package(request: HttpRequest, request_id: UUID) -> HttpResponseBase:
    """Give the package of all that is held of the person; nothing of it is kept here."""
    row, file = _row(request, request_id), TemporaryFile()  # noqa: SIM115  (the answer closes it)
    try:
        give_out(row, file, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        file.close()
        return _page(request, row, refusal=str(refusal))
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=f"{row.number}.zip", content_type="application/zip"
    )

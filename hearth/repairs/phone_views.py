"""The engineer's phone: what is to be done today, and what is reported from each home.

The page keeps what is entered without network and sends it later, so these answers are read by a script: JSON, with
the sentence of the refusal.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown
from hearth.repairs.forms import ArrivalForm, NamesForm, ReportForm
from hearth.repairs.models import RepairOrder, SignOff
from hearth.repairs.permissions import CHANGE_REPAIR, WORK_REPAIR
from hearth.repairs.selectors import order_list, phone_lines, work_of
from hearth.repairs.services import Signature, VisitReport, arrive, report_visit, sign_later


@requires(WORK_REPAIR)
def my_day(request: HttpRequest) -> HttpResponse:
    """What the reader has to repair today."""
    today = timezone.localdate()
    actor = actor_of(request)
    lines = phone_lines(work_of(actor, today), actor)
    return page(request, "repairs/my_day.html", {"day": today, "lines": lines})


def _own(request: HttpRequest, order_id: UUID) -> RepairOrder:
    """Return an order that the reader works on, as its engineer or in place of one, else answer 404."""
    actor = actor_of(request)
    row = get_object_or_404(order_list(actor).prefetch_related("sign_offs"), pk=order_id)
    if row.engineer_id != actor.user_id and not actor.can(CHANGE_REPAIR, row.org_unit_id):
        raise Http404
    return row


@requires(WORK_REPAIR)
def visit(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One repair on the phone of who comes for it."""
    row, actor = _own(request, order_id), actor_of(request)
    [line] = phone_lines([row], actor)
    tell_shown(request, row.case.customer_id)
    return page(request, "repairs/visit.html", {"line": line})


def _answer(act: Callable[[], Any]) -> JsonResponse:
    """Do what the phone sent, and say whether it was kept."""
    try:
        act()
    except DomainError as refusal:
        return _refused(str(refusal))
    return JsonResponse({"kept": True})


def _refused(words: str) -> JsonResponse:
    return JsonResponse({"refusal": words}, status=REFUSED, json_dumps_params={"ensure_ascii": False})


def _unreadable(form: forms.Form) -> JsonResponse:
    first = next(iter(form.errors.values()), [gettext("This value is not valid.")])
    return _refused(str(first[0]))


@requires(WORK_REPAIR, methods=("POST",))
def came(request: HttpRequest, order_id: UUID) -> JsonResponse:
    """Say that one is on site."""
    row, form = _own(request, order_id), ArrivalForm(request.POST)
    if not form.is_valid():
        return _unreadable(form)
    came_at, actor, now = form.cleaned_data["came_at"], actor_of(request), timezone.now()
    return _answer(lambda: arrive(row, came_at=came_at, actor=actor, now=now))


@requires(WORK_REPAIR, methods=("POST",))
def report(request: HttpRequest, order_id: UUID) -> JsonResponse:
    """Report a visit with photos, parts and signatures; sent twice, it is kept once."""
    row, form, names = _own(request, order_id), ReportForm(request.POST), NamesForm(request.POST)
    for each in (form, names):
        if not each.is_valid():
            return _unreadable(each)
    said = VisitReport(
        **form.cleaned_data,
        before=request.FILES.getlist("before"),
        after=request.FILES.getlist("after"),
        signatures=_signatures(request, names),
    )
    return _answer(lambda: report_visit(row, said, actor=actor_of(request), now=timezone.now()))


@requires(WORK_REPAIR, methods=("POST",))
def sign(request: HttpRequest, order_id: UUID) -> JsonResponse:
    """Keep signatures under a repair that was finished without them."""
    row, names = _own(request, order_id), NamesForm(request.POST)
    if not names.is_valid():
        return _unreadable(names)

    def act() -> None:
        for signer, signature in _signatures(request, names).items():
            sign_later(row, signer, signature, actor=actor_of(request), now=timezone.now())

    return _answer(act)


def _signatures(request: HttpRequest, names: NamesForm) -> dict[str, Signature]:
    """Read what was drawn, by who signed."""
    return {
        signer: Signature(drawing, names.cleaned_data[f"name_{signer}"])
        for signer in SignOff.Signer.values
        if (drawing := request.FILES.get(f"drawing_{signer}"))
    }

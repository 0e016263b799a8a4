"""Pages of repair orders."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.cases.models import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal, refusal_of, shown_form
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.models import StoredFile
from hearth.core.permissions import actor_of, requires
from hearth.lib.file_kinds import JPEG, MEDIA_TYPES, PNG
from hearth.lib.warranty import Source
from hearth.lists.pages import list_page
from hearth.repairs.forms import BookForm, CancelForm, CorrectionForm, RepairForm
from hearth.repairs.lists import REPAIRS, STATE_COLOURS, warranty_badge
from hearth.repairs.models import RepairOrder, RepairPhoto, RepairVisit, SignOff, SparePart
from hearth.repairs.permissions import CHANGE_REPAIR, VIEW_REPAIR, WORK_REPAIR
from hearth.repairs.selectors import (
    future_slots,
    homes_of_case,
    order_list,
    order_story,
    repeats_of,
    slots_to_book,
)
from hearth.repairs.services import book_repair, cancel_repair, correct_parts, order_repair, supervise
from hearth.repairs.warranty_selectors import BECAUSE

BOTH = ("GET", "HEAD", "POST")
State = RepairOrder.State


@requires(VIEW_REPAIR)
def repairs(request: HttpRequest) -> HttpResponse:
    """The list of repair orders."""
    return list_page(request, REPAIRS, "repairs/repairs.html")


@requires(VIEW_REPAIR)
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The repair orders of a case, as a part of the page of the case."""
    actor = actor_of(request)
    case = get_object_or_404(Case.objects.visible_to(actor), pk=case_id)
    orders = order_list(actor).filter(case=case).order_by("id")
    return page(request, "repairs/of_case.html", {"case": case, "orders": orders})


@requires(CHANGE_REPAIR, methods=BOTH)
def new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Make a repair order for a case."""
    actor = actor_of(request)
    if not actor.can(VIEW_CASE):
        raise Http404
    case = get_object_or_404(Case.objects.visible_to(actor), pk=case_id)
    found = homes_of_case(case, today=timezone.localdate())
    homes = [home for home in found if actor.can(CHANGE_REPAIR, home.org_unit_id)]
    form = RepairForm(request.POST or None, homes=homes, initial={"fault": case.body})
    if request.method == "POST" and form.is_valid():
        try:
            row = order_repair(case, form.repair(), actor=actor, now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("repairs:order", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "repairs/new.html", {"form": form, "case": case, "homes": homes}, status=status)


def order_of(request: HttpRequest, order_id: UUID) -> RepairOrder:
    """Return an order that the actor may see, else answer 404."""
    return get_object_or_404(order_list(actor_of(request)), pk=order_id)


@requires(VIEW_REPAIR)
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One repair: its warranty, who comes when, what was done, and who signed."""
    return _order_page(request, order_of(request, order_id))


def _order_page(
    request: HttpRequest, row: RepairOrder, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    may_change = actor.can(CHANGE_REPAIR, row.org_unit_id)
    is_bookable = may_change and row.is_live
    slots = slots_to_book(row.org_unit, now=now) if is_bookable else []
    own = row.engineer_id == actor.user_id and actor.can(WORK_REPAIR, row.org_unit_id)
    context = {
        "row": row,
        "colour": STATE_COLOURS[row.state],
        "warranty": warranty_badge(row),
        "because": BECAUSE[Source(row.warranty_source)] if row.warranty_source else "",
        "story": order_story(row),
        "repeats": repeats_of(row),
        "sees_case": actor.can(VIEW_CASE, row.case.org_unit_id),
        "may_work": (own or may_change) and row.state in (State.BOOKED, State.ARRIVED, State.FINISHED),
        "may_supervise": may_change and row.state == State.FINISHED and row.engineer_id != actor.user_id,
        "may_correct": may_change and row.state != State.CANCELLED,
        "slots": slots,
        "book_form": shown_form(form, BookForm, lambda: BookForm(slots=slots)) if is_bookable else None,
        "cancel_form": shown_form(form, CancelForm, CancelForm) if is_bookable else None,
        "refusal": refusal,
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "repairs/order.html", context, status=status)


def _act(
    request: HttpRequest, row: RepairOrder, act: Callable[..., Any], form: forms.Form | None = None
) -> HttpResponse:
    """Do what was asked for and show the page again, with the refusal beside the field it speaks of."""
    refusal = refusal_of(lambda: act(actor=actor_of(request), now=timezone.now()), form)
    if refusal is None:
        return go_to(request, reverse("repairs:order", args=[row.pk]))
    return _order_page(request, order_of(request, row.pk), form=form, refusal=refusal)


@requires(CHANGE_REPAIR, methods=("POST",))
def book(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Book a repair into a slot."""
    row, now = order_of(request, order_id), timezone.now()
    form = BookForm(request.POST, slots=slots_to_book(row.org_unit, now=now))
    if not form.is_valid():
        return _order_page(request, row, form=form)
    slot = get_object_or_404(future_slots(row.org_unit, now=now), pk=form.cleaned_data["slot"])
    return _act(request, row, lambda **by: book_repair(row, slot, **by), form)


@requires(CHANGE_REPAIR, methods=("POST",))
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Cancel a repair, with the reason."""
    row, form = order_of(request, order_id), CancelForm(request.POST)
    if not form.is_valid():
        return _order_page(request, row, form=form)
    return _act(request, row, lambda **by: cancel_repair(row, form.cleaned_data["because"], **by), form)


@requires(CHANGE_REPAIR, methods=("POST",))
def sign_for_us(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Sign a finished repair for the developer or property service."""
    row = order_of(request, order_id)

    def act(**by: Any) -> None:
        supervise(row, **by)
        messages.success(request, gettext("The repair is signed for our side."))

    return _act(request, row, act)


@requires(CHANGE_REPAIR, methods=BOTH)
def correct(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Put right what a visit used."""
    actor = actor_of(request)
    rows = RepairVisit.objects.visible_to(actor).visible_with(actor, CHANGE_REPAIR)
    row = get_object_or_404(rows.select_related("order__org_unit", "org_unit"), pk=visit_id)
    parts = SparePart.objects.for_places(row.org_unit).order_by("name", "id")
    used = row.used_parts.select_related("part").order_by("id")
    form = CorrectionForm(request.POST or None, used=list(used), parts=parts)
    if request.method == "POST" and form.is_valid():
        try:
            correct_parts(row, form.quantities(), actor=actor, now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("repairs:order", args=[row.order_id]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "repairs/correct.html", {"form": form, "visit": row}, status=status)


def _picture(stored: StoredFile) -> FileResponse:
    """Give a picture that was drawn anew when it came in, so that pages can show it."""
    kind = PNG if stored.name.lower().endswith(".png") else JPEG
    content = stored.file.open("rb")
    return FileResponse(content, as_attachment=True, filename=stored.name, content_type=MEDIA_TYPES[kind])


@requires(VIEW_REPAIR)
def photo(request: HttpRequest, photo_id: UUID) -> FileResponse:
    """A photo of a visit."""
    rows = RepairPhoto.objects.visible_to(actor_of(request)).select_related("stored")
    return _picture(get_object_or_404(rows, pk=photo_id).stored)


@requires(VIEW_REPAIR)
def signature(request: HttpRequest, sign_off_id: UUID) -> FileResponse:
    """What was drawn under a repair."""
    rows = SignOff.objects.visible_to(actor_of(request)).select_related("drawing")
    drawing = get_object_or_404(rows, pk=sign_off_id).drawing
    if drawing is None:
        raise Http404
    return _picture(drawing)

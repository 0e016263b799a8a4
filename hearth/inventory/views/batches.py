"""Pages of release batches."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal, shown_form
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.inventory.forms import BeginForm, HomesForm, ReturnForm, TermsForm
from hearth.inventory.lists import BATCHES, STATE_COLOURS
from hearth.inventory.models import Opening, PriceList, ReleaseBatch
from hearth.inventory.permissions import APPROVE_INVENTORY, CHANGE_INVENTORY, RUN_OPENING, VIEW_INVENTORY
from hearth.inventory.selectors import buildings_of, units_of
from hearth.inventory.services import (
    add_homes,
    approve_batch,
    change_batch,
    create_batch,
    may_decide,
    release_batch,
    remove_homes,
    return_batch,
    submit_batch,
)
from hearth.lists.pages import list_page

BOTH = ("GET", "HEAD", "POST")
State = ReleaseBatch.State


@requires(VIEW_INVENTORY)
def batch_list(request: HttpRequest) -> HttpResponse:
    """The batches of all projects."""
    return list_page(request, BATCHES, "inventory/batches.html")


@requires(CHANGE_INVENTORY, methods=BOTH)
def new_batch(request: HttpRequest) -> HttpResponse:
    """Begin a batch."""
    form = BeginForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            row = create_batch(
                form.cleaned_data["project"], form.terms(), actor=actor_of(request), now=timezone.now()
            )
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("inventory:batch", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "inventory/batch_new.html", {"form": form}, status=status)


def batch_of(request: HttpRequest, batch_id: UUID) -> ReleaseBatch:
    """Return a batch that the actor may see, else answer 404."""
    rows = ReleaseBatch.objects.visible_to(actor_of(request))
    whole = rows.select_related("project", "org_unit", "author", "editor", "approved_by")
    return get_object_or_404(whole, pk=batch_id)


@requires(VIEW_INVENTORY)
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One batch: its homes, its prices and what is done next."""
    return _batch_page(request, batch_of(request, batch_id))


def _batch_page(
    request: HttpRequest, row: ReleaseBatch, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    may_change = actor.can(CHANGE_INVENTORY, row.org_unit_id)
    is_draft = may_change and row.state == State.DRAFT
    versions = PriceList.objects.visible_to(actor).filter(batch=row).order_by("-version")
    context = {
        "row": row,
        "colour": STATE_COLOURS[row.state],
        "buildings": buildings_of(row, timezone.now()),
        "versions": versions,
        "is_writing": any(each.state != PriceList.State.APPROVED for each in versions),
        "may_change": may_change,
        "may_decide": may_decide(row, actor),
        "opening": Opening.objects.visible_to(actor).filter(batch=row).first(),
        "may_open": row.state == State.RELEASED and actor.can(RUN_OPENING, row.org_unit_id),
        "refusal": refusal,
        "terms_form": shown_form(form, TermsForm, lambda: TermsForm.showing(row)) if is_draft else None,
        "homes_form": shown_form(form, HomesForm, lambda: HomesForm(batch=row)) if is_draft else None,
        "return_form": shown_form(form, ReturnForm, ReturnForm),
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "inventory/batch.html", context, status=status)


def _act(
    request: HttpRequest, row: ReleaseBatch, act: Callable[..., Any], *said: Any, **named: Any
) -> HttpResponse:
    try:
        act(row, *said, **named, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _batch_page(request, batch_of(request, row.pk), refusal=str(refusal))
    return go_to(request, reverse("inventory:batch", args=[row.pk]))


@requires(CHANGE_INVENTORY, methods=("POST",))
def change(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Change name, permit and opening of a draft."""
    row, form = batch_of(request, batch_id), TermsForm(request.POST)
    return (
        _act(request, row, change_batch, form.terms())
        if form.is_valid()
        else _batch_page(request, row, form=form)
    )


@requires(CHANGE_INVENTORY, methods=("POST",))
def add(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Put homes of a building into a draft."""
    row = batch_of(request, batch_id)
    form = HomesForm(request.POST, batch=row)
    if not form.is_valid():
        return _batch_page(request, row, form=form)
    return _act(request, row, add_homes, form.wanted())


@requires(CHANGE_INVENTORY, methods=("POST",))
def remove(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Take the homes of a building out of a draft."""
    row = batch_of(request, batch_id)
    form = HomesForm(request.POST, batch=row)
    if not form.is_valid():
        return _batch_page(request, row, form=form)
    units = units_of(row).filter(building=form.cleaned_data["building"])
    return _act(request, row, remove_homes, list(units.values_list("pk", flat=True)))


@requires(CHANGE_INVENTORY, methods=("POST",))
def submit(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    return _act(request, batch_of(request, batch_id), submit_batch)


@requires(APPROVE_INVENTORY, methods=("POST",))
def approve(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    return _act(request, batch_of(request, batch_id), approve_batch)


@requires(APPROVE_INVENTORY, methods=("POST",))
def send_back(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Send a batch back, with the reason."""
    row, form = batch_of(request, batch_id), ReturnForm(request.POST)
    if not form.is_valid():
        return _batch_page(request, row, form=form)
    return _act(request, row, return_batch, because=form.cleaned_data["because"])


@requires(CHANGE_INVENTORY, methods=("POST",))
def release(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    return _act(request, batch_of(request, batch_id), release_batch)

"""The queue of a batch."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.selectors import customer_meant
from hearth.inventory.forms import JoinForm
from hearth.inventory.models import QueueEntry, ReleaseBatch
from hearth.inventory.permissions import HOLD_HOME, VIEW_INVENTORY
from hearth.inventory.selectors import queue_page
from hearth.inventory.services import join_queue, leave_queue
from hearth.inventory.views.batches import BOTH, batch_of


@requires(VIEW_INVENTORY, methods=BOTH)
def queue(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Who waits, by number; give the next number."""
    batch = batch_of(request, batch_id)
    if request.method != "POST":
        return _queue_page(request, batch, JoinForm())
    form = JoinForm(request.POST)
    if form.is_valid():
        actor = actor_of(request)
        try:
            customer = customer_meant(form.cleaned_data["who"], actor)
            amount = form.cleaned_data["amount"]
            join_queue(batch, customer=customer, amount=amount, actor=actor, now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("inventory:queue", args=[batch_id]))
    return _queue_page(request, batch, form)


def _queue_page(request: HttpRequest, batch: ReleaseBatch, form: JoinForm) -> HttpResponse:
    actor = actor_of(request)
    lines, next_cursor = queue_page(batch, actor, request.GET.get("cursor", ""))
    context = {
        "batch": batch,
        "lines": lines,
        "next_cursor": next_cursor,
        "form": form,
        "may_hold": actor.can(HOLD_HOME, batch.org_unit_id),
    }
    status = REFUSED if form.is_bound else SUCCESS
    return page(request, "inventory/queue.html", context, parts=["queue-list"], status=status)


@requires(HOLD_HOME, methods=("POST",))
def leave(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Let a customer withdraw."""
    entry = get_object_or_404(QueueEntry.objects.visible_to(actor_of(request)), pk=entry_id)
    leave_queue(entry, actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("inventory:queue", args=[entry.batch_id]))

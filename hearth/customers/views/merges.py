"""The history of merges, and undoing one."""

from typing import Any
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
from hearth.customers.models import CustomerMerge
from hearth.customers.permissions import MERGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.selectors import merge_history, merge_rows
from hearth.customers.services import undo_merge
from hearth.lib.identifiers import read_uuid


@requires(VIEW_CUSTOMER)
def merges(request: HttpRequest) -> HttpResponse:
    """What was merged, by whom, what went where, and what was undone."""
    return _show(request)


@requires(MERGE_CUSTOMER, methods=("POST",))
def undo(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Part the records of a merge again."""
    actor = actor_of(request)
    merge = get_object_or_404(CustomerMerge.objects.visible_to(actor), pk=merge_id)
    try:
        undo_merge(merge, actor=actor, now=timezone.now())
    except DomainError as refusal:
        return _show(request, refusal=str(refusal), refused_id=merge_id)
    messages.success(request, gettext("The records are parted again."))
    return go_to(request, reverse("customers:merges"))


def _show(request: HttpRequest, *, refusal: str = "", refused_id: UUID | None = None) -> HttpResponse:
    actor = actor_of(request)
    customer_id = read_uuid(request.GET.get("customer", ""))
    found = merge_history(actor, customer_id=customer_id, cursor=request.GET.get("cursor", ""))
    context: dict[str, Any] = {
        "rows": merge_rows(found.rows, actor),
        "next_cursor": found.next_cursor,
        "may_undo": actor.can(MERGE_CUSTOMER),
        "refusal": refusal,
        "refused_id": refused_id,
    }
    status = REFUSED if refusal else SUCCESS
    return page(request, "customers/merges.html", context, parts={"merge-rows"}, status=status)

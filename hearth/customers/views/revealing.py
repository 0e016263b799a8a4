"""Uncovering one masked value, with a reason."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from hearth.core.actor import Actor
from hearth.core.htmx import REFUSED, SUCCESS
from hearth.core.permissions import actor_of, requires
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.selectors import present_contacts, present_identity
from hearth.customers.services import DataBlocked, ReasonMissing, reveal_contact_point, reveal_identity_number
from hearth.customers.services.reveals import TOO_MANY_REVEALS, asks_too_often


@requires(VIEW_CUSTOMER, methods=("POST",))
def reveal_contact(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """One contact in full, once a reason is given; the service asks for the right."""
    actor = actor_of(request)
    visible = Customer.objects.visible_to(actor)
    points = ContactPoint.objects.filter(customer__in=visible, is_blocked=False).select_related("customer")
    point = get_object_or_404(points, pk=point_id)
    context = {"contact": _presented(point, actor)}
    if asks_too_often(actor, timezone.now()):
        return _part(request, "contact", {**context, "refusal": TOO_MANY_REVEALS}, REFUSED)
    try:
        text = reveal_contact_point(
            point, reason=request.POST.get("reason", ""), actor=actor, now=timezone.now()
        )
    except ReasonMissing as refusal:
        return _part(request, "contact", {**context, "refusal": str(refusal)}, REFUSED)
    return _part(request, "contact", {**context, "revealed": text}, SUCCESS)


@requires(VIEW_CUSTOMER, methods=("POST",))
def reveal_identity(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The identity number in full, once a reason is given; the service asks for the right."""
    actor = actor_of(request)
    customer = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    context = {"customer": customer, "identity": present_identity(customer, actor)}
    if asks_too_often(actor, timezone.now()):
        return _part(request, "identity", {**context, "refusal": TOO_MANY_REVEALS}, REFUSED)
    try:
        text = reveal_identity_number(
            customer, reason=request.POST.get("reason", ""), actor=actor, now=timezone.now()
        )
    except (ReasonMissing, DataBlocked) as refusal:
        return _part(request, "identity", {**context, "refusal": str(refusal)}, REFUSED)
    return _part(request, "identity", {**context, "revealed": text}, SUCCESS)


def answer_reveal(request: HttpRequest, reveal: Callable[[str], tuple[str, str]]) -> HttpResponse:
    """Answer who asks for a text with a reason: the element it stands in, with summary and text or why not.

    `reveal` takes the reason, and asks for the right. What it says nobody keeps.
    """
    context: dict[str, object] = {"reveal_url": request.path}
    status = REFUSED
    if asks_too_often(actor_of(request), timezone.now()):
        context["refusal"] = TOO_MANY_REVEALS
    else:
        try:
            context["summary"], context["body"] = reveal(request.POST.get("reason", ""))
            status = SUCCESS
        except ReasonMissing as refusal:
            context["refusal"] = str(refusal)
    return _unkept(render(request, "core/components/reveal.html", context, status=status))


def _presented(point: ContactPoint, actor: Actor) -> object:
    contacts = present_contacts([point.customer], actor)[point.customer_id]
    return next(contact for contact in contacts if contact.id == point.pk)


def _part(request: HttpRequest, name: str, context: dict[str, object], status: int) -> HttpResponse:
    """The value's own element; nobody keeps what it says."""
    return _unkept(render(request, f"customers/components/{name}.html", context, status=status))


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response

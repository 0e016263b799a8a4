"""Where personal data come from: the page of a customer, stating it, and what waits for the privacy officer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.origins import Origin
from hearth.customers.permissions import STATE_ORIGIN, VIEW_CUSTOMER
from hearth.customers.services import (
    remove_blocked_contact,
    remove_blocked_field,
    state_contact_origin,
    state_field_origin,
)
from hearth.families.forms import OriginForm
from hearth.families.models import NeedProfile
from hearth.families.selectors import blocked_items, items_of
from hearth.families.selectors.origins import CONTACT, NEED
from hearth.families.services import remove_blocked_need, state_need_origin


@requires(VIEW_CUSTOMER)
def origins(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Source, purpose and right of everything kept about a customer."""
    customer = get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)
    return _origins_page(request, customer)


@requires(STATE_ORIGIN, methods=("POST",))
def state(request: HttpRequest, customer_id: UUID, kind: str, reference: str) -> HttpResponse:
    """State the origin of one item; without a right it is blocked."""
    actor = actor_of(request)
    customer = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    form = OriginForm(request.POST)
    if not form.is_valid():
        return _origins_page(request, customer, refusal=gettext("State source, purpose and right."))
    origin = Origin(recorded_by=actor.user_id, **form.cleaned_data)
    try:
        _state(customer, kind, reference, origin, actor)
    except DomainError as refusal:
        return _origins_page(request, customer, refusal=str(refusal))
    messages.success(request, gettext("The origin is kept."))
    return redirect(reverse("families:origins", args=[customer.pk]))


@requires(STATE_ORIGIN, methods=("POST",))
def remove(request: HttpRequest, customer_id: UUID, kind: str, reference: str) -> HttpResponse:
    """Remove one blocked item for good."""
    actor = actor_of(request)
    customer = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    try:
        _remove(customer, kind, reference, actor)
    except DomainError as refusal:
        return _origins_page(request, customer, refusal=str(refusal))
    messages.success(request, gettext("The blocked data are removed."))
    return go_to(request, reverse("families:origins", args=[customer.pk]))


@requires(STATE_ORIGIN)
def blocked(request: HttpRequest) -> HttpResponse:
    """What is blocked until somebody finds the right to it, or removes it."""
    return page(request, "families/blocked.html", {"items": blocked_items(actor_of(request))})


def _state(customer: Customer, kind: str, reference: str, origin: Origin, actor: Actor) -> None:
    now = timezone.now()
    if kind == CONTACT:
        state_contact_origin(_point(customer, reference), origin, actor=actor, now=now)
    elif kind == NEED:
        state_need_origin(_need(customer, reference), origin, actor=actor, now=now)
    else:
        state_field_origin(customer, reference, origin, actor=actor, now=now)


def _remove(customer: Customer, kind: str, reference: str, actor: Actor) -> None:
    now = timezone.now()
    if kind == CONTACT:
        remove_blocked_contact(_point(customer, reference), actor=actor, now=now)
    elif kind == NEED:
        remove_blocked_need(_need(customer, reference), actor=actor, now=now)
    else:
        remove_blocked_field(customer, reference, actor=actor, now=now)


def _point(customer: Customer, reference: str) -> ContactPoint:
    return get_object_or_404(ContactPoint.objects.filter(customer=customer), pk=_id(reference))


def _need(customer: Customer, reference: str) -> NeedProfile:
    return get_object_or_404(NeedProfile.objects.filter(customer=customer), pk=_id(reference))


def _id(reference: str) -> UUID:
    try:
        return UUID(reference)
    except ValueError as error:
        raise Http404 from error


def _origins_page(request: HttpRequest, customer: Customer, *, refusal: str = "") -> HttpResponse:
    items = items_of(customer)
    context = {
        "customer": customer,
        "rows": [(item, OriginForm.of(item.origin, prefix=item.reference)) for item in items],
        "may_state": actor_of(request).can(STATE_ORIGIN),
        "refusal": refusal,
    }
    return page(request, "families/origins.html", context, status=REFUSED if refusal else SUCCESS)

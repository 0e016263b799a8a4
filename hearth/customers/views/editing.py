"""Changing a customer, their contacts and their household."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.actor import Actor
from hearth.core.conflicts import ChangedMeanwhile, ShownDifference, settled, show_differences
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.forms import ContactForm, EditCustomerForm
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.origins import IDENTITY, NOTE, usual_origin
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.customers.selectors import present_contacts, present_identity
from hearth.customers.services import (
    add_contact_point,
    form_household,
    join_household,
    leave_household,
    make_contact_point_preferred,
    remove_contact_point,
    update_customer,
)
from hearth.customers.views.recording import find_member


@requires(CHANGE_CUSTOMER, methods=("GET", "HEAD", "POST"))
def edit(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Change the fields of a customer; where somebody else changed the same, a dialog asks what is kept."""
    customer = _customer(request, customer_id)
    actor = actor_of(request)
    form = _form(customer, actor, settled(request.POST) or None)
    differences: Sequence[ShownDifference] = ()
    if request.method == "POST" and form.is_valid():
        try:
            update_customer(customer, actor=actor, now=timezone.now(), seen=form.seen, **form.cleaned_data)
        except ChangedMeanwhile as conflict:
            differences = show_differences(form, conflict.differences)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The change is kept."))
            return go_to(request, reverse("workspace:customer", args=[customer.pk]))
    return _edit_page(request, customer, form=form, differences=differences)


@requires(CHANGE_CUSTOMER, methods=("POST",))
def add_contact(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Add a contact to a customer."""
    customer = _customer(request, customer_id)
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            _add_contact(customer, form.cleaned_data, actor_of(request))
        except DomainError as refusal:
            form.add_error("value", str(refusal))
        else:
            return _back(request, customer, gettext("The contact is added."))
    return _edit_page(request, customer, contact_form=form)


@requires(CHANGE_CUSTOMER, methods=("POST",))
def remove_contact(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """Remove a contact for good."""
    point = _point(request, point_id)
    remove_contact_point(point, actor=actor_of(request), now=timezone.now())
    return _back(request, point.customer, gettext("The contact is removed."))


@requires(CHANGE_CUSTOMER, methods=("POST",))
def prefer_contact(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """Use a contact first among its kind."""
    point = _point(request, point_id)
    make_contact_point_preferred(point, actor=actor_of(request), now=timezone.now())
    return _back(request, point.customer, gettext("The change is kept."))


@requires(CHANGE_CUSTOMER, methods=("POST",))
def join(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Put a customer into the household of another."""
    customer = _customer(request, customer_id)
    actor, now = actor_of(request), timezone.now()
    try:
        member = find_member(request.POST.get("member", ""), actor)
        if member.household:
            join_household(customer, member.household, actor=actor, now=now, role=customer.household_role)
        else:
            form_household([member, customer], actor=actor, now=now)
    except DomainError as refusal:
        return _edit_page(request, customer, household_refusal=str(refusal))
    return _back(request, customer, gettext("The change is kept."))


@requires(CHANGE_CUSTOMER, methods=("POST",))
def leave(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Take a customer out of their household."""
    customer = _customer(request, customer_id)
    leave_household(customer, actor=actor_of(request), now=timezone.now())
    return _back(request, customer, gettext("The change is kept."))


def _customer(request: HttpRequest, customer_id: UUID) -> Customer:
    visible = Customer.objects.visible_to(actor_of(request)).select_related("household")
    return get_object_or_404(visible, pk=customer_id)


def _point(request: HttpRequest, point_id: UUID) -> ContactPoint:
    visible = Customer.objects.visible_to(actor_of(request))
    points = ContactPoint.objects.filter(customer__in=visible).select_related("customer")
    return get_object_or_404(points, pk=point_id)


def _add_contact(customer: Customer, chosen: dict[str, Any], actor: Actor) -> None:
    now = timezone.now()
    usual = usual_origin(chosen["kind"], actor=actor, on=timezone.localdate(now))
    source, basis = chosen.pop("source") or usual.source, chosen.pop("basis") or usual.basis
    origin = replace(usual, source=source, basis=basis)
    add_contact_point(customer, actor=actor, now=now, origin=origin, **chosen)


def _form(customer: Customer, actor: Actor, values: Any = None) -> EditCustomerForm:
    """Return the form without what the person may not see, so that saving does not write over it."""
    hides_identity = present_identity(customer, actor).is_masked or customer.is_blocked(IDENTITY)
    return EditCustomerForm(
        values,
        initial=_initial(customer),
        hides_identity=hides_identity,
        hides_note=customer.is_blocked(NOTE),
    )


def _initial(customer: Customer) -> dict[str, Any]:
    names = ("kind", "name", "sex", "birth_date", "occupation", "source", "household_role", "note")
    return {
        **{name: getattr(customer, name) for name in names},
        "identity_number": customer.identity_number,
        "unchanged_since": customer.updated_at.isoformat(),
    }


def _back(request: HttpRequest, customer: Customer, text: str) -> HttpResponse:
    messages.success(request, text)
    return go_to(request, reverse("customers:edit", args=[customer.pk]))


def _edit_page(
    request: HttpRequest,
    customer: Customer,
    *,
    form: EditCustomerForm | None = None,
    contact_form: ContactForm | None = None,
    household_refusal: str = "",
    differences: Sequence[ShownDifference] = (),
) -> HttpResponse:
    actor = actor_of(request)
    identity = present_identity(customer, actor)
    context = {
        "customer": customer,
        "form": form or _form(customer, actor),
        "contact_form": contact_form or ContactForm(),
        "contacts": present_contacts([customer], actor)[customer.pk],
        "identity": identity,
        "household_refusal": household_refusal,
        "differences": differences,
    }
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "customers/edit.html", context, status=status)

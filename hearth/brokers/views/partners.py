"""Pages of partners and their brokers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.brokers.commission_selectors import payable_to
from hearth.brokers.forms import BrokerForm, PartnerForm, ReferrerForm, UntilForm
from hearth.brokers.lists import PARTNERS
from hearth.brokers.models import Broker, Partner
from hearth.brokers.permissions import CHANGE_BROKER, SETTLE, VIEW_BROKER, VIEW_COMMISSION
from hearth.brokers.selectors import brokers_of
from hearth.brokers.services import (
    add_broker,
    add_partner,
    change_broker,
    change_partner,
    renew_link,
    withdraw_link,
)
from hearth.core.addresses import public_url
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.selectors import customer_meant
from hearth.lists.pages import list_page

BOTH = ("GET", "HEAD", "POST")


@requires(VIEW_BROKER)
def partners(request: HttpRequest) -> HttpResponse:
    """The partners of the places one sees."""
    return list_page(request, PARTNERS, "brokers/partners.html")


@requires(CHANGE_BROKER, methods=BOTH)
def new_partner(request: HttpRequest) -> HttpResponse:
    """Add a partner."""
    form = PartnerForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["org_unit"]
        try:
            row = add_partner(place, form.partner(), actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("brokers:partner", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "brokers/partner_new.html", {"form": form}, status=status)


def _partner_of(request: HttpRequest, partner_id: UUID) -> Partner:
    rows = Partner.objects.visible_to(actor_of(request)).select_related("org_unit")
    return get_object_or_404(rows, pk=partner_id)


@requires(VIEW_BROKER)
def partner(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """One partner with its brokers and whether each has a link."""
    return _partner_page(request, _partner_of(request, partner_id))


def _partner_page(
    request: HttpRequest, row: Partner, *, form: forms.Form | None = None, refusal: str = "", **shown: Any
) -> HttpResponse:
    actor = actor_of(request)
    may_change = actor.can(CHANGE_BROKER, row.org_unit_id)
    sees_money = actor.can(VIEW_COMMISSION, row.org_unit_id)
    fresh = ReferrerForm if row.is_referral else BrokerForm
    until = {"active_until_date": row.active_until_date}
    now = timezone.now()
    context = {
        "row": row,
        "brokers": [(broker, broker.has_link(now)) for broker in brokers_of(row)],
        "refusal": refusal,
        "may_change": may_change,
        "payable": payable_to(row) if sees_money else None,
        "may_settle": actor.can(SETTLE, row.org_unit_id),
        "broker_form": form if isinstance(form, BrokerForm | ReferrerForm) else fresh(),
        "until_form": form if isinstance(form, UntilForm) else UntilForm(initial=until),
        **shown,
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "brokers/partner.html", context, status=status)


def _act(
    request: HttpRequest, row: Partner, act: Callable[..., Any], form: forms.Form | None = None
) -> HttpResponse:
    """Do what was asked for and show the page again, with a refusal beside the field it speaks of."""
    try:
        act(actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        if form is None:
            return _partner_page(request, row, refusal=str(refusal))
        add_refusal(form, refusal)
        return _partner_page(request, row, form=form)
    return go_to(request, reverse("brokers:partner", args=[row.pk]))


@requires(CHANGE_BROKER, methods=("POST",))
def change(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Say until when a partner works with us."""
    row, form = _partner_of(request, partner_id), UntilForm(request.POST)
    if not form.is_valid():
        return _partner_page(request, row, form=form)
    return _act(request, row, lambda **by: change_partner(row, **form.cleaned_data, **by), form)


@requires(CHANGE_BROKER, methods=("POST",))
def new_broker(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Add a broker to a partner: of customers who recommend, the customer."""
    row = _partner_of(request, partner_id)
    form = ReferrerForm(request.POST) if row.is_referral else BrokerForm(request.POST)
    if not form.is_valid():
        return _partner_page(request, row, form=form)

    def act(**by: Any) -> None:
        who = form.cleaned_data.get("who")
        customer = customer_meant(who, by["actor"]) if who else None
        add_broker(row, form.broker(customer), **by)

    return _act(request, row, act, form)


def _broker_of(request: HttpRequest, broker_id: UUID) -> Broker:
    rows = Broker.objects.visible_to(actor_of(request)).select_related("partner__org_unit")
    return get_object_or_404(rows, pk=broker_id)


@requires(CHANGE_BROKER, methods=("POST",))
def end_broker(request: HttpRequest, broker_id: UUID) -> HttpResponse:
    """Say until when a broker works with us."""
    row, form = _broker_of(request, broker_id), UntilForm(request.POST)
    if not form.is_valid():
        return _partner_page(request, row.partner, form=form)
    return _act(request, row.partner, lambda **by: change_broker(row, **form.cleaned_data, **by), form)


@requires(CHANGE_BROKER, methods=("POST",))
def renew(request: HttpRequest, broker_id: UUID) -> HttpResponse:
    """Give a broker a new link, and show it this once."""
    row = _broker_of(request, broker_id)
    try:
        token = renew_link(row, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _partner_page(request, row.partner, refusal=str(refusal))
    path = reverse("portal:broker", args=[token])
    address = public_url(path)
    return _partner_page(request, row.partner, link=address, link_of=row)


@requires(CHANGE_BROKER, methods=("POST",))
def withdraw(request: HttpRequest, broker_id: UUID) -> HttpResponse:
    """End the link of a broker."""
    row = _broker_of(request, broker_id)
    return _act(request, row.partner, lambda **by: withdraw_link(row, **by))

"""The page of a broker, opened by their secret link: register a customer, and see one's own registrations
and commissions.

An unknown link, one that was renewed or withdrawn, one that has ended and that of a broker who works with us no more
get the same answer: a page that never was.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from hearth.brokers.commission_selectors import commissions_of
from hearth.brokers.forms import ObjectionForm, RegistrationForm
from hearth.brokers.models import Broker, ChannelRegistration
from hearth.brokers.selectors import broker_of_link, registrations_of
from hearth.brokers.services import object_to_refusal, register_customer
from hearth.brokers.services.conflicts import OPEN_TO_OBJECTION
from hearth.core.addresses import client_address
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS
from hearth.core.permissions import public
from hearth.core.rates import count_request
from hearth.portal.reader import READER, as_customer

LOOKS_A_MINUTE = 60
REGISTRATIONS_A_MINUTE = 6
TOO_MANY_REQUESTS = 429


@never_cache
@public(methods=("GET", "HEAD", "POST"))
@as_customer
def broker(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the broker has registered, and register another customer."""
    now = timezone.now()
    row = _broker(request, token, now)
    form = RegistrationForm(request.POST or None, broker=row)
    if request.method != "POST":
        return _page(request, row, token, form)
    if _is_too_fast(row, now):
        message = gettext("Too many at once. Please wait a minute.")
        return _page(request, row, token, form, message=message, status=TOO_MANY_REQUESTS)
    if form.is_valid():
        try:
            new = form.registration(ChannelRegistration.Way.LINK)
            register_customer(row, new, actor=READER, now=now)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("portal:broker", token)
    return _page(request, row, token, form, status=REFUSED)


@never_cache
@public(methods=("POST",))
@as_customer
def broker_objects(request: HttpRequest, token: str, registration_id: UUID) -> HttpResponse:
    """Object to a registration of one's own that was found invalid."""
    now = timezone.now()
    row = _broker(request, token, now)
    own = get_object_or_404(ChannelRegistration.objects.filter(broker=row), pk=registration_id)
    form, fresh = ObjectionForm(request.POST), RegistrationForm(broker=row)
    if _is_too_fast(row, now):
        message = gettext("Too many at once. Please wait a minute.")
        return _page(request, row, token, fresh, message=message, status=TOO_MANY_REQUESTS)
    if form.is_valid():
        try:
            object_to_refusal(own, **form.cleaned_data, actor=READER, now=now)
        except DomainError as refusal:
            return _page(request, row, token, fresh, message=str(refusal), status=REFUSED)
        return redirect("portal:broker", token)
    return _page(request, row, token, fresh, message=gettext("Say why it holds."), status=REFUSED)


def _broker(request: HttpRequest, token: str, now: datetime) -> Broker:
    """Return whose link it is; whoever tries many is answered as if none were good.

    :raises Http404: if it is nobody's
    """
    caller = f"broker:{client_address(request)}"[:80]
    is_exceeded = count_request(caller, quota=LOOKS_A_MINUTE, now=now).is_exceeded
    found = None if is_exceeded else broker_of_link(token, now=now)
    if found is None:
        raise Http404
    return found


def _is_too_fast(row: Broker, now: datetime) -> bool:
    return count_request(f"registers:{row.pk}", quota=REGISTRATIONS_A_MINUTE, now=now).is_exceeded


def _page(
    request: HttpRequest,
    row: Broker,
    token: str,
    form: RegistrationForm,
    *,
    message: str = "",
    status: int = SUCCESS,
) -> HttpResponse:
    context: dict[str, Any] = {
        "broker": row,
        "token": token,
        "form": form,
        "message": message,
        "registrations": [
            (each, each.because in OPEN_TO_OBJECTION and not each.is_hidden) for each in registrations_of(row)
        ],
        "commissions": commissions_of(row),
        "objection_form": ObjectionForm(),
    }
    return render(request, "portal/broker.html", context, status=status)

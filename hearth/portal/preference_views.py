"""The page on which a customer decides what we may use their data for, opened by a signed link."""

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS
from hearth.core.permissions import public
from hearth.core.rates import count_request
from hearth.core.signed_links import LinkNotGood
from hearth.customers.models import Customer
from hearth.customers.selectors import reveals_of
from hearth.lib.contact.masks import mask_name
from hearth.portal.reader import READER, as_customer
from hearth.privacy.links import customer_of
from hearth.privacy.models import Consent, PersonRequest
from hearth.privacy.purposes import PROFILING
from hearth.privacy.selectors import PurposeState, consent_state, requests_of
from hearth.privacy.services import NewConsent, receive_request, record_consents

HOW = "preference page"
PROFILING_BUTTONS = {
    "profiling:any:refused": Consent.Decision.REFUSED,
    "profiling:any:given": Consent.Decision.GIVEN,
}
CHANGES_A_MINUTE = 30
REVEALS_SHOWN = timedelta(days=365)
TOO_MANY_REQUESTS, GONE = 429, 410


@never_cache
@public(methods=("GET", "HEAD", "POST"))
@as_customer
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show each purpose with its text and channels; a button gives or withdraws consent, one withdraws all."""
    now = timezone.now()
    try:
        customer = _customer(token, now)
    except LinkNotGood:
        return render(request, "portal/link_ended.html", status=GONE)
    status, message = SUCCESS, ""
    if request.method == "POST":
        status, message = _act(customer, request, now)
        customer.refresh_from_db()
    states = consent_state(customer)
    shown = [state for state in states if state.purpose.needs_consent and not state.is_refused_not_given]
    context = {
        "name": mask_name(customer.name),
        "purposes": [(state, _channels(state)) for state in shown],
        "is_any_open": any(state.is_allowed_somewhere for state in shown),
        "profiling": next((state for state in states if state.is_refused_not_given), None),
        "refused_since": customer.profiling_refused_at,
        "message": message,
        "is_refused": status != SUCCESS,
        "kinds": PersonRequest.Kind.choices,
        "requests": requests_of(customer),
        "reveals": reveals_of(customer, since=now - REVEALS_SHOWN),
        "is_restricted": customer.is_restricted,
    }
    return render(request, "portal/preferences.html", context, status=status)


def _customer(token: str, now: datetime) -> Customer:
    """Return whose link it is; of a merged record the one that holds everything.

    :raises LinkNotGood: if the link is not ours, too old, or its customer is no more
    """
    row = Customer.objects.select_related("merged_into").filter(pk=customer_of(token, now=now)).first()
    if row is None or row.erased_at:
        raise LinkNotGood
    return row.merged_into or row


def _channels(state: PurposeState) -> list[tuple[str, str, bool]]:
    """Return code, name and whether it is open, of each channel by itself."""
    return [
        (code, str(label), state.is_allowed_on(code))
        for code, label in Consent.Channel.choices
        if code != Consent.Channel.ANY
    ]


def _act(customer: Customer, request: HttpRequest, now: datetime) -> tuple[int, str]:
    """Do what a button says, and return the status with a sentence for the customer."""
    if count_request(f"preferences:{customer.pk}", quota=CHANGES_A_MINUTE, now=now).is_exceeded:
        return TOO_MANY_REQUESTS, gettext("Too many changes at once. Please wait a minute.")
    if "ask" in request.POST:
        return _ask(customer, request.POST["ask"], request.POST.get("wish", ""), now)
    return _decide(customer, request.POST.get("choice", ""), now)


def _ask(customer: Customer, kind: str, wish: str, now: datetime) -> tuple[int, str]:
    """Note what the customer asks for by right.

    :raises Http404: if there is no such right
    """
    if kind not in PersonRequest.Kind.values:
        raise Http404
    try:
        row = receive_request(
            customer, kind=kind, wish=wish, came_by=PersonRequest.CameBy.PORTAL, actor=READER, now=now
        )
    except DomainError as refusal:
        return REFUSED, str(refusal)
    words = gettext("Your request #%(number)s is noted. You get an answer by %(day)s at the latest.")
    return SUCCESS, words % {"number": row.number, "day": f"{row.limit_date:%Y-%m-%d}"}


def _decide(customer: Customer, choice: str, now: datetime) -> tuple[int, str]:
    """Record a decision about consent."""
    try:
        record_consents(_decisions(customer, choice), actor=READER, now=now)
    except DomainError as refusal:
        return REFUSED, str(refusal)
    return SUCCESS, gettext("Your decision is noted and holds from now on.")


def _decisions(customer: Customer, choice: str) -> list[NewConsent]:
    """Read a button: `none` withdraws all that is open, `marketing:sms:given` is one decision.

    Profiling is refused rather than agreed to: `profiling:any:refused`, and `profiling:any:given` takes that back.

    :raises Http404: if there is no such button
    """
    states = {
        state.purpose.code: state
        for state in consent_state(customer)
        if state.purpose.needs_consent and not state.is_refused_not_given
    }
    if choice in PROFILING_BUTTONS:
        return [NewConsent(customer.pk, PROFILING, Consent.Channel.ANY, PROFILING_BUTTONS[choice], HOW)]
    if choice == "none":
        return [
            NewConsent(customer.pk, code, Consent.Channel.ANY, Consent.Decision.WITHDRAWN, HOW)
            for code, state in states.items()
            if state.is_allowed_somewhere
        ]
    code, _colon, rest = choice.partition(":")
    channel, _colon, decision = rest.partition(":")
    allowed = (Consent.Decision.GIVEN, Consent.Decision.WITHDRAWN)
    if code not in states or channel not in Consent.Channel.values or decision not in allowed:
        raise Http404
    return [NewConsent(customer.pk, code, channel, decision, HOW)]

"""Consent on the customer's page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from hearth.core.htmx import REFUSED, SUCCESS, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.models import Customer
from hearth.privacy.forms import ConsentForm
from hearth.privacy.permissions import CHANGE_CONSENT, VIEW_CONSENT
from hearth.privacy.selectors import consent_history, consent_state
from hearth.privacy.services import record_consent

TEMPLATE = "privacy/customer_consents.html"


@requires(VIEW_CONSENT)
def customer_consents(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show what a customer agreed to, as a part of the customer's page or as a page of its own."""
    customer = get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)
    return _show(request, customer, ConsentForm(), SUCCESS)


@requires(CHANGE_CONSENT, methods=("POST",))
def change_consent(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _show(request, customer, form, REFUSED)
    record_consent(customer, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
    return _show(request, customer, ConsentForm(), SUCCESS)


def _show(request: HttpRequest, customer: Customer, form: ConsentForm, status: int) -> HttpResponse:
    context = {
        "customer": customer,
        "states": consent_state(customer),
        "history": consent_history(customer),
        "form": form,
    }
    return page(request, TEMPLATE, context, parts={"consents"}, status=status)

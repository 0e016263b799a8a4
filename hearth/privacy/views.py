"""Consent on the customer's page, and the purposes it is given to."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.uploads import UNKNOWN
from hearth.customers.models import Customer
from hearth.privacy.forms import ConsentForm, ProfilingForm, PurposeForm
from hearth.privacy.links import preferences_url
from hearth.privacy.models import Consent, Purpose
from hearth.privacy.permissions import CHANGE_CONSENT, CHANGE_PURPOSE, VIEW_CONSENT
from hearth.privacy.purposes import PROFILING
from hearth.privacy.selectors import consent_history, consent_state
from hearth.privacy.services import NewConsent, change_purpose, record_consent, record_consents

TEMPLATE = "privacy/customer_consents.html"


@requires(VIEW_CONSENT)
def customer_consents(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show what a customer agreed to, as a part of the customer's page or as a page of its own."""
    customer = get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)
    return _show(request, customer, ConsentForm(customer=customer), SUCCESS)


@requires(CHANGE_CONSENT, methods=("POST",))
def change_consent(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)
    form = ConsentForm(request.POST, request.FILES, customer=customer)
    if form.is_valid():
        try:
            new = NewConsent(customer.pk, **form.decision_values())
            record_consents([new], actor=actor_of(request), now=timezone.now())
        except InvalidInput as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            customer.refresh_from_db()
            return _show(request, customer, ConsentForm(customer=customer), SUCCESS)
    return _show(request, customer, form, REFUSED)


@requires(VIEW_CONSENT)
def evidence(request: HttpRequest, consent_id: UUID) -> FileResponse:
    """Give the scan of a decision to be saved; it is never shown inside the site."""
    seen = Customer.objects.visible_to(actor_of(request)).values("pk")
    consents = Consent.objects.filter(customer__in=seen).select_related("evidence_file")
    kept = get_object_or_404(consents, pk=consent_id).evidence_file
    if kept is None:
        raise Http404
    return FileResponse(kept.file.open("rb"), as_attachment=True, filename=kept.name, content_type=UNKNOWN)


@requires(CHANGE_CONSENT, methods=("POST",))
def change_profiling(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Note that a customer refuses profiling, or allows it again."""
    customer = get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)
    form, status = ProfilingForm(request.POST), REFUSED
    if form.is_valid():
        values = {**form.cleaned_data, "purpose_code": PROFILING, "channel": Consent.Channel.ANY}
        try:
            record_consent(customer, **values, actor=actor_of(request), now=timezone.now())
        except InvalidInput as refusal:
            form.add_error(None, str(refusal))
        else:
            form, status = ProfilingForm(), SUCCESS
            customer.refresh_from_db()
    return _show(request, customer, ConsentForm(customer=customer), status, profiling=form)


def _show(
    request: HttpRequest,
    customer: Customer,
    form: ConsentForm,
    status: int,
    profiling: ProfilingForm | None = None,
) -> HttpResponse:
    states = consent_state(customer)
    context = {
        "customer": customer,
        "states": [state for state in states if not state.is_refused_not_given],
        "profiling": next((state for state in states if state.is_refused_not_given), None),
        "profiling_form": profiling or ProfilingForm(),
        "history": consent_history(customer),
        "form": form,
        "preferences_url": preferences_url(customer.pk, now=timezone.now()),
    }
    return page(request, TEMPLATE, context, parts={"consents"}, status=status)


@requires(VIEW_CONSENT)
def purposes(request: HttpRequest) -> HttpResponse:
    """What personal data are used for, by what right and for how long."""
    return page(request, "privacy/purposes.html", {"purposes": Purpose.objects.order_by("id")})


@requires(CHANGE_PURPOSE, methods=("GET", "HEAD", "POST"))
def purpose(request: HttpRequest, code: str) -> HttpResponse:
    """Change a purpose; the texts before are shown below it."""
    row = get_object_or_404(Purpose, code=code)
    initial = {name: getattr(row, name, None) for name in PurposeForm.base_fields}
    form = PurposeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        asks_anew = form.cleaned_data["asks_anew"]
        change_purpose(row, form.terms(), asks_anew=asks_anew, actor=actor_of(request), now=timezone.now())
        messages.success(request, gettext("The purpose is changed."))
        return go_to(request, reverse("privacy:purposes"))
    texts = row.texts.select_related("replaced_by").order_by("-version")
    context = {"purpose": row, "form": form, "texts": texts}
    return page(request, "privacy/purpose.html", context, status=REFUSED if form.errors else SUCCESS)

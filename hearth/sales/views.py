"""Pages of contracts."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.models import Customer
from hearth.lists.pages import list_page
from hearth.properties.models import Unit
from hearth.sales.forms import ContractForm, PaymentForm
from hearth.sales.lists import CONTRACTS
from hearth.sales.loan_forms import EndLoanForm, FilingForm, LoanForm, LoanStepForm
from hearth.sales.loan_selectors import loans_of
from hearth.sales.models import Contract, SettlementLine
from hearth.sales.permissions import CHANGE_CONTRACT, VIEW_CONTRACT
from hearth.sales.plan_selectors import current_instalments, plan_of
from hearth.sales.policy import by_request_at
from hearth.sales.selectors import ContractFilters, contract_list
from hearth.sales.services import cancel_contract, receive_payment, sign_contract


@requires(VIEW_CONTRACT)
def contracts(request: HttpRequest) -> HttpResponse:
    """The list of contracts, newest signing first."""
    return list_page(request, CONTRACTS, "sales/contracts.html")


@requires(VIEW_CONTRACT)
def contract(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """One contract with its payments."""
    return contract_page(request, contract_id)


@requires(CHANGE_CONTRACT, methods=("POST",))
def pay(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Record a payment."""
    row = get_object_or_404(Contract.objects.visible_with(actor_of(request), CHANGE_CONTRACT), pk=contract_id)
    form = PaymentForm(request.POST, parts=current_instalments(row, actor_of(request)))
    if form.is_valid():
        try:
            receive_payment(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The payment is recorded."))
            return go_to(request, reverse("sales:contract", args=[row.pk]))
    return contract_page(request, contract_id, form=form, status=REFUSED)


@requires(CHANGE_CONTRACT, methods=("POST",))
def cancel(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Cancel a contract."""
    row = get_object_or_404(Contract.objects.visible_with(actor_of(request), CHANGE_CONTRACT), pk=contract_id)
    return _act(
        request, row, cancel_contract, gettext("The contract is cancelled; the home is for sale again.")
    )


def _act(request: HttpRequest, row: Contract, act: Callable[..., Contract], said: str) -> HttpResponse:
    try:
        act(row, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return go_to(request, reverse("sales:contract", args=[row.pk]))


@requires(CHANGE_CONTRACT, methods=("GET", "HEAD", "POST"))
def sign(request: HttpRequest, unit_id: UUID, customer_id: UUID) -> HttpResponse:
    """Sell a home to a customer."""
    actor = actor_of(request)
    units = Unit.objects.visible_to(actor).visible_with(actor, CHANGE_CONTRACT).with_place()
    unit = get_object_or_404(units, pk=unit_id)
    customer = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    form = ContractForm(request.POST or None, initial={"signed_date": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            row = sign_contract(unit, actor=actor, customer=customer, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The contract is recorded."))
            return go_to(request, reverse("sales:contract", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "sales/sign.html", {"unit": unit, "customer": customer, "form": form}, status=status)


def contract_page(
    request: HttpRequest, contract_id: UUID, *, status: int = SUCCESS, **sent: forms.Form
) -> HttpResponse:
    """Answer with the page of a contract; `sent` are forms that did not hold, by their name on the page."""
    actor, today = actor_of(request), timezone.localdate()
    found = contract_list(actor, ContractFilters()).select_related("org_unit", "replaces")
    row = get_object_or_404(found, pk=contract_id)
    shown = plan_of(row, actor, today)
    parts = [line.row for line in shown.lines] if shown else []
    loans = loans_of(row, parts, actor, today)
    following = loans.current.following if loans.current else None
    settlement = [] if row.is_live else list(row.settlement.order_by("id"))
    kept = sum((line.amount for line in settlement if line.kind != SettlementLine.Kind.REFUND), Decimal(0))
    context = {
        "contract": row,
        "payments": row.payments.order_by("-paid_date", "-id"),
        "settlement": settlement,
        "to_pay_back": row.received - kept,  # type: ignore[attr-defined]
        "versions": row.versions.order_by("-version") if row.version > 1 else (),
        "replaced_by": Contract.objects.filter(replaces=row).first() if not row.is_live else None,
        "by_request": by_request_at(row.org_unit),
        "shown": shown,
        "parts": parts,
        "loans": loans,
        "form": PaymentForm(initial={"paid_date": today}, parts=parts),
        "filing_form": FilingForm(),
        "loan_form": LoanForm(),
        "step_form": LoanStepForm(step=following or ""),
        "end_form": EndLoanForm(),
        "texts_url": _from_above("contract_texts:of_contract", row.pk),
        "told_url": _from_above("promises:told", row.pk),
        "changes_url": _from_above("contract_changes:of_contract", row.pk),
        "reminders_url": _from_above("payment_reminders:of_contract", row.pk),
        **sent,
    }
    return page(request, "sales/contract.html", context, status=status)


def _from_above(name: str, contract_id: UUID) -> str:
    """Return the address of a card that an app above provides, nothing without such an app."""
    try:
        return reverse(name, args=[contract_id])
    except NoReverseMatch:
        return ""

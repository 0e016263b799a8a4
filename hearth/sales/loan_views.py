"""Filing a contract, and its mortgage loan step by step; all of it is shown on the page of the contract."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, go_to
from hearth.core.permissions import actor_of, requires
from hearth.sales.loan_forms import EndLoanForm, FilingForm, LoanForm, LoanStepForm
from hearth.sales.models import Contract, Loan, LoanStep
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.sales.services import begin_loan, end_loan, file_contract, move_loan
from hearth.sales.views import contract_page


@requires(CHANGE_CONTRACT, methods=("POST",))
def file(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Record that a contract was filed online."""
    actor, row = actor_of(request), _contract(request, contract_id)
    form = FilingForm(request.POST)
    return _done_or_shown(
        request,
        row.pk,
        "filing_form",
        form,
        lambda: file_contract(row, actor=actor, now=timezone.now(), **form.cleaned_data),
    )


@requires(CHANGE_CONTRACT, methods=("POST",))
def begin(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Record that a loan was applied for."""
    actor, row = actor_of(request), _contract(request, contract_id)
    form = LoanForm(request.POST)
    return _done_or_shown(
        request,
        row.pk,
        "loan_form",
        form,
        lambda: begin_loan(row, form.loan(), actor=actor, now=timezone.now()),
    )


@requires(CHANGE_CONTRACT, methods=("POST",))
def move(request: HttpRequest, loan_id: UUID, step: str) -> HttpResponse:
    """Record the next step of a loan."""
    if step not in LoanStep.Step.values:
        raise Http404
    actor, row = actor_of(request), _loan(request, loan_id)
    form = LoanStepForm(request.POST, step=step)
    return _done_or_shown(
        request,
        row.contract_id,
        "step_form",
        form,
        lambda: move_loan(row, step, actor=actor, now=timezone.now(), **form.cleaned_data),
    )


@requires(CHANGE_CONTRACT, methods=("POST",))
def end(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Give a loan up."""
    actor, row = actor_of(request), _loan(request, loan_id)
    form = EndLoanForm(request.POST)
    return _done_or_shown(
        request,
        row.contract_id,
        "end_form",
        form,
        lambda: end_loan(row, actor=actor, now=timezone.now(), **form.cleaned_data),
    )


def _contract(request: HttpRequest, contract_id: UUID) -> Contract:
    return get_object_or_404(
        Contract.objects.visible_with(actor_of(request), CHANGE_CONTRACT), pk=contract_id
    )


def _loan(request: HttpRequest, loan_id: UUID) -> Loan:
    return get_object_or_404(Loan.objects.visible_with(actor_of(request), CHANGE_CONTRACT), pk=loan_id)


def _done_or_shown(
    request: HttpRequest, contract_id: UUID, name: str, form: forms.Form, act: Callable[[], object]
) -> HttpResponse:
    """Do what a form that holds asks for, and lead to the contract; else show its page with the form."""
    if form.is_valid():
        try:
            act()
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("It is recorded."))
            return go_to(request, reverse("sales:contract", args=[contract_id]))
    return contract_page(request, contract_id, status=REFUSED, **{name: form})

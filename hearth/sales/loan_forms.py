"""What a person enters about filing and mortgage loans."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.forms import FIGURE, TEXT, DayInput, OwnIds
from hearth.sales.models import Loan, LoanStep
from hearth.sales.services import NewLoan

WITH_AMOUNT = (LoanStep.Step.APPROVED, LoanStep.Step.RELEASED)


class FilingForm(OwnIds):
    """Under which number a contract was filed online, and when."""

    filing_number = forms.CharField(label=_("Filing number"), max_length=60, widget=forms.TextInput(TEXT))
    filed_date = forms.DateField(
        label=pgettext_lazy("contract", "Filed on"), initial=localdate, widget=DayInput()
    )


class LoanForm(OwnIds):
    """An application for a loan."""

    bank = forms.CharField(label=pgettext_lazy("loan", "Bank"), max_length=80, widget=forms.TextInput(TEXT))
    kind = forms.ChoiceField(
        label=pgettext_lazy("loan", "Kind"),
        choices=Loan.Kind.choices,
        widget=forms.Select({"class": "form-select"}),
    )
    amount = forms.DecimalField(
        label=_("Amount, ¥"), max_digits=14, decimal_places=2, widget=forms.NumberInput(FIGURE)
    )
    applied_date = forms.DateField(
        label=pgettext_lazy("loan", "Applied on"), initial=localdate, widget=DayInput()
    )

    def loan(self) -> NewLoan:
        return NewLoan(**self.cleaned_data)


class LoanStepForm(OwnIds):
    """The next step of a loan; an amount where the bank approves or releases."""

    done_date = forms.DateField(label=pgettext_lazy("loan", "Done on"), initial=localdate, widget=DayInput())
    amount = forms.DecimalField(
        label=_("Amount, ¥"),
        required=False,
        max_digits=14,
        decimal_places=2,
        help_text=_("Left empty, it is what was applied for or approved."),
        widget=forms.NumberInput(FIGURE),
    )

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step not in WITH_AMOUNT:
            del self.fields["amount"]


class EndLoanForm(OwnIds):
    """Why a loan is given up."""

    because = forms.CharField(
        label=pgettext_lazy("loan", "Why it is given up"), max_length=300, widget=forms.TextInput(TEXT)
    )

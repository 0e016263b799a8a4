"""Forms of the contract pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.forms import DayInput
from hearth.sales.models import Instalment


class ContractForm(forms.Form):
    """A new contract for a home."""

    number = forms.CharField(
        label=_("Contract number"), max_length=60, widget=forms.TextInput({"class": "form-control"})
    )
    signed_date = forms.DateField(label=_("Signed on"), widget=DayInput())
    total_amount = forms.DecimalField(
        label=_("Total, ¥"),
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput({"class": "form-control", "inputmode": "decimal", "step": "0.01"}),
    )


class PaymentForm(forms.Form):
    """Money received for a contract; a minus sign pays back."""

    receipt_number = forms.CharField(
        label=_("Receipt number"), max_length=60, widget=forms.TextInput({"class": "form-control"})
    )
    paid_date = forms.DateField(label=_("Paid on"), widget=DayInput())
    amount = forms.DecimalField(
        label=_("Amount, ¥"),
        max_digits=14,
        decimal_places=2,
        help_text=_("A negative amount is paid back."),
        widget=forms.NumberInput({"class": "form-control", "inputmode": "decimal", "step": "0.01"}),
    )
    instalment = forms.ModelChoiceField(
        label=pgettext_lazy("payment", "For the instalment"),
        queryset=Instalment.objects.none(),
        required=False,
        empty_label=pgettext_lazy("payment", "the oldest due first"),
        widget=forms.Select({"class": "form-select"}),
    )

    def __init__(self, *args: Any, parts: Sequence[Instalment] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if parts:
            rows = Instalment.objects.filter(pk__in=[each.pk for each in parts]).order_by("position")
            self.fields["instalment"].queryset = rows  # type: ignore[attr-defined]
        else:
            del self.fields["instalment"]

"""What a person enters about commissions."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.brokers.models import CommissionRule, Partner
from hearth.brokers.permissions import CHANGE_COMMISSION
from hearth.brokers.services import NewRule
from hearth.core.actor import Actor
from hearth.core.forms import SELECT, TEXT, OwnIds, day, words
from hearth.properties.models import Project


class RuleForm(forms.Form):
    """A version of a rule of commission."""

    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), widget=forms.Select(SELECT)
    )
    partner = forms.ModelChoiceField(
        label=pgettext_lazy("broker", "Partner"),
        queryset=Partner.objects.none(),
        required=False,
        widget=forms.Select(SELECT),
        help_text=pgettext_lazy("commission", "Empty: every partner without a rule of their own."),
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("commission", "Pays"),
        choices=CommissionRule.Kind.choices,
        widget=forms.Select(SELECT),
    )
    steps = forms.CharField(
        label=pgettext_lazy("commission", "From deal: rate"),
        max_length=500,
        widget=forms.Textarea({**TEXT, "rows": 3}),
        help_text=pgettext_lazy(
            "commission",
            "One line for each step, for example “1: 1.5” and below it “6: 2”. One rate alone holds for all.",
        ),
    )
    payable_percent = forms.DecimalField(
        label=pgettext_lazy("commission", "Payable once so many percent were received"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        initial=30,
        widget=forms.NumberInput({**TEXT, "step": "0.01"}),
    )
    valid_from_date = day(pgettext_lazy("commission", "Valid from"), initial=localdate)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = Project.objects.visible_to(actor).visible_with(actor, CHANGE_COMMISSION)
        self.fields["project"].queryset = projects.select_related("org_unit").order_by("name", "id")  # type: ignore[attr-defined]
        partners = Partner.objects.visible_to(actor).select_related("org_unit").order_by("name", "id")
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]

    def clean_steps(self) -> list[tuple[int, Decimal]]:
        """Read the lines; what they pay is checked where the rule is written."""
        lines = [line for line in self.cleaned_data["steps"].replace("：", ":").splitlines() if line.strip()]
        try:
            return [_step(line) for line in lines]
        except (ValueError, InvalidOperation) as error:
            message = pgettext_lazy("commission", "Write in each line a deal, a colon and a rate.")
            raise forms.ValidationError(message) from error

    def rule(self) -> NewRule:
        given = dict(self.cleaned_data)
        del given["project"]
        return NewRule(**given)


def _step(line: str) -> tuple[int, Decimal]:
    deal, colon, rate = line.partition(":")
    found = Decimal((rate if colon else deal).strip())
    if not found.is_finite():
        raise InvalidOperation
    return (int(deal) if colon else 1), found


class ReturnForm(OwnIds):
    """Why a sheet is sent back."""

    because = words(pgettext_lazy("second person", "What must be changed"), 500)


class PaymentForm(OwnIds):
    """By what a sheet was paid, and when."""

    payment_number = words(pgettext_lazy("commission sheet", "Number of the payment"), 60)
    paid_date = day(pgettext_lazy("commission sheet", "Paid"), initial=localdate)

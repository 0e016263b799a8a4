"""What a person enters about consent."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hearth.customers.models import Customer
from hearth.customers.origins import Basis
from hearth.privacy.models import Consent, Purpose
from hearth.privacy.selectors import household_of
from hearth.privacy.services import PurposeTerms


class ConsentForm(forms.Form):
    """One decision, with how the customer told us."""

    purpose_code = forms.ChoiceField(label=_("Purpose"), widget=forms.Select(attrs={"class": "form-select"}))
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=Consent.Channel.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=Consent.Decision.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    how = forms.CharField(
        label=_("How the customer told us"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("For example: signed form at the sales office, phone call of today."),
    )

    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("Where the proof is kept: the number of a form or of a recording."),
    )
    evidence_file = forms.FileField(
        label=_("Scan or photo"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text=_("What the customer signed: PDF, PNG or JPEG, at most 10 MB."),
    )
    guardian = forms.ModelChoiceField(
        label=_("Guardian"),
        queryset=Customer.objects.none(),
        required=False,
        empty_label=_("none"),
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("For a child under 14: the adult of the household who decided."),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "consent_%s"  # the page has other fields of these names
        self.fields["guardian"].queryset = household_of(customer)  # type: ignore[attr-defined]
        suffix = "zh" if (get_language() or "").startswith("zh") else "en"
        purposes = Purpose.objects.filter(needs_consent=True).order_by("id")
        self.fields["purpose_code"].choices = list(  # type: ignore[attr-defined]
            purposes.values_list("code", f"name_{suffix}")
        )

    def decision_values(self) -> dict[str, Any]:
        """Return what the valid form says, as `NewConsent` takes it."""
        values = dict(self.cleaned_data)
        guardian = values.pop("guardian")
        return {**values, "guardian_id": guardian.pk if guardian else None}


class ProfilingForm(forms.Form):
    """A refusal of profiling, or its end, with how the customer told us."""

    decision = forms.ChoiceField(choices=Consent.Decision.choices, widget=forms.HiddenInput())
    how = forms.CharField(
        label=_("How the customer told us"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("Where the proof is kept: the number of a form or of a recording."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "profiling_%s"  # the page has other fields of these names


class PurposeForm(forms.Form):
    """What a purpose says and allows."""

    text_zh = forms.CharField(
        label=_("Chinese text"), widget=forms.Textarea({"class": "form-control", "rows": 4})
    )
    text_en = forms.CharField(
        label=_("English text"), widget=forms.Textarea({"class": "form-control", "rows": 4})
    )
    legal_basis = forms.ChoiceField(
        label=_("Legal basis"),
        choices=[choice for choice in Basis.choices if choice[0] not in (Basis.UNKNOWN, Basis.NONE)],
        widget=forms.Select({"class": "form-select"}),
        help_text=_("Where it is consent, nobody is contacted for this purpose without it."),
    )
    is_sensitive = forms.BooleanField(
        label=_("Uses sensitive data"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
        help_text=_("Customers are then asked for this purpose by itself, never together with others."),
    )
    retention_days = forms.IntegerField(
        label=_("Kept for, days"),
        min_value=1,
        max_value=36_500,
        widget=forms.NumberInput({"class": "form-control"}),
    )
    asks_anew = forms.BooleanField(
        label=_("Ask customers anew"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
        help_text=_(
            "Not the words alone but the purpose is another one: consent given so far holds no longer."
        ),
    )

    def terms(self) -> PurposeTerms:
        """Return what the valid form says."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "asks_anew"}
        return PurposeTerms(**given)

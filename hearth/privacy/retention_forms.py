"""How long a kind of data is kept, as a person enters it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.core.retention import KeptKind, Way
from hearth.privacy.models import RetentionRule
from hearth.privacy.services.retention import RuleTerms


class RetentionForm(forms.ModelForm):  # type: ignore[type-arg]
    """One rule; only the ways that the kind knows are offered."""

    class Meta:
        model = RetentionRule
        fields = ("months", "way", "basis_zh", "basis_en", "is_active")
        widgets = {
            "months": forms.NumberInput({"class": "form-control", "min": 1, "max": 1200}),
            "way": forms.Select({"class": "form-select"}),
            "basis_zh": forms.TextInput({"class": "form-control"}),
            "basis_en": forms.TextInput({"class": "form-control"}),
            "is_active": forms.CheckboxInput({"class": "form-check-input"}),
        }
        help_texts = {"is_active": _("From the next night on. Look first at what would go.")}

    def __init__(self, *args: Any, kind: KeptKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(way.value, way.label) for way in Way if way in kind.ways]
        self.fields["way"].choices = ways  # type: ignore[attr-defined]
        self.fields["months"].min_value = 1  # type: ignore[attr-defined]

    def clean_months(self) -> int:
        months: int = self.cleaned_data["months"]
        if not 1 <= months <= 1_200:
            raise forms.ValidationError(_("Between one month and a hundred years."))
        return months

    def terms(self) -> RuleTerms:
        """Return what the valid form says."""
        return RuleTerms(**{name: self.cleaned_data[name] for name in self._meta.fields or ()})

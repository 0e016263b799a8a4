"""What a person enters about consent."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hearth.privacy.models import Consent, Purpose


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "consent_%s"  # the page has other fields of these names
        suffix = "zh" if (get_language() or "").startswith("zh") else "en"
        purposes = Purpose.objects.filter(needs_consent=True).order_by("id")
        self.fields["purpose_code"].choices = list(  # type: ignore[attr-defined]
            purposes.values_list("code", f"name_{suffix}")
        )

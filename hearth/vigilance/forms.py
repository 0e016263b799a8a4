"""What a person enters about rules and canaries."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.vigilance.models import AlarmRule
from hearth.vigilance.services import RuleTerms


def _number(**limits: Any) -> forms.NumberInput:
    return forms.NumberInput({"class": "form-control", **limits})


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """When a rule raises an alarm."""

    class Meta:
        model = AlarmRule
        fields = ("window_minutes", "at_least", "own_factor", "peer_factor", "is_active")
        widgets = {
            "window_minutes": _number(min=1, max=1440),
            "at_least": _number(min=1),
            "own_factor": _number(min=0, step="any"),
            "peer_factor": _number(min=0, step="any"),
            "is_active": forms.CheckboxInput({"class": "form-check-input"}),
        }

    def terms(self) -> RuleTerms:
        """Return what was entered."""
        return RuleTerms(**self.cleaned_data)


class CanaryForm(forms.Form):
    """A customer, named by number."""

    number = forms.IntegerField(label=_("Number of the customer"), min_value=1, widget=_number(min=1))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_number(self) -> Customer:
        """Return the customer of the number.

        :raises ValidationError: if the reader sees none
        """
        found = Customer.objects.visible_to(self.actor).filter(number=self.cleaned_data["number"]).first()
        if found is None:
            raise forms.ValidationError(_("There is no customer of this number."))
        return found

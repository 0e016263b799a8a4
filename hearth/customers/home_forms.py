"""Forms for what a customer is to a home."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.core.forms import SELECT, TEXT
from hearth.customers.forms import DayInput
from hearth.customers.models import UnitRole


class HomeRoleForm(forms.Form):
    """A role on a home to begin."""

    home = forms.CharField(
        label=_("Home"),
        max_length=100,
        widget=forms.TextInput({**TEXT, "autocomplete": "off"}),
        help_text=_("Project, building and number, for example: 7-2-1203."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=UnitRole.Role.choices, widget=forms.Select(SELECT))
    valid_from = forms.DateField(label=_("From"), required=False, widget=DayInput())


class CorrectionForm(forms.Form):
    """What a role on a home really is, and why what was recorded is wrong."""

    kind = forms.ChoiceField(label=_("Role"), choices=UnitRole.Role.choices, widget=forms.Select(SELECT))
    valid_from = forms.DateField(label=_("From"), required=False, widget=DayInput())
    valid_to = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DayInput(),
        help_text=_("The first day on which it holds no more."),
    )
    reason = forms.CharField(label=_("Why"), required=False, max_length=200, widget=forms.TextInput(TEXT))

    @classmethod
    def of(cls, role: UnitRole, values: Any = None) -> "CorrectionForm":
        """Return the form filled with what is recorded."""
        initial = {"kind": role.role, "valid_from": role.valid_from, "valid_to": role.valid_to}
        return cls(values, initial=initial)


class TwoDaysForm(forms.Form):
    """The day somebody asks about, and the day whose knowledge counts."""

    on = forms.DateField(label=_("Who was here on"), required=False, widget=DayInput())
    known_on = forms.DateField(label=_("As known on"), required=False, widget=DayInput())

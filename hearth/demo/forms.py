"""Choosing the size of the sample."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.demo.city import SMALLEST
from hearth.demo.services import LARGEST


class LoadForm(forms.Form):
    """How many households."""

    households = forms.IntegerField(
        label=_("Households"), min_value=SMALLEST, max_value=LARGEST, initial=2_000
    )
    is_forced = forms.BooleanField(label=_("Load beside real customers"), required=False)

"""Which figures a person asks for."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.forms import SELECT
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project
from hearth.sales_figures.funnel import PARTINGS, Asked
from hearth.sales_figures.permissions import VIEW_SALES_FIGURES

USUAL_DAYS, MOST_DAYS = 90, 1_100


class FunnelForm(forms.Form):
    """The days, the place and the project of the leads, and by what they are parted."""

    by = forms.ChoiceField(choices=[(each.code, each.label) for each in PARTINGS.values()], required=False)
    first_date = forms.DateField(label=_("From"), required=False)
    last_date = forms.DateField(label=_("Until"), required=False)
    place = forms.ModelChoiceField(
        label=_("Place"), queryset=OrgUnit.objects.none(), required=False, widget=forms.Select(SELECT)
    )
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), required=False, widget=forms.Select(SELECT)
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_date", "last_date"):
            self.fields[name].widget = forms.DateInput(
                {"class": "form-control", "type": "date"}, format="%Y-%m-%d"
            )
        places = OrgUnit.objects.visible_with(actor, VIEW_SALES_FIGURES).for_records()
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        projects = Project.objects.visible_with(actor, VIEW_SALES_FIGURES).order_by("name", "id")
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Put the usual days where none are named, and refuse a span that is none or too long."""
        given = super().clean() or {}
        given["last_date"] = given.get("last_date") or localdate()
        given["first_date"] = given.get("first_date") or given["last_date"] - timedelta(days=USUAL_DAYS - 1)
        days = (given["last_date"] - given["first_date"]).days
        if days < 0:
            self.add_error("last_date", _("The last day lies before the first."))
        elif days > MOST_DAYS:
            self.add_error("first_date", pgettext_lazy("funnel", "Ask for at most three years at once."))
        return given

    def asked(self) -> Asked:
        """Return what is asked for; of the usual days where something is not valid."""
        if self.is_valid():
            given = self.cleaned_data
            return Asked(given["first_date"], given["last_date"], given["place"], given["project"])
        today = localdate()
        return Asked(today - timedelta(days=USUAL_DAYS - 1), today)

    @property
    def parting(self) -> str:
        """By what the leads are parted."""
        return self.cleaned_data.get("by") or "source" if self.is_bound else "source"

"""Forms of this app."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.channels.models import TextTemplate
from hearth.channels.services.templates import TemplateText
from hearth.organization.models import OrgUnit

TEXT = {"class": "form-control", "autocomplete": "off"}


class TemplateForm(forms.Form):
    """A text template; its place is chosen once."""

    org_unit = forms.ModelChoiceField(
        label=_("Place"),
        queryset=OrgUnit.objects.none(),
        widget=forms.Select({"class": "form-select"}),
        help_text=_("It is offered for customers of this place and of those below."),
    )
    name = forms.CharField(
        label=pgettext_lazy("template", "Name"), max_length=60, widget=forms.TextInput(TEXT)
    )
    body = forms.CharField(label=_("Text"), max_length=2_000, widget=forms.Textarea({**TEXT, "rows": 6}))
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )

    def __init__(
        self, *args: Any, places: QuerySet[OrgUnit], template: TextTemplate | None = None, **kwargs: Any
    ) -> None:
        if template:
            names = ("name", "body", "is_active")
            kwargs["initial"] = {name: getattr(template, name) for name in names}
        super().__init__(*args, **kwargs)
        if template:
            del self.fields["org_unit"]
        else:
            place: Any = self.fields["org_unit"]
            place.queryset = places

    def text(self) -> TemplateText:
        """Return what the valid form says."""
        given = self.cleaned_data
        return TemplateText(given["name"], given["body"], given["is_active"])

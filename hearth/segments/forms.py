"""The form of a segment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.segments.permissions import CHANGE_SEGMENT

LONGEST_RULE = 50_000


class SegmentForm(forms.Form):
    """Name, place and rule; the rule is JSON that the editor writes."""

    name = forms.CharField(
        label=_("Name of the segment"), max_length=80, widget=forms.TextInput({"class": "form-control"})
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=300,
        required=False,
        widget=forms.TextInput({"class": "form-control"}),
    )
    org_unit = forms.ModelChoiceField(
        OrgUnit.objects.none(),
        label=_("Place"),
        empty_label=None,
        widget=forms.Select({"class": "form-select"}),
    )
    rule = forms.JSONField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, actor: Actor, place: OrgUnit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["org_unit"]
        scope = actor.scope(CHANGE_SEGMENT)
        places = OrgUnit.objects.for_records()
        if not scope.everywhere:
            places = places.filter(pk__in=scope.org_unit_ids)
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (tells the type checker)
        field.queryset = OrgUnit.objects.filter(pk=place.pk) if place else places

    def clean_rule(self) -> Any:
        rule = self.cleaned_data["rule"]
        if len(str(rule)) > LONGEST_RULE:
            raise forms.ValidationError(_("This rule is too long."))
        return rule

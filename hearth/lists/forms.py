"""Forms of saved views, and of a field that is edited where it is shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.conflicts import one_line_end, remember_seen, seen_in
from hearth.core.versions import version_of
from hearth.lists.definitions import EditableField
from hearth.lists.models import SavedView
from hearth.lists.permissions import SHARE_VIEW
from hearth.organization.models import OrgUnit


class ViewForm(forms.Form):
    """Name and readers of a view; who may share nowhere is asked for the name alone."""

    name = forms.CharField(
        label=_("Name of the view"),
        max_length=80,
        widget=forms.TextInput({"class": "form-control", "autofocus": True}),
    )
    visibility = forms.ChoiceField(
        label=_("Who sees it"),
        choices=SavedView.Visibility.choices,
        initial=SavedView.Visibility.PRIVATE,
        widget=forms.Select({"class": "form-select"}),
        help_text=_("Everybody sees the rows that they may see, whoever saved the view."),
    )
    org_unit = forms.ModelChoiceField(
        label=_("Place"),
        queryset=OrgUnit.objects.none(),
        required=False,
        empty_label=_("Choose a place"),
        widget=forms.Select({"class": "form-select"}),
    )
    is_locked = forms.BooleanField(
        label=_("Only I may change it"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["org_unit"]
        places.queryset = (
            OrgUnit.objects.visible_with(actor, SHARE_VIEW).filter(is_active=True).in_tree_order()
        )
        if not actor.can(SHARE_VIEW):
            for name in ("visibility", "org_unit", "is_locked"):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """Return what the services take."""
        alone = {"visibility": SavedView.Visibility.PRIVATE, "org_unit": None, "is_locked": False}
        return {**alone, **self.cleaned_data}


class FieldForm(forms.Form):
    """One field of one row, with the value and the version that the person saw."""

    version = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, sent: Any = None, *, field: EditableField[Any], row: Any, actor: Actor) -> None:
        initial = {"value": field.read(row), "version": version_of(row)}
        super().__init__(sent, initial=initial, auto_id="edit_%s")
        control = remember_seen(field.control(row, actor))
        control.label = str(field.label)
        self.fields["value"] = control

    @property
    def seen(self) -> Any:
        """Return the value the person saw; of a valid form."""
        return seen_in(self)["value"]

    def clean_value(self) -> Any:
        return one_line_end(self.cleaned_data["value"])

"""Forms of custom fields: their definitions, and their values on a record."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hearth.core.forms import SELECT, tick
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.objects import custom_objects
from hearth.custom_fields.selectors import FieldValue
from hearth.custom_fields.services import FieldValues
from hearth.custom_fields.values import name_of
from hearth.organization.models import OrgUnit, Role

TEXT = {"class": "form-control", "autocomplete": "off"}
Kind = FieldDefinition.Kind


def _text(label: Any, length: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.TextInput(TEXT), help_text=hint)


def _bound(label: Any) -> forms.DecimalField:
    widget = forms.NumberInput({**TEXT, "step": "any"})
    return forms.DecimalField(label=label, required=False, max_digits=16, decimal_places=2, widget=widget)


def _roles() -> list[tuple[str, str]]:
    return [(role.code, str(role)) for role in Role.objects.order_by("id")]


def _some_roles(label: Any, hint: Any) -> forms.MultipleChoiceField:
    widget = forms.SelectMultiple({**SELECT, "size": "6"})
    return forms.MultipleChoiceField(
        label=label, required=False, choices=_roles, widget=widget, help_text=hint
    )


class DefinitionForm(forms.Form):
    """What defines a field. Object, key, kind, place and sealing are chosen once."""

    object_code = forms.ChoiceField(
        label=_("Object"),
        choices=lambda: [(each.code, each.label) for each in custom_objects.values()],
        widget=forms.Select(SELECT),
    )
    org_unit = forms.ModelChoiceField(
        label=_("Place"),
        queryset=OrgUnit.objects.none(),
        widget=forms.Select(SELECT),
        help_text=_("Records of this place and of those below have the field."),
    )
    key = _text(_("Key"), 40, _("Small letters, digits and _; files and programs name the field by it."))
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.Select(SELECT))
    is_sensitive = tick(
        _("Sensitive"), help_text=_("Kept encrypted; it can be neither searched nor filtered.")
    )
    name_zh = _text(_("Chinese name"), 60)
    name_en = _text(_("English name"), 60)
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea({**TEXT, "rows": 4}),
        help_text=_("One a line, for the kinds “one of several” and “some of several”."),
    )
    minimum = _bound(_("At least"))
    maximum = _bound(_("At most"))
    is_required = tick(_("Required"))
    view_roles = _some_roles(_("Roles that see it"), _("None chosen: whoever sees the record."))
    change_roles = _some_roles(_("Roles that change it"), _("None chosen: whoever changes the record."))
    position = forms.IntegerField(
        label=_("Order on the page"),
        min_value=0,
        max_value=1_000,
        initial=100,
        widget=forms.NumberInput(TEXT),
    )
    is_active = tick(_("In use"))

    def __init__(
        self, *args: Any, places: QuerySet[OrgUnit], definition: FieldDefinition | None = None, **kwargs: Any
    ) -> None:
        if definition:
            names = FieldValues.__dataclass_fields__
            kwargs["initial"] = {name: getattr(definition, name) for name in names}
            kwargs["initial"]["choices"] = "\n".join(definition.choices)
        else:
            kwargs["initial"] = {"is_active": True}
        super().__init__(*args, **kwargs)
        place: Any = self.fields["org_unit"]
        place.queryset = places
        if definition:
            for name in ("object_code", "org_unit", "key", "kind", "is_sensitive"):
                del self.fields[name]

    def clean_choices(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def stated(self, definition: FieldDefinition | None = None) -> FieldValues:
        """Return what the valid form says, with what the definition keeps."""
        fixed = (
            {name: getattr(definition, name) for name in ("key", "kind", "is_sensitive")}
            if definition
            else {}
        )
        names = FieldValues.__dataclass_fields__
        named = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return FieldValues(**{**named, **fixed})


class ValuesForm(forms.Form):
    """The fields of a record that the person may change; the domain checks their values."""

    def __init__(self, submitted: Any = None, *, values: Sequence[FieldValue]) -> None:
        initial = {each.definition.key: shown_to_control(each.definition, each.value) for each in values}
        super().__init__(submitted, initial=initial, auto_id="custom_%s")
        for each in values:
            self.fields[each.definition.key] = field_of(each.definition)


def shown_to_control(definition: FieldDefinition, value: Any) -> Any:
    """Return a value as its control knows it: words for yes and no, empty for nothing."""
    if value is None:
        return [] if definition.kind == Kind.CHOICES else ""
    if definition.kind == Kind.YES_NO:
        return "yes" if value else "no"
    return value


def field_of(definition: FieldDefinition) -> forms.Field:
    """Return the form field that asks for a value; the domain checks what is given."""
    kind, name = definition.kind, name_of(definition)
    choices = [(choice, choice) for choice in definition.choices]
    if kind == Kind.CHOICES:
        return forms.MultipleChoiceField(
            label=name, required=False, choices=choices, widget=forms.SelectMultiple(SELECT)
        )
    if kind == Kind.CHOICE:
        return _one_of(name, choices)
    if kind == Kind.YES_NO:
        return _one_of(name, [("yes", _("yes")), ("no", _("no"))])
    types = {Kind.DATE: "date", Kind.NUMBER: "number", Kind.MONEY: "number"}
    widget = forms.TextInput({**TEXT, "type": types.get(Kind(kind), "text"), "step": "any"})
    return forms.CharField(label=name, required=False, widget=widget)


def _one_of(label: str, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", "—"), *choices], widget=forms.Select(SELECT)
    )

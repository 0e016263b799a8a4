"""Forms over the organisation."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hearth.accounts.forms import style
from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.permissions import permissions
from hearth.organization.models import OrgUnit, Role
from hearth.organization.permissions import CHANGE_ORGANIZATION
from hearth.organization.settings_catalogue import SettingDefinition


def _day_field(label: Any, *, required: bool) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class RoleChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Roles under their names in the reader's language."""

    def label_from_instance(self, role: Any) -> str:
        return str(role.name_zh if (get_language() or "").startswith("zh") else role.name_en)


class UnitForm(forms.Form):
    """A new unit below another."""

    name = forms.CharField(label=pgettext_lazy("unit", "Name"), max_length=100)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Short and without spaces; files name the unit by it.")
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[choice for choice in OrgUnit.Kind.choices if choice[0] != OrgUnit.Kind.GROUP],
    )
    function = forms.ChoiceField(
        label=_("Function of a department"), required=False, choices=[("", "—"), *OrgUnit.Function.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)


class RenameForm(forms.Form):
    """Another name for a unit."""

    name = forms.CharField(label=pgettext_lazy("unit", "Name"), max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)


class MoveForm(forms.Form):
    """Another place for a unit."""

    parent = forms.ModelChoiceField(label=_("Move below"), queryset=OrgUnit.objects.none())

    def __init__(self, *args: Any, unit: OrgUnit, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = OrgUnit.objects.visible_with(actor, CHANGE_ORGANIZATION).filter(is_active=True)
        choice = self.fields["parent"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101  (declared above)
        choice.queryset = places.exclude(path__startswith=unit.path).in_tree_order()
        style(self)


class AppointForm(forms.Form):
    """A role for a person at a place; the place or the person may be given by the page."""

    user = forms.ModelChoiceField(
        label=_("User name"), queryset=User.objects.none(), to_field_name="username", widget=forms.TextInput
    )
    org_unit = forms.ModelChoiceField(
        label=pgettext_lazy("organisation", "Place"), queryset=OrgUnit.objects.none()
    )
    role = RoleChoice(label=pgettext_lazy("appointment", "Role"), queryset=Role.objects.order_by("id"))
    valid_from = _day_field(pgettext_lazy("appointment", "From"), required=False)
    valid_to = _day_field(pgettext_lazy("appointment", "Until"), required=False)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        today: date,
        user: User | None = None,
        org_unit: OrgUnit | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"initial": {"valid_from": today}, **kwargs})
        people, places = self.fields["user"], self.fields["org_unit"]
        assert isinstance(people, forms.ModelChoiceField)  # noqa: S101  (declared above)
        assert isinstance(places, forms.ModelChoiceField)  # noqa: S101  (declared above)
        if user is None:
            people.queryset = User.objects.active()
        else:
            del self.fields["user"]
        if org_unit is None:
            visible = OrgUnit.objects.visible_with(actor, CHANGE_ORGANIZATION)
            places.queryset = visible.filter(is_active=True).in_tree_order()
        else:
            del self.fields["org_unit"]
        style(self)


class UserForm(forms.Form):
    """A new account."""

    username = forms.CharField(label=_("User name"), max_length=150)
    display_name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(
        label=_("First password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters. Ask the person to change it after the first sign-in."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)


class InviteForm(forms.Form):
    """A new colleague, who chooses the password by mail, with a role at a place."""

    display_name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"), help_text=_("The invitation goes there."))
    username = forms.CharField(label=_("User name"), max_length=150)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    org_unit = forms.ModelChoiceField(
        label=pgettext_lazy("organisation", "Place"), queryset=OrgUnit.objects.none()
    )
    role = RoleChoice(label=pgettext_lazy("appointment", "Role"), queryset=Role.objects.order_by("id"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = self.fields["org_unit"]
        assert isinstance(places, forms.ModelChoiceField)  # noqa: S101  (declared above)
        visible = OrgUnit.objects.visible_with(actor, CHANGE_ORGANIZATION)
        places.queryset = visible.filter(is_active=True).in_tree_order()
        style(self)


class SettingForm(forms.Form):
    """The value of one declared setting, and whether it is fixed below."""

    is_locked = forms.BooleanField(label=_("Fixed for all places below"), required=False)

    def __init__(self, *args: Any, definition: SettingDefinition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _value_field(definition)
        self.order_fields(["value", "is_locked"])
        style(self)


def _value_field(definition: SettingDefinition) -> forms.Field:
    label: Any = definition.label
    if definition.kind == "int":
        return forms.IntegerField(label=label, min_value=definition.minimum, max_value=definition.maximum)
    if definition.kind == "json":
        return forms.JSONField(label=label, widget=forms.Textarea(attrs={"rows": 4}))
    if definition.kind == "choice":
        return forms.ChoiceField(label=label, choices=definition.choices)
    return forms.TypedChoiceField(
        label=label,
        choices=[("True", _("yes")), ("False", _("no"))],
        coerce=lambda text: text == "True",
    )


class CalendarDayForm(forms.Form):
    """One day that differs."""

    day = _day_field(_("Day"), required=True)
    state = forms.ChoiceField(
        label=_("This place"),
        choices=[
            ("working", _("works")),
            ("resting", _("rests")),
            ("inherited", _("follows the calendar above")),
        ],
    )
    reason = forms.CharField(label=_("Reason"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)


class RoleForm(forms.Form):
    """The rights of a role, as ticks, and how its holders sign in."""

    needs_second_step = forms.BooleanField(required=False)

    permissions = forms.MultipleChoiceField(
        required=False, choices=lambda: list(permissions.items()), widget=forms.CheckboxSelectMultiple
    )

"""Forms of webhooks."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.accounts.forms import style
from hearth.core.actor import Actor
from hearth.core.events import event_types
from hearth.organization.models import OrgUnit
from hearth.webhooks.events import EndpointTested
from hearth.webhooks.permissions import MANAGE_WEBHOOK


def type_choices() -> list[tuple[str, str | Promise]]:
    """Return every event that can be sent, by its code."""
    found = [
        (code, event.label or code) for code, event in event_types.items() if code != EndpointTested.type
    ]
    return sorted(found, key=lambda choice: choice[0])


class EndpointForm(forms.Form):
    """Where events go, and which; no event ticked means all."""

    name = forms.CharField(label=_("Which system is it?"), max_length=80)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Each event is posted there. The address must be public and begin with https://."),
    )
    is_full = forms.BooleanField(
        label=_("Send the records too"),
        required=False,
        help_text=_(
            "Otherwise ids and names of fields only, and the system asks for what it needs by the API."
        ),
    )
    types = forms.MultipleChoiceField(
        label=_("Which events?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)
        field = self.fields["types"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (as declared above)
        field.choices = type_choices()
        field.widget.attrs["class"] = "form-check-input"


class NewEndpointForm(EndpointForm):
    """The same, with the place whose events are sent."""

    org_unit = forms.ModelChoiceField(
        OrgUnit.objects.none(),
        label=_("Place"),
        empty_label=None,
        help_text=_("Events at and below this place are sent, as far as you may see them."),
    )
    field_order = ("name", "url", "org_unit", "is_full", "types")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = OrgUnit.objects.visible_with(actor, MANAGE_WEBHOOK)
        field = self.fields["org_unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (as declared above)
        field.queryset = places.for_records()


class ReplayForm(forms.Form):
    """From which moment to which events are sent again."""

    since = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    until = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)

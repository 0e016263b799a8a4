"""What people enter about a folder that files are picked up from."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.forms import CHECK, SELECT, TEXT, tick
from hearth.imports.models import ImportSource
from hearth.imports.permissions import CHANGE_SOURCE
from hearth.imports.selectors import kinds_for, places_for
from hearth.imports.services.sources import SourcePlan
from hearth.organization.models import OrgUnit


class SourceForm(forms.Form):
    """A folder on the server or over SFTP, what its files hold and when they are fetched."""

    name = forms.CharField(label=_("Pick-up"), max_length=80, widget=forms.TextInput(TEXT))
    kind = forms.ChoiceField(label=_("What do the files hold?"), widget=forms.Select(SELECT))
    place = forms.ModelChoiceField(
        OrgUnit.objects.none(), label=_("Where do they belong?"), widget=forms.Select(SELECT)
    )
    way = forms.ChoiceField(
        label=_("Fetched from"), choices=ImportSource.Way.choices, widget=forms.Select(SELECT)
    )
    path = forms.CharField(
        label=_("Folder"),
        max_length=300,
        help_text=_(
            "On the server: the path below the inbox, beginning with the code of the place. Over SFTP: the path as "
            "the server names it."
        ),
        widget=forms.TextInput(TEXT),
    )
    pattern = forms.CharField(
        label=_("File names"),
        max_length=80,
        initial="*.csv",
        help_text=_("* stands for any letters."),
        widget=forms.TextInput(TEXT),
    )
    minutes = forms.IntegerField(
        label=_("Every … minutes"),
        min_value=1,
        max_value=10_080,
        initial=60,
        widget=forms.NumberInput(TEXT),
    )
    host = forms.CharField(label=_("Server"), max_length=200, required=False, widget=forms.TextInput(TEXT))
    port = forms.IntegerField(
        label=_("Port"), min_value=1, max_value=65_535, initial=22, widget=forms.NumberInput(TEXT)
    )
    username = forms.CharField(label=_("User"), max_length=80, required=False, widget=forms.TextInput(TEXT))
    secret = forms.CharField(
        label=_("Password or private key"),
        required=False,
        max_length=20_000,
        help_text=_(
            "Kept sealed and never shown again; leave it empty to keep the present one for the same server and user."
        ),
        widget=forms.Textarea({**TEXT, "rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )
    host_key = forms.CharField(
        label=_("Public key of the server"),
        required=False,
        max_length=5_000,
        help_text=_("As ssh-keyscan prints it, without the name in front: ssh-ed25519 AAAA…"),
        widget=forms.Textarea({**TEXT, "rows": 2, "spellcheck": "false"}),
    )
    good_rows_only = tick(_("import the good rows only"))
    options = forms.MultipleChoiceField(
        label=_("Options"), required=False, widget=forms.CheckboxSelectMultiple(CHECK)
    )
    is_active = tick(_("in use"), initial=True)

    def __init__(self, *args: Any, actor: Actor, source: ImportSource | None = None, **kwargs: Any) -> None:
        if source is not None:
            names = set(self.base_fields) - {"place", "secret", "options"}
            kept = {name: getattr(source, name) for name in names}
            chosen = [name for name, is_on in source.options.items() if is_on]
            kwargs["initial"] = {**kept, "place": source.org_unit_id, "options": chosen}
        super().__init__(*args, **kwargs)
        kinds = kinds_for(actor)
        cast("forms.ChoiceField", self.fields["kind"]).choices = [(kind.code, kind.label) for kind in kinds]
        options = {option.name: f"{kind.label}: {option.label}" for kind in kinds for option in kind.options}
        cast("forms.MultipleChoiceField", self.fields["options"]).choices = list(options.items())
        places = cast("forms.ModelChoiceField[OrgUnit]", self.fields["place"])
        places.queryset = places_for(actor, CHANGE_SOURCE)

    def plan(self) -> SourcePlan:
        """Return what was entered; call it on a valid form."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("place", "options")}
        return SourcePlan(**given, options=dict.fromkeys(self.cleaned_data["options"], True))

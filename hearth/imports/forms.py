"""What people enter about a file."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.imports.files import MAX_BYTES
from hearth.imports.kinds import ImportKind
from hearth.imports.permissions import RUN_IMPORT
from hearth.imports.selectors import kinds_for, places_for
from hearth.organization.models import OrgUnit

ENCODINGS = [("", _("recognise it")), ("utf-8", "UTF-8"), ("gb18030", "GB18030 (GBK)"), ("utf-16", "UTF-16")]


class UploadForm(forms.Form):
    """A file, what it holds and where it belongs."""

    kind = forms.ChoiceField(label=_("What does the file hold?"), widget=forms.RadioSelect)
    place = forms.ModelChoiceField(
        OrgUnit.objects.none(),
        label=_("Where does it belong?"),
        empty_label=_("choose…"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        choices=ENCODINGS,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(
            attrs={"class": "form-control", "accept": ".csv,.txt,.tsv,.xlsx,.ndjson,.jsonl,.parquet,.gz,.zip"}
        ),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a file.")},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds_for(actor)
        choices = cast("forms.ChoiceField", self.fields["kind"])
        places = cast("forms.ModelChoiceField[OrgUnit]", self.fields["place"])
        choices.choices = [(kind.code, kind.label) for kind in self.kinds]
        places.queryset = places_for(actor, RUN_IMPORT)
        only = list(places.queryset[:2])
        if len(only) == 1:
            places.initial = only[0].pk

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 GB. Split it."))
        return upload


def read_mapping(posted: QueryDict, kind: ImportKind) -> dict[str, Mapping[str, str]]:
    """Read the table of sources: `source-<field>` names a column or a way, `value-<field>` goes with the way."""
    mapping: dict[str, Mapping[str, str]] = {}
    for field in kind.fields:
        chosen = posted.get(f"source-{field.name}", "")
        value = posted.get(f"value-{field.name}", "").strip()
        if chosen.startswith("column:"):
            mapping[field.name] = {"column": chosen.removeprefix("column:")}
        elif chosen == "row_number" or (chosen == "constant" and value):
            mapping[field.name] = {chosen: value}
    return mapping

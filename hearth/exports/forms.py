"""What is asked before a list is written to a file."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.exports.models import Export
from hearth.exports.services.asking import LONGEST_REASON, SHORTEST_REASON
from hearth.lists.definitions import Column


class ExportForm(forms.Form):
    """Columns, format and reason; whether the columns are the reader's is asked again by the service."""

    columns = forms.MultipleChoiceField(
        label=pgettext_lazy("export", "Columns"),
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    table_format = forms.ChoiceField(
        label=_("Format"),
        choices=Export.Format.choices,
        initial=Export.Format.XLSX,
        widget=forms.Select({"class": "form-select"}),
        help_text=_(
            "In a workbook phones and long numbers stay as they are; a CSV opened in Excel may lose digits."
        ),
    )
    reason = forms.CharField(
        label=_("What is the file needed for?"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.TextInput({"class": "form-control", "autocomplete": "off"}),
        help_text=_("The reason is kept with your name, the columns and the number of rows."),
    )

    def __init__(
        self, given: QueryDict | None, *, available: Sequence[Column[Any]], shown: Sequence[str]
    ) -> None:
        super().__init__(given, initial={"columns": list(shown)})
        chosen: Any = self.fields["columns"]
        chosen.choices = [(column.key, column.label) for column in available]

"""What a person enters of the letter to those whom an incident touched."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.forms import TEXT
from hearth.registers.forms import AREA, kinds_field
from hearth.registers.letter_text import advice_for, harm_of
from hearth.registers.models import Incident, NoticeLetter
from hearth.registers.services import LetterTerms

LONGEST = 2_000
NAMES = ("data_kinds", "cause", "harm", "measures", "advice", "contact")


def _part(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, required=False, widget=forms.Textarea(AREA), **kwargs
    )


class LetterForm(forms.Form):
    """A draft of the letter, in Chinese as the persons read it."""

    data_kinds = kinds_field()
    cause = _part(
        pgettext_lazy("letter", "What happened, and why"),
        help_text=_("In Chinese, as the persons will read it. Name nobody."),
    )
    harm = _part(
        pgettext_lazy("letter", "Harm that may follow"),
        help_text=_("A proposal by the kinds of data; change it to what is true."),
    )
    measures = _part(pgettext_lazy("letter", "What we did about it"))
    advice = _part(pgettext_lazy("letter", "What the persons can do"))
    contact = forms.CharField(
        label=pgettext_lazy("letter", "Whom to ask"),
        max_length=300,
        required=False,
        widget=forms.TextInput(TEXT),
        help_text=_("Telephone, mail or address of who answers for personal data."),
    )

    @classmethod
    def begin(cls, row: NoticeLetter | None, incident: Incident) -> "LetterForm":
        """Return the draft as it stands, or a proposal by what is known of the incident."""
        if row is not None:
            return cls(initial={name: getattr(row, name) for name in NAMES})
        kinds = incident.data_kinds
        return cls(
            initial={
                "data_kinds": kinds,
                "cause": incident.cause,
                "harm": harm_of(kinds),
                "measures": incident.measures,
                "advice": advice_for(kinds),
            }
        )

    def terms(self) -> LetterTerms:
        """Return what was entered."""
        return LetterTerms(**{name: self.cleaned_data[name] for name in NAMES})

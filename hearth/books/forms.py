"""What a person decides about a book."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.books.models import BookHandover
from hearth.core.forms import SELECT, TEXT
from hearth.core.ownership import holdings
from hearth.organization.models import OrgUnit


class HandoverForm(forms.Form):
    """Whose book goes where; by place, each place has a field of its own."""

    org_unit = forms.ModelChoiceField(
        label=_("Place and all below it"), queryset=OrgUnit.objects.none(), widget=forms.Select(SELECT)
    )
    rule = forms.ChoiceField(label=_("Rule"), choices=BookHandover.Rule.choices, widget=forms.Select(SELECT))
    recipients = forms.ModelMultipleChoiceField(
        label=_("Who gets it"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.SelectMultiple({**SELECT, "size": 8}),
    )
    until_date = forms.DateField(
        label=_("The cover ends on"),
        required=False,
        widget=forms.DateInput({**TEXT, "type": "date"}, format="%Y-%m-%d"),
    )
    holdings = forms.MultipleChoiceField(
        label=_("What goes"), widget=forms.CheckboxSelectMultiple({"class": "form-check-input"})
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=forms.TextInput(TEXT))

    def __init__(self, *args: Any, tops: Any, people: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_unit"].queryset = tops  # type: ignore[attr-defined]
        self.fields["recipients"].queryset = people  # type: ignore[attr-defined]
        self.fields["holdings"].choices = [(code, item.label) for code, item in holdings.items()]  # type: ignore[attr-defined]
        self.places = {f"place_{place.pk}": place for place in places}
        for name, place in self.places.items():
            self.fields[name] = forms.ModelChoiceField(
                label=place.name, queryset=people, required=False, widget=forms.Select(SELECT)
            )

    @property
    def place_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.places]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        rule, named = chosen.get("rule"), chosen.get("recipients") or []
        if rule in (BookHandover.Rule.ONE, BookHandover.Rule.COVER) and len(named) > 1:
            self.add_error("recipients", _("Choose one person."))
        if rule != BookHandover.Rule.PLACE and not named:
            self.add_error("recipients", _("Choose who gets the book."))
        return chosen


class GiveForm(forms.Form):
    """Who gets what has no owner."""

    to_user = forms.ModelChoiceField(
        label=_("Give all on this page to"), queryset=User.objects.none(), widget=forms.Select(SELECT)
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_user"].queryset = people  # type: ignore[attr-defined]

"""Forms for needs and relationships."""

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.field_rules import Access
from hearth.core.forms import SELECT, TEXT
from hearth.customers.origins import Basis, Origin, Purpose, Source
from hearth.families.models import NeedProfile
from hearth.families.services import NeedValues
from hearth.families.words import DIRECTIONS, MOTIVES, SYMMETRIC, VALUE_ELEMENTS

RATINGS = [("", "—"), *[(str(rating), str(rating)) for rating in range(1, 6)]]
REVERSED = "~"
KEPT = "kept"


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(TEXT, format="%Y-%m-%d")


def _figure(label: Any, digits: int) -> forms.DecimalField:
    widget = forms.NumberInput({**TEXT, "step": "any"})
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=digits, decimal_places=2, widget=widget
    )


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.Select(SELECT))


def _plain(value: Any) -> Any:
    """Return a figure without zeros after its point."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _text(label: Any, length: int, hint: Any = "") -> forms.CharField:
    widget = forms.TextInput({**TEXT, "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=length, widget=widget, help_text=hint)


class NeedForm(forms.Form):
    """What a customer looks for; each value element is a field of its own, `rating_<code>`."""

    purpose = _choice(_("Why they buy"), NeedProfile.Purpose.choices)
    budget_from_amount = _figure(_("Budget from, ¥"), 14)
    budget_to_amount = _figure(_("Budget to, ¥"), 14)
    area_from = _figure(_("Area from, m²"), 7)
    area_to = _figure(_("Area to, m²"), 7)
    layout = _text(_("Layout"), 60, _("For example: 3 bedrooms, facing south."))
    timing = _choice(_("When to buy"), NeedProfile.Timing.choices)
    districts = _text(_("Districts"), 200)
    motives = forms.MultipleChoiceField(
        label=_("Motives"),
        required=False,
        choices=list(MOTIVES.items()),
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    ability_to_pay = _choice(_("Ability to pay"), NeedProfile.AbilityToPay.choices)
    income = _choice(_("Income of the family"), NeedProfile.Income.choices)
    decision_makers = _text(_("Who decides"), 200)
    note = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea({**TEXT, "rows": 2}))
    follows = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, income: Access = Access.VISIBLE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if income == Access.HIDDEN:
            del self.fields["income"]
        elif income == Access.MASKED:
            masked = (KEPT, _("••• as it is"))
            self.fields["income"] = _choice(_("Income of the family"), [masked, *NeedProfile.Income.choices])
            self.initial["income"] = KEPT
        for code, label in VALUE_ELEMENTS.items():
            self.fields[f"rating_{code}"] = _choice(label, RATINGS)

    @classmethod
    def of(cls, present: NeedProfile | None, income: Access) -> "NeedForm":
        """Return the form filled with the present version, the income as far as the reader may see it."""
        if present is None:
            return cls(income=income)
        initial = {each.name: _plain(getattr(present, each.name)) for each in fields(NeedValues)}
        initial |= {f"rating_{code}": str(rating) for code, rating in present.value_ratings.items()}
        return cls(initial={**initial, "follows": present.pk}, income=income)

    def ratings(self) -> Iterator[forms.BoundField]:
        """Yield the fields of the value elements, for the template."""
        for code in VALUE_ELEMENTS:
            yield self[f"rating_{code}"]

    def stated(self) -> NeedValues:
        """Return what the valid form says."""
        cleaned = dict(self.cleaned_data)
        ratings = {code: cleaned[f"rating_{code}"] for code in VALUE_ELEMENTS}
        rated = {code: int(rating) for code, rating in ratings.items() if rating}
        named = {each.name: cleaned[each.name] for each in fields(NeedValues) if each.name in cleaned}
        if cleaned.get("income", KEPT) == KEPT:
            named["income"] = None
        return NeedValues(**{**named, "value_ratings": rated})


def _directions() -> list[tuple[str, Any]]:
    """Return each relation in both directions, from the view of the person on the page."""
    choices: list[tuple[str, Any]] = []
    for kind, (forward, backward) in DIRECTIONS.items():
        choices.append((kind, forward))
        if kind not in SYMMETRIC:
            choices.append((f"{kind}{REVERSED}", backward))
    return choices


class RelationshipForm(forms.Form):
    """Somebody related to the customer of the page; `person` is who was chosen among those that `who` means."""

    who = forms.CharField(
        label=_("Who"),
        max_length=60,
        widget=forms.TextInput({**TEXT, "autocomplete": "off"}),
        help_text=_("Name, pinyin, phone, last four digits or customer number."),
    )
    person = forms.UUIDField(required=False)
    what = forms.ChoiceField(
        label=pgettext_lazy("relation", "Is"), choices=_directions, widget=forms.Select(SELECT)
    )
    position = _text(_("Position"), 60, _("At a company, for example: buyer, finance."))
    valid_from = forms.DateField(label=_("Since"), required=False, widget=DayInput())

    def kind(self) -> tuple[str, bool]:
        """Return the kind of the valid form, and whether the customer of the page is the parent, payer, …"""
        chosen: str = self.cleaned_data["what"]
        return chosen.removesuffix(REVERSED), chosen.endswith(REVERSED)


def _known(choices: type[Source | Purpose | Basis]) -> list[tuple[str, Any]]:
    return [("", "—"), *[pair for pair in choices.choices if pair[0]]]


class OriginForm(forms.Form):
    """Source, purpose and right of one item."""

    source = forms.ChoiceField(label=_("Came in by"), choices=_known(Source), widget=forms.Select(SELECT))
    purpose = forms.ChoiceField(label=_("Kept for"), choices=_known(Purpose), widget=forms.Select(SELECT))
    basis = forms.ChoiceField(label=_("Kept by right of"), choices=_known(Basis), widget=forms.Select(SELECT))
    collected_date = forms.DateField(label=_("Collected on"), required=False, widget=DayInput())

    @classmethod
    def of(cls, origin: Origin, *, prefix: str) -> "OriginForm":
        """Return the form filled with what is known; its elements are told apart by `prefix`."""
        initial = {
            "source": origin.source,
            "purpose": origin.purpose,
            "basis": origin.basis,
            "collected_date": origin.collected_date,
        }
        return cls(initial=initial, auto_id=f"origin_{prefix}_%s")

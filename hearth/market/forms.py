"""What a person enters about the market."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.forms import SELECT, TEXT, choice, day, text, words
from hearth.market.models import Competitor, CompetitorPrice, MarketEvent
from hearth.market.permissions import CHANGE_MARKET
from hearth.market.services import AboutCompetitor, AboutEvent, PriceSeen
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project


class _AtPlace(forms.Form):
    org_unit = forms.ModelChoiceField(
        label=_("Place"), queryset=OrgUnit.objects.none(), widget=forms.Select(SELECT)
    )

    def __init__(self, *args: Any, actor: Actor, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            places = OrgUnit.objects.visible_with(actor, CHANGE_MARKET)
            self.fields["org_unit"].queryset = places.for_records()  # type: ignore[attr-defined]
        else:
            del self.fields["org_unit"]


class CompetitorForm(_AtPlace):
    """A competitor, and which own projects it meets."""

    name = words(pgettext_lazy("competitor", "Name of the project"), 120)
    developer = words(pgettext_lazy("competitor", "Developer"), 120, required=False)
    district = words(_("District"), 60, required=False)
    note = words(pgettext_lazy("competitor", "What speaks for it"), 300, required=False)
    projects = forms.ModelMultipleChoiceField(
        label=pgettext_lazy("competitor", "Competes with"),
        queryset=Project.objects.none(),
        widget=forms.SelectMultiple(SELECT),
    )
    is_active = forms.BooleanField(
        label=pgettext_lazy("competitor", "Is watched"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, actor: Actor, competitor: Competitor | None = None, **kwargs: Any) -> None:
        kept = {}
        if competitor:
            names = ("name", "developer", "district", "note", "is_active")
            kept = {name: getattr(competitor, name) for name in names}
            kept["projects"] = list(competitor.rivalries.values_list("project", flat=True))
        super().__init__(*args, **{"initial": kept, **kwargs}, actor=actor, is_new=competitor is None)
        projects = Project.objects.visible_to(actor).visible_with(actor, CHANGE_MARKET)
        self.fields["projects"].queryset = projects.order_by("name", "id")  # type: ignore[attr-defined]

    def about(self) -> AboutCompetitor:
        given = {**self.cleaned_data, "projects": list(self.cleaned_data["projects"])}
        given.pop("org_unit", None)
        return AboutCompetitor(**given)


class PriceForm(forms.Form):
    """A price that was seen."""

    kind = choice(pgettext_lazy("price", "Which price"), CompetitorPrice.Kind.choices, initial="asked")
    observed_date = day(pgettext_lazy("price", "As of"), initial=localdate)
    area_price = forms.DecimalField(
        label=pgettext_lazy("price", "Yuan per m²"),
        max_digits=10,
        decimal_places=2,
        min_value=1,
        widget=forms.NumberInput({**TEXT, "step": "any", "inputmode": "decimal"}),
    )
    source = words(
        pgettext_lazy("price", "Seen where"),
        200,
        help_text=_("Sales office, register of the authority, advertisement."),
    )

    def seen(self) -> PriceSeen:
        return PriceSeen(**self.cleaned_data)


class EventForm(_AtPlace):
    """Something that moves the market."""

    kind = choice(pgettext_lazy("market", "Kind"), MarketEvent.Kind.choices)
    title = words(pgettext_lazy("market", "What happened"), 120)
    effect = choice(pgettext_lazy("market", "Expected effect"), MarketEvent.Effect.choices, initial="open")
    starts_date = day(pgettext_lazy("market", "From"), initial=localdate)
    ends_date = day(pgettext_lazy("market", "Until"), required=False)
    reference = words(pgettext_lazy("market", "Document or source"), 200, required=False)
    note = text(pgettext_lazy("market", "Note"), longest=5_000, required=False)

    def __init__(self, *args: Any, actor: Actor, event: MarketEvent | None = None, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name != "org_unit"]
        kept = {name: getattr(event, name) for name in names} if event else {}
        super().__init__(*args, **{"initial": kept, **kwargs}, actor=actor, is_new=event is None)

    def about(self) -> AboutEvent:
        given = dict(self.cleaned_data)
        given.pop("org_unit", None)
        return AboutEvent(**given)

"""What a person enters about batches and prices."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.forms import SELECT, TEXT, figure, words
from hearth.inventory.models import Hold, PriceList, ReleaseBatch
from hearth.inventory.permissions import CHANGE_INVENTORY
from hearth.inventory.pricing import AMOUNTS, PriceRule
from hearth.inventory.services import BatchTerms, Deposit, HomesWanted, ListTerms
from hearth.properties.models import Building, Entrance, Project

LOCAL = "%Y-%m-%dT%H:%M"


def _floor(label: Any) -> forms.IntegerField:
    widget = forms.NumberInput(TEXT)
    return forms.IntegerField(label=label, required=False, min_value=-20, max_value=300, widget=widget)


class TermsForm(forms.Form):
    """Name, permit and opening of a batch."""

    name = words(pgettext_lazy("release batch", "Name of the batch"), 60)
    permit_number = words(_("Pre-sale permit"), 60, required=False)
    opens_at = forms.DateTimeField(
        label=pgettext_lazy("release batch", "On sale from"),
        required=False,
        input_formats=[LOCAL],
        widget=forms.DateTimeInput({**TEXT, "type": "datetime-local"}, format=LOCAL),
    )

    @classmethod
    def showing(cls, batch: ReleaseBatch) -> "TermsForm":
        """Return the form with what a batch says now."""
        return cls(initial={name: getattr(batch, name) for name in cls.base_fields})

    def terms(self) -> BatchTerms:
        given = self.cleaned_data
        return BatchTerms(given["name"], given["permit_number"], given["opens_at"])


class BeginForm(TermsForm):
    """A new batch: of which project, besides."""

    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), widget=forms.Select(SELECT)
    )
    field_order = ("project", "name", "permit_number", "opens_at")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Project.objects.visible_to(actor).visible_with(actor, CHANGE_INVENTORY)
        self.fields["project"].queryset = places.order_by("name", "id")  # type: ignore[attr-defined]


class HomesForm(forms.Form):
    """Which homes of a building go into a batch."""

    building = forms.ModelChoiceField(
        label=_("Building"), queryset=Building.objects.none(), widget=forms.Select(SELECT)
    )
    entrance = forms.ModelChoiceField(
        label=_("Entrance"), queryset=Entrance.objects.none(), required=False, widget=forms.Select(SELECT)
    )
    lowest_floor = _floor(_("From floor"))
    highest_floor = _floor(_("To floor"))

    def __init__(self, *args: Any, batch: ReleaseBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        buildings = Building.objects.filter(project=batch.project_id).order_by("name", "id")
        entrances = Entrance.objects.filter(building__project=batch.project_id).select_related("building")
        self.fields["building"].queryset = buildings  # type: ignore[attr-defined]
        choice: Any = self.fields["entrance"]
        choice.queryset = entrances.order_by("building__name", "name", "id")
        choice.label_from_instance = lambda row: f"{row.building.name} {row.name}"

    def wanted(self) -> HomesWanted:
        return HomesWanted(**self.cleaned_data)


class ReturnForm(forms.Form):
    """Why something is sent back."""

    because = words(pgettext_lazy("second person", "What must be changed"), 500)


class PricesForm(forms.Form):
    """Base price, rounding and first day of a version."""

    base_amount = figure(pgettext_lazy("price list", "Base price, ¥/m²"), 10, min_value=Decimal("0.01"))
    step = forms.TypedChoiceField(
        label=pgettext_lazy("price list", "Rounded to"),
        choices=PriceList.Step.choices,
        coerce=int,
        widget=forms.Select(SELECT),
    )
    valid_from_date = forms.DateField(
        label=pgettext_lazy("price list", "Valid from"),
        initial=localdate,
        widget=forms.DateInput({**TEXT, "type": "date"}, format="%Y-%m-%d"),
    )


class RuleForm(forms.Form):
    """One rule: of which homes, and what they cost more or less."""

    label = words(pgettext_lazy("price rule", "Reason"), 60, required=False)
    building = words(_("Building"), 60, required=False)
    entrance = words(_("Entrance"), 30, required=False)
    ending = words(pgettext_lazy("price rule", "Room ends with"), 10, required=False)
    layout = words(_("Layout"), 40, required=False)
    orientation = words(_("Orientation"), 20, required=False)
    lowest_floor = _floor(_("From floor"))
    highest_floor = _floor(_("To floor"))
    per_area = figure(pgettext_lazy("price rule", "¥/m²"), 10, required=False)
    per_floor = figure(pgettext_lazy("price rule", "¥/m² a floor"), 10, required=False)
    percent = figure(pgettext_lazy("price rule", "percent of base"), 5, required=False)
    lump = figure(pgettext_lazy("price rule", "¥ in all"), 10, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if any(value not in (None, "") for value in given.values()):
            if not given.get("label"):
                self.add_error("label", _("Say what the rule is for."))
            if not any(given.get(name) for name in AMOUNTS):
                self.add_error("per_area", _("Say what the rule adds."))
        return given

    def rule(self) -> PriceRule | None:
        """Return the rule, nothing for an empty line."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return PriceRule(**given) if given else None


RuleForms = forms.formset_factory(RuleForm, extra=3, max_num=60, validate_max=True)


class PriceForms:
    """The two forms of a version together."""

    def __init__(self, sent: Any = None, *, prices: PriceList | None = None) -> None:
        kept = {name: getattr(prices, name) for name in PricesForm.base_fields} if prices else {}
        self.terms_form = PricesForm(sent, initial=kept)
        self.rule_forms = RuleForms(sent, initial=prices.rules if prices else [], prefix="rule")

    def is_valid(self) -> bool:
        """Check both, so that both say what is wrong."""
        return all([self.terms_form.is_valid(), self.rule_forms.is_valid()])

    @property
    def errors(self) -> bool:
        """Tell whether something that was sent does not hold."""
        return self.terms_form.is_bound and not self.is_valid()

    def terms(self) -> ListTerms:
        given = self.terms_form.cleaned_data
        rules = [rule for form in self.rule_forms if (rule := form.rule())]
        return ListTerms(given["base_amount"], rules, given["step"], given["valid_from_date"])


class WhoForm(forms.Form):
    """A customer, by what a colleague knows of them."""

    who = words(_("Customer"), 60, help_text=_("Name, pinyin, phone, last four digits or customer number."))


class TakeForm(WhoForm):
    """A customer for whom a home is held or reserved, and what they pay for a reservation."""

    deposit_kind = forms.ChoiceField(
        label=_("Deposit"),
        choices=[("", pgettext_lazy("deposit", "none")), *Hold.Deposit.choices],
        required=False,
        widget=forms.Select(SELECT),
        help_text=_(
            "Earnest money stays if the customer steps back too late; sincerity money always goes back."
        ),
    )
    deposit_amount = figure(pgettext_lazy("hold", "Deposit, ¥"), 14, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("deposit_kind")) != (given.get("deposit_amount") is not None):
            self.add_error("deposit_amount", _("A deposit has a kind and an amount: give both or neither."))
        return given

    def deposit(self) -> Deposit | None:
        given = self.cleaned_data
        return Deposit(given["deposit_kind"], given["deposit_amount"]) if given["deposit_kind"] else None


class JoinForm(WhoForm):
    """A customer who gets a number in a queue."""

    amount = figure(
        pgettext_lazy("queue", "Sincerity money, ¥"), 12, required=False, min_value=Decimal("0.01")
    )


class LongerForm(forms.Form):
    """For how long a home is held from now."""

    minutes = forms.IntegerField(
        label=_("Minutes from now"),
        initial=60,
        min_value=1,
        max_value=43_200,
        widget=forms.NumberInput(TEXT),
    )


class CallForm(forms.Form):
    """The last number of the next round."""

    up_to = forms.IntegerField(
        label=pgettext_lazy("opening day", "Call up to number"),
        min_value=1,
        widget=forms.NumberInput(TEXT),
    )


class ChoiceForm(forms.Form):
    """Which number chooses which home."""

    entry = forms.UUIDField()
    unit = forms.UUIDField()

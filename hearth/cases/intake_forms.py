"""Forms of taking a matter in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.forms import CauseChoice
from hearth.cases.models import Case, CaseAccount, Cause
from hearth.cases.services.accounts import Account
from hearth.channels.models import Channel
from hearth.core.forms import SELECT, TEXT, OwnIds, choice, day, text, words
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit

TOLD = tuple(Account.__dataclass_fields__)


class ToldForm(OwnIds):
    """What a customer told beside the words, and what it is about."""

    category = CauseChoice(
        label=pgettext_lazy("case", "Category"),
        queryset=Cause.objects.none(),
        required=False,
        widget=forms.Select(SELECT),
    )
    happened_date = day(_("Day it happened"), required=False)
    spot = words(_("Where exactly"), 120, required=False)
    persons = words(_("Who was concerned"), 200, required=False)
    course = text(_("How it came about"), 3, longest=4000, required=False)
    reason = words(_("Why, as the customer sees it"), 500, required=False)
    demand = choice(_("What the customer asks for"), [("", "—"), *CaseAccount.Demand.choices], required=False)
    demand_note = words(_("The demand in words"), 300, required=False)
    expected_date = day(_("Expected by"), required=False)
    others = words(_("Who else is affected"), 300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Cause.objects.in_use().in_order().select_related("parent")  # type: ignore[attr-defined]

    @property
    def told(self) -> Account:
        """What was told, once the form is valid."""
        return Account(**{name: self.cleaned_data[name] for name in TOLD})

    @property
    def category_id(self) -> int | None:
        category = self.cleaned_data["category"]
        return category.pk if category else None


class AccountForm(ToldForm):
    """Completing what was told of a case."""

    field_order = ("category", *TOLD)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case.category_id:
            kept = Cause.objects.filter(pk=case.category_id)
            offered = self.fields["category"].queryset  # type: ignore[attr-defined]
            self.fields["category"].queryset = offered | kept  # type: ignore[attr-defined]

    @classmethod
    def of(cls, case: Case) -> "AccountForm":
        """Return a form with what is known by now."""
        account = getattr(case, "account", None) or Account()
        known = {name: getattr(account, name) for name in TOLD}
        return cls(case=case, initial={**known, "category": case.category_id})


class IntakeForm(ToldForm):
    """A new matter."""

    org_unit = forms.ModelChoiceField(
        label=_("Place"), queryset=OrgUnit.objects.none(), widget=forms.Select(SELECT)
    )
    kind = choice(_("Kind"), Case.Kind.choices)
    grade = choice(_("Grade"), Case.Grade.choices)
    channel = choice(_("Channel"), Channel.choices)
    unit = choice(_("Home"), [], required=False)
    title = words(_("Title"), 200)
    body = text(_("What happened"), 6)

    field_order = ("org_unit", "kind", "grade", "channel", "unit", "category", "title", "body", *TOLD)
    at_once = ("org_unit", "kind", "grade", "channel", "unit", "category", "title", "body")

    def __init__(self, *args: Any, places: Any, homes: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_unit"].queryset = places  # type: ignore[attr-defined]
        usual = {place.pk for place in places} & {home.org_unit_id for home in homes}
        if len(places) == 1 or len(usual) == 1:
            self.fields["org_unit"].initial = next(iter(usual), None) or places[0]
        self.homes = {str(home.pk): home for home in homes}
        if homes:
            offered = [("", "—"), *((key, str(home)) for key, home in self.homes.items())]
            self.fields["unit"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["unit"]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.at_once if name in self.fields]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in TOLD]

    @property
    def tells_more(self) -> bool:
        """Say whether anything beyond the words was filled in, or is refused."""
        return any(self[name].value() or self[name].errors for name in TOLD)

    @property
    def home(self) -> Unit | None:
        """The home that was chosen, once the form is valid."""
        return self.homes.get(self.cleaned_data.get("unit") or "")


class NumberForm(forms.Form):
    """The number that is calling."""

    number = forms.CharField(
        label=_("Number of the caller"),
        max_length=40,
        widget=forms.TextInput({**TEXT, "type": "tel", "autofocus": True, "autocomplete": "off"}),
    )

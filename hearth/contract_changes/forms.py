"""What a person enters when they ask for a change, and when they decide about one."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.contract_changes.kinds import NOTHING, ChangeKind, Wanted
from hearth.contract_changes.selectors import owners_beside
from hearth.core.actor import Actor
from hearth.core.forms import SELECT, TEXT, figure, words
from hearth.customers.selectors import customer_meant
from hearth.properties.models import Building
from hearth.properties.selectors import unit_meant
from hearth.sales.models import Contract, PlanTemplate


def _building(contract: Contract, actor: Actor) -> forms.Field:
    rows = Building.objects.filter(project=contract.unit.project_id).order_by("name", "id")
    return forms.ModelChoiceField(
        label=_("Building"), queryset=rows, initial=contract.unit.building_id, widget=forms.Select(SELECT)
    )


def _owner(contract: Contract, actor: Actor) -> forms.Field:
    choices = [(str(row.pk), row.name) for row in owners_beside(contract, actor)]
    return forms.ChoiceField(
        label=pgettext_lazy("change of a contract", "Who leaves"),
        choices=choices,
        widget=forms.Select(SELECT),
    )


def _template(contract: Contract, actor: Actor) -> forms.Field:
    rows = PlanTemplate.objects.used_at(contract.org_unit).order_by("name", "id")
    return forms.ModelChoiceField(
        label=pgettext_lazy("change of a contract", "New way to pay"),
        queryset=rows,
        widget=forms.Select(SELECT),
    )


ROOM = _("The entrance before it where rooms of that number are several.")
MADE: Mapping[str, Callable[[Contract, Actor], forms.Field]] = {
    "total_amount": lambda contract, _actor: figure(
        pgettext_lazy("change of a contract", "New total, ¥"), initial=contract.total_amount
    ),
    "penalty_amount": lambda _contract, _actor: figure(
        pgettext_lazy("change of a contract", "Penalty, ¥"), initial=NOTHING
    ),
    "fee_amount": lambda _contract, _actor: figure(
        pgettext_lazy("change of a contract", "Fee, ¥"), initial=NOTHING
    ),
    "building": _building,
    "room": lambda _contract, _actor: words(_("Room"), 40, help_text=ROOM),
    "number": lambda _contract, _actor: words(
        pgettext_lazy("change of a contract", "Number of the new contract"), 60
    ),
    "who": lambda _contract, _actor: words(
        _("Customer"), 60, help_text=_("Name, pinyin, phone, last four digits or customer number.")
    ),
    "owner": _owner,
    "template": _template,
}
# Where the form asks for something in other words than the act, by the field that a refusal names.
ASKED_AS = {"unit": "room", "customer": "who"}


class ChangeForm(forms.Form):
    """What a change of one kind asks for, and the reason."""

    def __init__(self, *args: Any, kind: ChangeKind, contract: Contract, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.contract, self.actor = kind, contract, actor
        for name in kind.asks:
            self.fields[name] = MADE[name](contract, actor)
        self.fields["reason"] = forms.CharField(
            label=pgettext_lazy("change of a contract", "Reason"),
            max_length=1000,
            widget=forms.Textarea({**TEXT, "rows": 3}),
        )

    def wanted(self) -> Wanted:
        """Return what is wanted, with the customer and the home that the words mean.

        :raises InvalidInput: if they mean none, or several
        """
        given = self.cleaned_data
        found: dict[str, Any] = {name: given[name] for name in given if name in Wanted.__dataclass_fields__}
        if "who" in given:
            found["customer"] = customer_meant(given["who"], self.actor)
        if "owner" in given:
            found["customer"] = next(
                row for row in owners_beside(self.contract, self.actor) if str(row.pk) == given["owner"]
            )
        if "room" in given:
            found["unit"] = unit_meant(given["building"], given["room"], self.actor)
        return Wanted(**found)

    def field_of(self, name: str) -> str | None:
        """Return which field of the form a refusal speaks of, None for the form as a whole."""
        for asked in (name, ASKED_AS.get(name, ""), "owner" if name == "customer" else ""):
            if asked in self.fields:
                return asked
        return None


class CommentForm(forms.Form):
    """What somebody says to their decision."""

    comment = forms.CharField(
        label=pgettext_lazy("approval step", "Comment"),
        max_length=500,
        required=False,
        widget=forms.TextInput(TEXT),
        help_text=pgettext_lazy("approval step", "Needed for a refusal."),
    )

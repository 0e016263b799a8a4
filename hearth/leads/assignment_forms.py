"""Forms of sharing out leads."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.core.forms import CHECK, SELECT, tick
from hearth.leads.models import AssignmentRule, Way


class AssignmentForm(forms.Form):
    """Among whom the leads of a project are shared out, and how."""

    way = forms.ChoiceField(
        label=pgettext_lazy("assignment", "Leads go"), choices=Way.choices, widget=forms.Select(SELECT)
    )
    user_ids = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("assignment", "Among"), coerce=int, widget=forms.CheckboxSelectMultiple(CHECK)
    )
    is_active = tick(pgettext_lazy("assignment", "In force"))

    def __init__(
        self, *args: Any, people: Sequence[User], rule: AssignmentRule | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"is_active": True}
        if rule:
            self.initial = {"way": rule.way, "user_ids": rule.user_ids, "is_active": rule.is_active}
        field: Any = self.fields["user_ids"]
        field.choices = [(person.pk, str(person)) for person in people]


class AbsenceForm(forms.Form):
    """Who is away, and who stands in."""

    user = forms.ModelChoiceField(
        label=pgettext_lazy("absence", "Who"), queryset=User.objects.none(), widget=forms.Select(SELECT)
    )
    from_date = forms.DateField(
        label=pgettext_lazy("absence", "First day"),
        widget=forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    until_date = forms.DateField(
        label=pgettext_lazy("absence", "Last day"),
        widget=forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    deputy = forms.ModelChoiceField(
        label=pgettext_lazy("absence", "Deputy"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.Select(SELECT),
        empty_label=pgettext_lazy("absence", "nobody: the next in turn"),
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = User.objects.filter(pk__in=[person.pk for person in people]).order_by("display_name", "id")
        for name in ("user", "deputy"):
            field: Any = self.fields[name]
            field.queryset = able

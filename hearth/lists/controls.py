"""Inputs of fields that are edited where they are shown: what a control is made of, for each kind of value."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.lists.filters.base import Choices
from hearth.organization.selectors import users_visible_to

TEXT = {"class": "form-control form-control-sm", "autocomplete": "off"}
SELECT = {"class": "form-select form-select-sm"}
Control = Callable[[Any, Actor], forms.Field]


def text(length: int, *, is_required: bool = False) -> Control:
    """Return the control of a line of text."""
    return lambda _row, _actor: forms.CharField(
        max_length=length, required=is_required, widget=forms.TextInput(TEXT)
    )


def long_text() -> Control:
    """Return the control of a text of several lines."""
    return lambda _row, _actor: forms.CharField(required=False, widget=forms.Textarea({**TEXT, "rows": 3}))


def one_of(choices: Choices, *, is_required: bool = True) -> Control:
    """Return the control of a code among words."""
    return lambda _row, _actor: forms.ChoiceField(
        choices=choices, required=is_required, widget=forms.Select(SELECT)
    )


def day() -> Control:
    """Return the control of a day."""
    return lambda _row, _actor: forms.DateField(
        required=False, widget=forms.DateInput({**TEXT, "type": "date"}, format="%Y-%m-%d")
    )


def colleague(attribute: str) -> Control:
    """Return the control of the colleague a row names: those the actor may see, and whoever it is now.

    The list is one query when it is drawn.
    """

    def make(row: Any, actor: Actor) -> forms.Field:
        seen = users_visible_to(actor).filter(is_active=True)
        people = User.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk=getattr(row, attribute)))
        return forms.ModelChoiceField(
            queryset=people.order_by("display_name", "id"),
            required=False,
            empty_label=_("Nobody"),
            widget=forms.Select(SELECT),
        )

    return make

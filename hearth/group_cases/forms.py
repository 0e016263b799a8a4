"""Forms of the pages of group complaints."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.cases.forms import CauseChoice
from hearth.cases.models import Cause
from hearth.cases.permissions import CHANGE_CASE
from hearth.core.actor import Actor
from hearth.core.forms import SELECT, TEXT
from hearth.group_cases.models import GroupCase, Sign
from hearth.properties.models import Project

INSTANT = "%Y-%m-%dT%H:%M"


def area(rows: int) -> forms.Textarea:
    """Return the field for a text of several lines."""
    return forms.Textarea({**TEXT, "rows": rows})


class NumbersForm(forms.Form):
    """Cases by their numbers."""

    numbers = forms.CharField(
        label=_("Numbers of the cases"),
        max_length=2000,
        widget=forms.TextInput(TEXT),
        help_text=_("Such as 12 15 18."),
    )


class NewGroupForm(forms.Form):
    """A group complaint made of cases."""

    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), widget=forms.Select(SELECT)
    )
    numbers = forms.CharField(
        label=_("Numbers of the cases"),
        max_length=2000,
        widget=forms.TextInput(TEXT),
        help_text=_("Such as 12 15 18. You can also choose cases in their list."),
    )
    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(TEXT))
    topic = forms.CharField(label=_("Topic"), max_length=60, required=False, widget=forms.TextInput(TEXT))
    demand = forms.CharField(label=_("What they ask for"), max_length=4000, required=False, widget=area(3))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = Project.objects.visible_to(actor).visible_with(actor, CHANGE_CASE).order_by("name", "id")
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]


class GroupForm(forms.Form):
    """The words of a group complaint."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(TEXT))
    topic = forms.CharField(label=_("Topic"), max_length=60, required=False, widget=forms.TextInput(TEXT))
    cause = CauseChoice(
        label=_("Cause"), queryset=Cause.objects.none(), required=False, widget=forms.Select(SELECT)
    )
    demand = forms.CharField(label=_("What they ask for"), max_length=4000, required=False, widget=area(3))
    facts = forms.CharField(label=_("What is known"), max_length=8000, required=False, widget=area(4))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        causes = Cause.objects.in_use().in_order().select_related("parent")
        self.fields["cause"].queryset = causes  # type: ignore[attr-defined]

    @classmethod
    def of(cls, group: GroupCase) -> "GroupForm":
        """Return the form with what is kept."""
        return cls(
            initial={
                "title": group.title,
                "topic": group.topic,
                "cause": group.cause_id,
                "demand": group.demand,
                "facts": group.facts,
            }
        )


class SignForm(forms.Form):
    """What was seen, and when."""

    what = forms.ChoiceField(label=_("What was seen"), choices=Sign.choices, widget=forms.Select(SELECT))
    seen_at = forms.DateTimeField(
        label=_("Seen"),
        widget=forms.DateTimeInput({**TEXT, "type": "datetime-local"}, format=INSTANT),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False, widget=forms.TextInput(TEXT))


class OutcomeForm(forms.Form):
    """How it ended."""

    outcome = forms.CharField(label=_("How it ended"), max_length=4000, widget=area(3))

"""Forms of the task pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.forms import SELECT, TEXT
from hearth.organization.models import OrgUnit
from hearth.tasks.models import Task

WHOSE = [("mine", _("Mine")), ("role", _("To take on")), ("team", _("My team's"))]
DUE = [("", _("Any day")), ("overdue", _("overdue")), ("today", _("due today")), ("week", _("in seven days"))]


class TaskFilterForm(forms.Form):
    """The filters above the list."""

    due = forms.ChoiceField(label=_("Due"), required=False, choices=DUE, widget=forms.Select(SELECT))
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=Task.State.choices, widget=forms.Select(SELECT)
    )


class DoerField(forms.ChoiceField):
    """A person or a role: `user:5` or `role:3`, cleaned to the pair of keys."""

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        kind, _colon, number = str(chosen).partition(":")
        if not number:
            return None, None
        return (int(number), None) if kind == "user" else (None, int(number))


class TaskForm(forms.Form):
    """A new task."""

    title = forms.CharField(
        label=pgettext_lazy("task", "What to do"), max_length=200, widget=forms.TextInput(TEXT)
    )
    doer = DoerField(label=_("For whom"), widget=forms.Select(SELECT))
    org_unit = forms.ModelChoiceField(
        label=_("Place"), queryset=OrgUnit.objects.none(), widget=forms.Select(SELECT)
    )
    due_date = forms.DateField(
        label=_("Due"), widget=forms.DateInput({**TEXT, "type": "date"}, format="%Y-%m-%d")
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        coerce=int,
        choices=Task.Priority.choices,
        initial=Task.Priority.ORDINARY,
        widget=forms.Select(SELECT),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({**TEXT, "rows": 3}))

    def __init__(self, *args: Any, places: Any, doers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_unit"].queryset = places  # type: ignore[attr-defined]
        self.fields["doer"].choices = doers  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Who is to do it from now on."""

    doer = DoerField(label=_("For whom"), widget=forms.Select({**SELECT, "title": "a", "data-key": "a"}))

    def __init__(self, *args: Any, doers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["doer"].choices = doers  # type: ignore[attr-defined]


class PostponeForm(forms.Form):
    """Another day."""

    due_date = forms.DateField(
        label=_("Due"), widget=forms.DateInput({**TEXT, "type": "date"}, format="%Y-%m-%d")
    )


class DropForm(forms.Form):
    """Why it will not be done."""

    reason = forms.CharField(label=_("Why it is dropped"), max_length=200, widget=forms.TextInput(TEXT))

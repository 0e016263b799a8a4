"""Forms of the case pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.cases.models import Case, CasePause, Signal
from hearth.channels.models import Channel
from hearth.organization.models import OrgUnit

TEXT = {"class": "form-control"}
SELECT = {"class": "form-select"}


class TimesFilterForm(forms.Form):
    """The filters above the answer times."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All kinds")), *Case.Kind.choices],
        widget=forms.Select(SELECT),
    )
    grade = forms.ChoiceField(
        label=_("Grade"),
        required=False,
        choices=[("", _("All grades")), *Case.Grade.choices],
        widget=forms.Select(SELECT),
    )


class CaseForm(forms.Form):
    """A new matter."""

    org_unit = forms.ModelChoiceField(
        label=_("Place"), queryset=OrgUnit.objects.none(), widget=forms.Select(SELECT)
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Case.Kind.choices, widget=forms.Select(SELECT))
    grade = forms.ChoiceField(label=_("Grade"), choices=Case.Grade.choices, widget=forms.Select(SELECT))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, widget=forms.Select(SELECT))
    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(TEXT))
    body = forms.CharField(label=_("What happened"), widget=forms.Textarea({**TEXT, "rows": 6}))

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_unit"].queryset = places  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The answer the customer gets."""

    reply = forms.CharField(
        label=_("Answer"), widget=forms.Textarea({**TEXT, "rows": 5, "title": "r", "data-key": "r"})
    )


class ChangeForm(forms.Form):
    """Grade and person in charge."""

    grade = forms.ChoiceField(
        label=_("Grade"),
        choices=Case.Grade.choices,
        widget=forms.Select({**SELECT, "title": "p", "data-key": "p"}),
    )
    assignee = forms.ModelChoiceField(
        label=_("In charge"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.Select({**SELECT, "title": "a", "data-key": "a"}),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]


class PauseForm(forms.Form):
    """What we wait for."""

    reason = forms.ChoiceField(
        label=_("Waiting for"), choices=CasePause.Reason.choices, widget=forms.Select(SELECT)
    )
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, widget=forms.TextInput(TEXT), empty_value=""
    )


class VisitForm(forms.Form):
    """When somebody was there."""

    visited_at = forms.DateTimeField(
        label=_("Visited on site"),
        widget=forms.DateTimeInput({**TEXT, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class CallBackForm(forms.Form):
    """Whether the customer is content."""

    is_satisfied = forms.TypedChoiceField(
        label=_("The customer is"),
        choices=[("yes", _("satisfied")), ("no", _("not satisfied"))],
        coerce=lambda word: word == "yes",
        widget=forms.Select(SELECT),
    )


class SignalForm(forms.Form):
    """What may make the case graver; its fields have ids of their own beside the other forms of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_signal_%s", **kwargs})

    what = forms.ChoiceField(label=_("What happened"), choices=Signal.choices, widget=forms.Select(SELECT))
    number = forms.DecimalField(
        label=_("Amount in yuan, or number of households"),
        required=False,
        max_digits=13,
        decimal_places=2,
        min_value=0,
        widget=forms.NumberInput({**TEXT, "step": "any"}),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False, widget=forms.TextInput(TEXT))


class EscalateForm(forms.Form):
    """Who asks that the case climbs, and why; its fields have ids of their own beside the other forms of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_escalate_%s", **kwargs})

    by_customer = forms.TypedChoiceField(
        label=_("Asked for by"),
        choices=[("yes", _("the customer")), ("no", _("a colleague"))],
        coerce=lambda word: word == "yes",
        widget=forms.Select(SELECT),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False, widget=forms.TextInput(TEXT))

"""What a person says of an alarm."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.radar.models import RadarAlarm
from hearth.radar.selectors import may_take

LINE, CHOICE = {"class": "form-control"}, {"class": "form-select"}


class _JudgementForm(forms.Form):
    """One of the forms of a page: each has fields of its own names."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.TextInput(LINE))
    field_order = ("into", "reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}_%s", **kwargs})


class AcceptanceForm(_JudgementForm):
    """A group complaint, with a word about it."""


class DismissalForm(_JudgementForm):
    """Why it is none."""

    reason = forms.ChoiceField(
        label=_("Why this is no group complaint"),
        choices=RadarAlarm.Reason,
        widget=forms.Select(CHOICE),
    )


class MergeForm(_JudgementForm):
    """Which other alarm it belongs to."""

    into = forms.ModelChoiceField(
        label=_("Part of"), queryset=RadarAlarm.objects.none(), widget=forms.Select(CHOICE)
    )

    def __init__(self, *args: Any, alarm: RadarAlarm, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = may_take(alarm, actor)  # type: ignore[attr-defined]

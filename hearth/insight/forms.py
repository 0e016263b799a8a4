"""Forms of rounds."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hearth.campaigns.models import Campaign
from hearth.core.actor import Actor
from hearth.insight.permissions import RUN_INSIGHT
from hearth.organization.models import OrgUnit
from hearth.segments.models import Segment


class Select(forms.Select):
    def __init__(self) -> None:
        super().__init__({"class": "form-select"})


def _text(rows: int, placeholder: Any = "") -> forms.Textarea:
    return forms.Textarea({"class": "form-control", "rows": rows, "placeholder": placeholder})


class RoundForm(forms.Form):
    """Where a round is held, from when, and what for."""

    org_unit = forms.ModelChoiceField(label=_("Place"), queryset=OrgUnit.objects.none(), widget=Select())
    name = forms.CharField(
        label=_("Name of the round"), max_length=80, widget=forms.TextInput({"class": "form-control"})
    )
    goal = forms.CharField(
        label=_("Goal"), max_length=300, required=False, widget=forms.TextInput({"class": "form-control"})
    )
    starts = forms.DateField(
        label=_("From"), widget=forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = OrgUnit.objects.all().visible_with(actor, RUN_INSIGHT)
        field = self.fields["org_unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = places.for_records()
        self.initial.setdefault("starts", timezone.localdate())


class DecisionForm(forms.Form):
    """What is decided, for which segment, by which campaign."""

    text = forms.CharField(
        label=_("Decision"), widget=_text(3, _("Who does what for whom, and what should come of it"))
    )
    segment = forms.ModelChoiceField(
        label=_("Segment"), queryset=Segment.objects.none(), required=False, widget=Select()
    )
    campaign = forms.ModelChoiceField(
        label=_("Campaign"), queryset=Campaign.objects.none(), required=False, widget=Select()
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("segment", Segment.objects.visible_to(actor).order_by("name", "id")),
            ("campaign", Campaign.objects.visible_to(actor).order_by("-created_at", "-id")),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
            field.queryset = rows


class ClosingForm(forms.Form):
    """What was learnt."""

    lessons = forms.CharField(
        label=_("Lessons"),
        required=False,
        widget=_text(3, _("What worked, what did not, what the next round does differently")),
    )

"""What a person enters about a campaign."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hearth.campaigns.models import Campaign, CampaignMember, Treatment
from hearth.campaigns.permissions import CHANGE_CAMPAIGN
from hearth.campaigns.services.planning import CampaignPlan, TreatmentPlan
from hearth.core.actor import Actor
from hearth.core.forms import SELECT
from hearth.organization.models import OrgUnit
from hearth.privacy.models import Purpose
from hearth.segments.models import Segment

CONTROL = {"class": "form-control"}


class CampaignForm(forms.Form):
    """The plan of a campaign."""

    org_unit = forms.ModelChoiceField(OrgUnit.objects.none(), label=_("Place"), widget=forms.Select(SELECT))
    name = forms.CharField(label=_("Name of the campaign"), max_length=80, widget=forms.TextInput(CONTROL))
    segment = forms.ModelChoiceField(
        Segment.objects.none(), label=_("Segment"), required=False, widget=forms.Select(SELECT)
    )
    goal = forms.CharField(
        label=_("Goal"), required=False, max_length=300, widget=forms.TextInput(CONTROL),
        help_text=_("What should these customers do?"),
    )  # fmt: skip
    hypothesis = forms.CharField(
        label=_("Hypothesis"), required=False, max_length=300, widget=forms.TextInput(CONTROL),
        help_text=_("Why would the message make them do it?"),
    )  # fmt: skip
    occasion = forms.ChoiceField(
        label=_("Why now"), choices=Campaign.Occasion.choices, widget=forms.Select(SELECT)
    )
    purpose_code = forms.ChoiceField(label=_("Purpose"), widget=forms.Select(SELECT))
    main_outcome = forms.ChoiceField(
        label=_("Success is a"), choices=Campaign.Outcome.choices, widget=forms.Select(SELECT)
    )
    planned_lift = forms.FloatField(
        label=_("Lift hoped for, percentage points"), min_value=0.01, max_value=99,
        initial=2, widget=forms.NumberInput({**CONTROL, "step": "0.01"}),
    )  # fmt: skip
    window_days = forms.IntegerField(
        label=_("Results counted for, days"), min_value=1, max_value=365, initial=14,
        widget=forms.NumberInput(CONTROL),
    )  # fmt: skip
    max_contacts_30_days = forms.IntegerField(
        label=_("Most messages in 30 days"), min_value=1, max_value=30, initial=3,
        widget=forms.NumberInput(CONTROL),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, campaign: Campaign | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suffix = "zh" if (get_language() or "").startswith("zh") else "en"
        self._set_choices("org_unit", OrgUnit.objects.visible_with(actor, CHANGE_CAMPAIGN).in_tree_order())
        self._set_choices("segment", Segment.objects.visible_to(actor).order_by("name", "id"))
        purposes = Purpose.objects.filter(needs_consent=True).order_by("id")
        field = self.fields["purpose_code"]
        field.choices = list(purposes.values_list("code", f"name_{suffix}"))  # type: ignore[attr-defined]
        if campaign is not None:
            del self.fields["org_unit"]

    def _set_choices(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def plan(self) -> CampaignPlan:
        values = {name: value for name, value in self.cleaned_data.items() if name != "org_unit"}
        return CampaignPlan(**values)


def plan_values(campaign: Campaign) -> dict[str, Any]:
    """Return what the form shows of a campaign."""
    names = [name for name in CampaignForm.base_fields if name not in {"org_unit", "segment"}]
    return {**{name: getattr(campaign, name) for name in names}, "segment": campaign.segment_id}


class TreatmentForm(forms.Form):
    """One arm; a row without a name is left out."""

    name = forms.CharField(
        label=_("Name of the arm"), required=False, max_length=60, widget=forms.TextInput(CONTROL)
    )
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=Treatment.Channel.choices, widget=forms.Select(SELECT)
    )
    share = forms.DecimalField(
        label=_("Share, %"), required=False, min_value=0, max_value=100, decimal_places=2,
        widget=forms.NumberInput(CONTROL),
    )  # fmt: skip
    subject = forms.CharField(
        label=_("Subject"), required=False, max_length=200, widget=forms.TextInput(CONTROL)
    )
    body = forms.CharField(
        label=_("Text"), required=False, max_length=10_000, widget=forms.Textarea({**CONTROL, "rows": 5})
    )

    def plan(self) -> TreatmentPlan | None:
        values = self.cleaned_data
        if not values.get("name"):
            return None
        share = (values["share"] or Decimal(0)) / 100
        return TreatmentPlan(values["name"], values["channel"], share, values["subject"], values["body"])


TreatmentForms = forms.formset_factory(TreatmentForm, extra=1, max_num=8)


def treatment_values(campaign: Campaign) -> list[dict[str, Any]]:
    """Return the rows of the editor; a new campaign is offered a control group and one mail."""
    arms = list(campaign.treatments.order_by("position", "id"))
    if not arms:
        control = str(Treatment.Channel.NONE.label)
        return [{"name": control, "channel": "", "share": 20}, {"channel": "email", "share": 80}]
    return [
        {
            "name": arm.name,
            "channel": arm.channel,
            "share": f"{(arm.share * 100).normalize():f}",
            "subject": arm.subject,
            "body": arm.body,
        }
        for arm in arms
    ]


class CallResultForm(forms.Form):
    """What came of a call."""

    result = forms.ChoiceField(
        label=_("Result"),
        choices=[
            choice
            for choice in CampaignMember.CallResult.choices
            if choice[0] not in {CampaignMember.CallResult.OPEN, CampaignMember.CallResult.NOT_ALLOWED}
        ],
        widget=forms.RadioSelect({"class": "form-selectgroup-input"}),
    )
    responded = forms.BooleanField(
        label=_("The customer wants to know more"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
    note = forms.CharField(
        label=_("What was said on the phone"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({**CONTROL, "rows": 3}),
    )

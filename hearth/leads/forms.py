"""Forms of the lead pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.channels.models import Channel
from hearth.core.actor import Actor
from hearth.core.forms import SELECT, TEXT
from hearth.core.templatetags.ui import in_language
from hearth.customers.models import Customer
from hearth.leads.models import WAY, Grade, Lead, LossReason, Proof
from hearth.leads.selectors import grades_for, projects_to_sell
from hearth.leads.services import Arrival, FollowUp, GradeTerms, Loss
from hearth.properties.models import Project

SPOKEN = (Channel.PHONE, Channel.VISIT, Channel.WECHAT, Channel.SMS, Channel.EMAIL)


def _day(**attributes: Any) -> forms.DateInput:
    return forms.DateInput({**TEXT, "type": "date", **attributes}, format="%Y-%m-%d")


class GradeField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A grade by its letter; what the letter means stands behind it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=pgettext_lazy("lead", "Grade"),
            queryset=Grade.objects.in_use(),
            required=False,
            widget=forms.Select(SELECT),
            empty_label=pgettext_lazy("lead", "not graded yet"),
            **options,
        )

    def offer(self, grades: Any, language: str) -> None:
        """Offer these grades alone."""
        self.queryset = Grade.objects.filter(pk__in=[grade.pk for grade in grades])
        self.choices = [
            ("", self.empty_label),
            *((grade.pk, f"{grade.letter} · {_meaning(grade, language)}") for grade in grades),
        ]


def _meaning(grade: Grade, language: str) -> str:
    return grade.name_zh if language.startswith("zh") else grade.name_en


class CaptureForm(forms.Form):
    """Who came in. On a phone two fields are typed, the rest is tapped."""

    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            {**TEXT, "inputmode": "tel", "autocomplete": "off", "autofocus": True, "class": "form-control"}
        ),
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput({**TEXT, "autocomplete": "off"})
    )
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), empty_label=None, widget=forms.Select(SELECT)
    )
    grade = GradeField()
    note = forms.CharField(
        label=pgettext_lazy("lead", "What was said"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({**TEXT, "rows": 2}),
    )
    next_step = forms.CharField(
        label=pgettext_lazy("lead", "Next step"), max_length=120, widget=forms.TextInput(TEXT)
    )
    next_step_date = forms.DateField(
        label=pgettext_lazy("lead", "Day of the next step"),
        required=False,
        widget=_day(),
        help_text=pgettext_lazy("lead", "Left empty: as the grade says."),
    )
    source = forms.ChoiceField(
        label=pgettext_lazy("lead", "Source"), choices=Lead.Source.choices, widget=forms.Select(SELECT)
    )
    source_detail = forms.CharField(
        label=pgettext_lazy("lead", "Source in detail"),
        required=False,
        max_length=120,
        widget=forms.TextInput(TEXT),
        help_text=pgettext_lazy("lead", "Which broker, event, page, or who recommended us."),
    )
    customer = forms.ModelChoiceField(
        queryset=Customer.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, actor: Actor, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["project"].queryset = projects_to_sell(actor)
        fields["customer"].queryset = Customer.objects.visible_to(actor)
        fields["grade"].offer(grades_for(actor), language)

    def arrival(self, *, consultant_id: int | None) -> Arrival:
        """Return what was entered."""
        given = dict(self.cleaned_data)
        return Arrival(**given, consultant_id=consultant_id)


class FollowUpForm(forms.Form):
    """A contact and what comes next."""

    channel = forms.ChoiceField(
        label=pgettext_lazy("lead", "Contact by"),
        required=False,
        choices=[
            ("", pgettext_lazy("lead", "no contact, only a plan")),
            *((c.value, c.label) for c in SPOKEN),
        ],
        initial=Channel.PHONE.value,
        widget=forms.Select(SELECT),
    )
    note = forms.CharField(
        label=pgettext_lazy("lead", "What was said"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({**TEXT, "rows": 2}),
    )
    grade = GradeField()
    next_step = forms.CharField(
        label=pgettext_lazy("lead", "Next step"), max_length=120, widget=forms.TextInput(TEXT)
    )
    next_step_date = forms.DateField(
        label=pgettext_lazy("lead", "Day of the next step"),
        required=False,
        widget=_day(),
        help_text=pgettext_lazy("lead", "Left empty: as the grade says."),
    )

    def __init__(self, *args: Any, grades: Any = (), language: str = "zh", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["grade"]
        field.offer(grades, language)

    def said(self) -> FollowUp:
        """Return what was entered."""
        return FollowUp(**self.cleaned_data)


class AssignForm(forms.Form):
    """Who looks after the lead from now on."""

    consultant = forms.ModelChoiceField(
        label=pgettext_lazy("lead", "Consultant"),
        queryset=User.objects.none(),
        widget=forms.Select({**SELECT, "title": "a", "data-key": "a"}),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["consultant"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people]).order_by(
            "display_name", "id"
        )


class MoveForm(forms.Form):
    """To which stage a lead goes."""

    stage = forms.ChoiceField(
        label=pgettext_lazy("lead", "Stage"),
        choices=[(stage.value, stage.label) for stage in WAY],
        widget=forms.Select(SELECT),
    )


class LossReasonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A reason, under its group."""

    def label_from_instance(self, obj: Any) -> str:
        name = in_language(obj)
        return f"{in_language(obj.parent)} · {name}" if obj.parent else name


class LoseForm(forms.Form):
    """Why the customer will not buy, and when to ask again."""

    because = LossReasonChoice(
        label=pgettext_lazy("lead", "Why it was lost"),
        queryset=LossReason.objects.none(),
        widget=forms.Select(SELECT),
    )
    note = forms.CharField(
        label=pgettext_lazy("lead", "In the customer's words"),
        required=False,
        max_length=200,
        widget=forms.TextInput(TEXT),
    )
    win_back_date = forms.DateField(
        label=pgettext_lazy("lead", "Ask again on"),
        required=False,
        widget=_day(),
        help_text=pgettext_lazy("lead", "Left empty: as the reason says."),
    )
    is_final = forms.BooleanField(
        label=pgettext_lazy("lead", "Never ask again"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["because"]
        field.queryset = LossReason.objects.in_use().in_order().select_related("parent")

    def loss(self) -> Loss:
        """Return what was entered."""
        return Loss(**self.cleaned_data)


class StageRuleForm(forms.Form):
    """What must be on record before a lead enters a stage."""

    proofs = forms.MultipleChoiceField(
        label=pgettext_lazy("lead", "Must be on record"),
        choices=Proof.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )


class LossReasonForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A group of reasons, or a reason in one."""

    class Meta:
        model = LossReason
        fields = ("parent", "code", "name_zh", "name_en", "win_back_days", "position", "is_active")
        widgets = {
            "code": forms.TextInput(TEXT),
            "name_zh": forms.TextInput(TEXT),
            "name_en": forms.TextInput(TEXT),
            "win_back_days": forms.NumberInput({**TEXT, "min": 1, "max": 3650}),
            "position": forms.NumberInput({**TEXT, "min": 0}),
            "is_active": forms.CheckboxInput({"class": "form-check-input"}),
        }
        labels = {"code": _("Code"), "position": _("Position")}
        help_texts = {"win_back_days": pgettext_lazy("loss", "Left empty: nobody asks again.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = LossReason.objects.filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"] = LossReasonChoice(
            label=pgettext_lazy("loss", "In the group"),
            queryset=groups.order_by("position", "id"),
            required=False,
            widget=forms.Select(SELECT),
        )
        if self.instance.pk:
            del self.fields["code"]


class ReopenForm(forms.Form):
    """What comes next with a lead that is opened again."""

    next_step = forms.CharField(
        label=pgettext_lazy("lead", "Next step"), max_length=120, widget=forms.TextInput(TEXT)
    )
    next_step_date = forms.DateField(label=pgettext_lazy("lead", "Day of the next step"), widget=_day())


class GradeForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What a grade means and asks for."""

    class Meta:
        model = Grade
        fields = ("name_zh", "name_en", "chance", "follow_up_days", "is_active")
        widgets = {
            "name_zh": forms.TextInput(TEXT),
            "name_en": forms.TextInput(TEXT),
            "chance": forms.NumberInput({**TEXT, "min": 0, "max": 100}),
            "follow_up_days": forms.NumberInput({**TEXT, "min": 0, "max": 365}),
            "is_active": forms.CheckboxInput({"class": "form-check-input"}),
        }

    def terms(self) -> GradeTerms:
        """Return what was entered."""
        return GradeTerms(**self.cleaned_data)

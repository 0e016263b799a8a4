"""Forms of the case pages."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.cases.models import Case, CasePause, Cause, CostLine, Party, Settlement, Signal
from hearth.cases.offers import Offer
from hearth.core.forms import SELECT, TEXT
from hearth.core.templatetags.ui import in_language


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
    """How content the customer is."""

    rating = forms.TypedChoiceField(
        label=_("The customer is"),
        choices=[
            (5, _("5 · very satisfied")),
            (4, _("4 · satisfied")),
            (3, _("3 · neither")),
            (2, _("2 · dissatisfied: the case opens again")),
            (1, _("1 · very dissatisfied: the case opens again")),
        ],
        coerce=int,
        widget=forms.Select(SELECT),
    )
    note = forms.CharField(
        label=_("What the customer says"), max_length=300, required=False, widget=forms.TextInput(TEXT)
    )


class CauseChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A cause, under its class."""

    def label_from_instance(self, obj: Any) -> str:
        name = in_language(obj)
        return f"{in_language(obj.parent)} · {name}" if obj.parent else name


class SettlementForm(forms.Form):
    """How a case was settled."""

    solution = forms.CharField(
        label=_("What was done"), max_length=4000, widget=forms.Textarea({**TEXT, "rows": 3})
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Settlement.Outcome.choices, widget=forms.Select(SELECT)
    )
    cause = CauseChoice(label=_("Cause"), queryset=Cause.objects.none(), widget=forms.Select(SELECT))
    party = forms.ChoiceField(
        label=_("Who answers for it"), choices=Party.choices, widget=forms.Select(SELECT)
    )
    party_name = forms.CharField(
        label=_("Its name"), max_length=80, required=False, widget=forms.TextInput(TEXT)
    )
    has_no_cost = forms.BooleanField(
        label=_("It cost nothing"), required=False, widget=forms.CheckboxInput({"class": "form-check-input"})
    )
    proof = forms.CharField(
        label=_("Where the proof is"), max_length=300, required=False, widget=forms.TextInput(TEXT)
    )
    evidence_file = forms.FileField(
        label=_("Proof, as PDF or picture"), required=False, widget=forms.ClearableFileInput(TEXT)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_settlement_%s", **kwargs})
        self.fields["cause"].queryset = Cause.objects.in_use().in_order().select_related("parent")  # type: ignore[attr-defined]

    @classmethod
    def of(cls, settlement: Settlement | Offer | None, case: Case) -> "SettlementForm":
        """Return a form with what is said by now, or offered; at first the cause is what the case was taken in as."""
        if settlement is None:
            return cls(initial={"cause": case.category_id})
        names = ("solution", "outcome", "cause", "party", "party_name", "has_no_cost", "proof")
        return cls(initial={name: getattr(settlement, name) for name in names})


class CostForm(forms.Form):
    """A line of what a case cost."""

    kind = forms.ChoiceField(
        label=_("Kind of cost"), choices=CostLine.Kind.choices, widget=forms.Select(SELECT)
    )
    amount = forms.DecimalField(
        label=_("Amount, ¥"),
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput({**TEXT, "step": "0.01"}),
    )
    is_charged = forms.BooleanField(
        label=_("Charged to who answers for it"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False, widget=forms.TextInput(TEXT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_cost_%s", **kwargs})


class CauseForm(forms.ModelForm):  # type: ignore[type-arg]
    """A class of causes, or a cause in one."""

    class Meta:
        model = Cause
        fields = ("parent", "code", "name_zh", "name_en", "position", "is_active")
        widgets: ClassVar = {
            "parent": forms.Select(SELECT),
            "code": forms.TextInput(TEXT),
            "name_zh": forms.TextInput(TEXT),
            "name_en": forms.TextInput(TEXT),
            "position": forms.NumberInput(TEXT),
            "is_active": forms.CheckboxInput({"class": "form-check-input"}),
        }
        labels: ClassVar = {"parent": _("In the class"), "code": _("Code"), "position": _("Position")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = Cause.objects.filter(parent=None).exclude(pk=self.instance.pk).order_by("position", "id")
        self.fields["parent"] = CauseChoice(
            label=_("In the class"), queryset=classes, required=False, widget=forms.Select(SELECT)
        )
        if self.instance.pk:
            del self.fields["code"]


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

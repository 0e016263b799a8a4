"""What a person enters about payment plans."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.forms import FIGURE, SELECT, TEXT, DayInput, choice
from hearth.organization.models import OrgUnit, OrgUnitQuerySet
from hearth.properties.models import Building
from hearth.sales.models import Instalment, PlanTemplate, Stage
from hearth.sales.models.plans import Kind, Method
from hearth.sales.services import PlanTerms
from hearth.sales.terms import MOST_STEPS, PROPOSED, NewInstalment, NewPlan, Step, read_step

NO_STAGE = ("", "—")


def _name() -> forms.CharField:
    return forms.CharField(label=_("Name"), max_length=60, widget=forms.TextInput(TEXT))


class _LineForm(forms.Form):
    """One line: of which kind, and when it is due. An empty line is left out."""

    kind = choice(pgettext_lazy("instalment", "Kind"), [NO_STAGE, *Kind.choices], required=False)
    stage = choice(pgettext_lazy("instalment", "After the stage"), [NO_STAGE, *Stage.choices], required=False)
    days_after = forms.IntegerField(
        label=pgettext_lazy("instalment", "Days after"),
        required=False,
        min_value=0,
        max_value=3_650,
        widget=forms.NumberInput(TEXT),
    )
    due_date = forms.DateField(label=pgettext_lazy("instalment", "Due on"), required=False, widget=DayInput())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if any(value not in (None, "") for value in given.values()) and not given.get("kind"):
            self.add_error("kind", _("Say what the instalment is."))
        return given


class InstalmentForm(_LineForm):
    """One instalment of a contract."""

    amount = forms.DecimalField(
        label=_("Amount, ¥"),
        required=False,
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(FIGURE),
    )

    def instalment(self) -> NewInstalment | None:
        """Return the instalment, nothing for an empty line."""
        given = self.cleaned_data
        if not given.get("kind"):
            return None
        return NewInstalment(
            given["kind"],
            given["amount"] or Decimal(0),
            given["due_date"],
            given["stage"],
            given["days_after"] or 0,
        )


class StepForm(_LineForm):
    """One step of a way to pay."""

    share = forms.DecimalField(
        label=pgettext_lazy("instalment", "Share, %"),
        required=False,
        max_digits=5,
        decimal_places=2,
        widget=forms.NumberInput(FIGURE),
    )

    def step(self) -> Step | None:
        """Return the step, nothing for an empty line."""
        given = self.cleaned_data
        if not given.get("kind"):
            return None
        return Step(
            given["kind"],
            given["share"] or Decimal(0),
            given["days_after"] or 0,
            given["due_date"],
            given["stage"],
        )


InstalmentForms = forms.formset_factory(InstalmentForm, extra=3, max_num=MOST_STEPS, validate_max=True)
StepForms = forms.formset_factory(StepForm, extra=3, max_num=MOST_STEPS, validate_max=True)


class PlanForm(forms.Form):
    """What a plan is called, and how the home is paid."""

    name = _name()
    method = choice(pgettext_lazy("payment plan", "Method"), Method.choices)


class PlanForms:
    """The two forms of a plan together, with what a template makes of the price."""

    def __init__(self, sent: Any = None, *, plan: NewPlan | None = None) -> None:
        kept = {"name": plan.name, "method": plan.method} if plan else {}
        parts = [vars(each) for each in plan.instalments] if plan else []
        self.plan_form = PlanForm(sent, initial=kept)
        self.line_forms = InstalmentForms(sent, initial=parts, prefix="line")

    def is_valid(self) -> bool:
        """Check both, so that both say what is wrong."""
        return all([self.plan_form.is_valid(), self.line_forms.is_valid()])

    def plan(self) -> NewPlan:
        given = self.plan_form.cleaned_data
        parts = (form.instalment() for form in self.line_forms)
        return NewPlan(given["name"], given["method"], tuple(each for each in parts if each))


class TermsForm(PlanForm):
    """What a template is called, how the home is paid, and where it is offered."""

    org_unit = forms.ModelChoiceField(
        label=_("Place"), queryset=OrgUnit.objects.none(), widget=forms.Select(SELECT)
    )
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )

    def __init__(
        self, *args: Any, places: OrgUnitQuerySet, template: PlanTemplate | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if template:
            del self.fields["org_unit"]
        else:
            self.fields["org_unit"].queryset = places  # type: ignore[attr-defined]


class TermsForms:
    """The two forms of a template together; a new one begins from what is proposed for its method."""

    def __init__(
        self,
        sent: Any = None,
        *,
        places: OrgUnitQuerySet,
        template: PlanTemplate | None = None,
        begin: str = "",
    ) -> None:
        kept: dict[str, Any] = (
            {"method": begin, "name": Method(begin).label.capitalize()} if begin in PROPOSED else {}
        )
        steps: Sequence[Step] = PROPOSED.get(begin, ())
        if template:
            kept = {name: getattr(template, name) for name in ("name", "method", "is_active")}
            steps = [read_step(each) for each in template.steps]
        self.plan_form = TermsForm(sent, initial=kept, places=places, template=template)
        self.line_forms = StepForms(sent, initial=[vars(each) for each in steps], prefix="line")

    def is_valid(self) -> bool:
        """Check both, so that both say what is wrong."""
        return all([self.plan_form.is_valid(), self.line_forms.is_valid()])

    def terms(self) -> PlanTerms:
        given = self.plan_form.cleaned_data
        steps = tuple(step for form in self.line_forms if (step := form.step()))
        return PlanTerms(given["name"], given["method"], steps, given["is_active"])


class NameInstalmentForm(forms.Form):
    """Which instalment a payment is for."""

    instalment = forms.ModelChoiceField(
        queryset=Instalment.objects.none(), required=False, widget=forms.Select(SELECT)
    )

    def __init__(self, *args: Any, parts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instalment"].queryset = parts  # type: ignore[attr-defined]


class StageForm(forms.Form):
    """That a building has reached a stage."""

    building = forms.ModelChoiceField(
        label=_("Building"), queryset=Building.objects.none(), widget=forms.Select(SELECT)
    )
    stage = choice(pgettext_lazy("building stage", "Stage"), Stage.choices)
    reached_date = forms.DateField(
        label=pgettext_lazy("building stage", "Reached on"), initial=localdate, widget=DayInput()
    )

    def __init__(self, *args: Any, buildings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = buildings  # type: ignore[attr-defined]

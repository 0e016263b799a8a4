"""What a person enters about assessments, processors and audits."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.forms import SELECT, day, words
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import users_visible_to
from hearth.registers.models import Assessment, DataKind, Processor
from hearth.registers.permissions import CHANGE_REGISTER
from hearth.registers.questionnaire import questions_for
from hearth.registers.services import AssessmentTerms, NewAudit, ProcessorTerms

AREA = {"class": "form-control", "rows": 3}
ANSWER = "answer-"


def _text(label: Any, longest: int = 4_000, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(AREA), **kwargs)


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple({"class": "form-check-input"})
    return forms.MultipleChoiceField(label=label, choices=choices, widget=widget)


def _one(label: Any, rows: Any, **kwargs: Any) -> "forms.ModelChoiceField[Any]":
    return forms.ModelChoiceField(label=label, queryset=rows, widget=forms.Select(SELECT), **kwargs)


class _Placed(forms.Form):
    """A form whose choices are those of who fills it in."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self._choose("org_unit", _places_of(actor))
        self._choose("owner", users_visible_to(actor).order_by("display_name", "id"))
        self._choose(
            "assessment", Assessment.objects.visible_to(actor).filter(state="approved").order_by("id")
        )
        if "org_unit" in self.fields:
            self.fields["org_unit"].initial = _places_of(actor).values_list("pk", flat=True).first()
        if "owner" in self.fields:
            self.fields["owner"].initial = actor.user_id

    def _choose(self, name: str, rows: "QuerySet[Any]") -> None:
        if name in self.fields:
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


def _places_of(actor: Actor) -> "QuerySet[OrgUnit]":
    scope = actor.scope(CHANGE_REGISTER)
    places = OrgUnit.objects.filter(is_active=True).order_by("path")
    return places if scope.everywhere else places.filter(pk__in=sorted(scope.org_unit_ids))


class BeginForm(_Placed):
    """What an assessment is about, and which triggers choose its questions."""

    org_unit = _one(_("Place"), OrgUnit.objects.none())
    name = words(pgettext_lazy("assessment", "What is assessed"), 120)
    triggers = _several(pgettext_lazy("assessment", "Triggers"), Assessment.Trigger.choices)
    owner = _one(pgettext_lazy("assessment", "Who reviews it"), User.objects.none())


class DraftForm(_Placed):
    """A draft: its answers, the risk, the measures and the next review."""

    name = words(pgettext_lazy("assessment", "What is assessed"), 120)
    triggers = _several(pgettext_lazy("assessment", "Triggers"), Assessment.Trigger.choices)
    owner = _one(pgettext_lazy("assessment", "Who reviews it"), User.objects.none())
    risk = forms.ChoiceField(
        label=pgettext_lazy("assessment", "Risk"),
        choices=Assessment.Risk.choices,
        required=False,
        widget=forms.Select(SELECT),
    )
    measures = _text(pgettext_lazy("assessment", "Measures against it"), required=False)
    review_date = day(pgettext_lazy("assessment", "Next review"), required=False)

    def __init__(self, *args: Any, row: Assessment, **kwargs: Any) -> None:
        kept = {
            **{name: getattr(row, name) for name in ("name", "triggers", "risk", "measures", "review_date")},
            "owner": row.owner_id,
            **{f"{ANSWER}{code}": words for code, words in row.answers.items()},
        }
        super().__init__(*args, initial=kept, **kwargs)
        self.codes = [question.code for question in questions_for(row.triggers)]
        for question in questions_for(row.triggers):
            self.fields[f"{ANSWER}{question.code}"] = _text(question.text, required=False)

    def terms(self) -> AssessmentTerms:
        """Return what was entered."""
        said = self.cleaned_data
        return AssessmentTerms(
            name=said["name"],
            triggers=said["triggers"],
            owner=said["owner"],
            answers={code: said[f"{ANSWER}{code}"] for code in self.codes},
            risk=said["risk"],
            measures=said["measures"],
            review_date=said["review_date"],
        )


class ReturnForm(forms.Form):
    """Why an assessment is not approved."""

    because = words(pgettext_lazy("assessment", "Reason"), 500)


class ProcessorForm(_Placed):
    """Who gets which data for what, by which contract."""

    org_unit = _one(_("Place"), OrgUnit.objects.none())
    name = words(pgettext_lazy("processor", "Name of the company"), 120)
    role = forms.ChoiceField(
        label=pgettext_lazy("processor", "Role"), choices=Processor.Role.choices, widget=forms.Select(SELECT)
    )
    purpose = words(pgettext_lazy("processor", "Purpose"), 300)
    data_kinds = _several(_("Kinds of data"), DataKind.choices)
    duties = _text(pgettext_lazy("processor", "Duties agreed on"))
    contract_begin_date = day(pgettext_lazy("processor", "Contract from"))
    contract_end_date = day(pgettext_lazy("processor", "Contract to"))
    assessment = _one(
        pgettext_lazy("processor", "Impact assessment"), Assessment.objects.none(), required=False
    )
    owner = _one(pgettext_lazy("processor", "Who answers for it"), User.objects.none())

    def terms(self) -> ProcessorTerms:
        """Return what was entered, without the place."""
        said = self.cleaned_data
        return ProcessorTerms(**{name: said[name] for name in ProcessorTerms.__dataclass_fields__})


class VisitForm(forms.Form):
    """How a processor was supervised."""

    visited_date = day(pgettext_lazy("processor", "Visited"), initial=localdate)
    finding = words(pgettext_lazy("processor", "What was found"), 500)


class EndForm(forms.Form):
    """That the work with a company has ended."""

    ended_date = day(pgettext_lazy("processor", "Ended"), initial=localdate)
    proof = words(pgettext_lazy("processor", "Proof that the data were returned or deleted"), 500)


class AuditForm(_Placed):
    """A compliance audit that was done."""

    org_unit = _one(_("Place"), OrgUnit.objects.none())
    done_date = day(pgettext_lazy("compliance audit", "Finished"), initial=localdate)
    auditor = words(pgettext_lazy("compliance audit", "Who audited"), 120)
    subject = words(pgettext_lazy("compliance audit", "What was audited"), 200)
    findings = _text(pgettext_lazy("compliance audit", "Findings, one a line"), required=False)

    def new(self) -> NewAudit:
        """Return what was entered."""
        return NewAudit(**self.cleaned_data)

"""What a person enters about promises."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.forms import CHECK, SELECT, TEXT, OwnIds, choice, day, text, words
from hearth.organization.models import OrgUnit
from hearth.promises.forms import file
from hearth.promises.ledger_selectors import departments_for, departments_of
from hearth.promises.models import Promise, PromiseOutcome
from hearth.promises.permissions import CHANGE_PROMISE
from hearth.promises.services import HomesMeant, NewPromise, Said
from hearth.properties.models import Building, Entrance, Project


class PromiseForm(forms.Form):
    """A promise to be recorded."""

    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), widget=forms.Select(SELECT)
    )
    title = words(
        pgettext_lazy("sales promise", "What was promised"),
        200,
        help_text=_("One sentence that can be kept or broken."),
    )
    wording = text(pgettext_lazy("sales promise", "In the words of the source"), required=False)
    source = choice(pgettext_lazy("sales promise", "Source"), Promise.Source.choices)
    source_detail = words(
        pgettext_lazy("sales promise", "Which one, and where in it"),
        200,
        required=False,
        help_text=_("Edition and page, or who said it when."),
    )
    audience = choice(pgettext_lazy("sales promise", "Made to"), Promise.Audience.choices)
    made_date = day(pgettext_lazy("sales promise", "Made on"), initial=localdate)
    due_date = day(pgettext_lazy("sales promise", "Due"), required=False)
    department = forms.ModelChoiceField(
        label=pgettext_lazy("sales promise", "Kept by"),
        queryset=OrgUnit.objects.none(),
        widget=forms.Select(SELECT),
    )
    is_for_whole_project = forms.BooleanField(
        label=pgettext_lazy("sales promise", "For the whole project"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(CHECK),
        help_text=_("Otherwise name the homes on the next page."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Project.objects.visible_to(actor).visible_with(actor, CHANGE_PROMISE)
        self.fields["project"].queryset = places.select_related("org_unit").order_by("name", "id")  # type: ignore[attr-defined]
        ids = [row.pk for row in departments_of(actor)]
        departments = OrgUnit.objects.filter(pk__in=ids).order_by("path", "id")
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]

    def promise(self) -> NewPromise:
        given = dict(self.cleaned_data)
        del given["project"]
        return NewPromise(**given)


class ChangeForm(OwnIds):
    """By when a promise is due, and who keeps it."""

    due_date = day(pgettext_lazy("sales promise", "Due"), required=False)
    department = forms.ModelChoiceField(
        label=pgettext_lazy("sales promise", "Kept by"),
        queryset=OrgUnit.objects.none(),
        widget=forms.Select(SELECT),
    )

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        kept = {"due_date": promise.due_date, "department": promise.department_id}
        super().__init__(*args, **{"initial": kept, **kwargs})
        ids = [row.pk for row in departments_for(promise.org_unit)]
        rows = OrgUnit.objects.filter(pk__in=ids).order_by("path", "id")
        self.fields["department"].queryset = rows  # type: ignore[attr-defined]


class HomesForm(OwnIds):
    """Which homes of a building a promise covers."""

    building = forms.ModelChoiceField(
        label=_("Building"), queryset=Building.objects.none(), widget=forms.Select(SELECT)
    )
    entrance = forms.ModelChoiceField(
        label=_("Entrance"), queryset=Entrance.objects.none(), required=False, widget=forms.Select(SELECT)
    )
    lowest_floor = forms.IntegerField(
        label=_("From floor"), required=False, min_value=-20, max_value=300, widget=forms.NumberInput(TEXT)
    )
    highest_floor = forms.IntegerField(
        label=_("To floor"), required=False, min_value=-20, max_value=300, widget=forms.NumberInput(TEXT)
    )

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        buildings = Building.objects.filter(project=promise.project_id).order_by("name", "id")
        entrances = Entrance.objects.filter(building__project=promise.project_id).select_related("building")
        self.fields["building"].queryset = buildings  # type: ignore[attr-defined]
        found: Any = self.fields["entrance"]
        found.queryset = entrances.order_by("building__name", "name", "id")
        found.label_from_instance = lambda row: f"{row.building.name} {row.name}"

    def meant(self) -> HomesMeant:
        return HomesMeant(**self.cleaned_data)


class EvidenceForm(OwnIds):
    """A file that shows what was promised."""

    file = file(pgettext_lazy("sales promise", "Evidence, as PDF or picture"))


class OutcomeForm(OwnIds):
    """What became of a promise."""

    outcome = choice(pgettext_lazy("sales promise", "What became of it"), PromiseOutcome.Outcome.choices)
    proof = text(pgettext_lazy("sales promise", "What shows it"), 2)
    file = file(
        pgettext_lazy("sales promise", "Proof, as PDF or picture"),
        required=False,
        help_text=_("Needed where the promise was kept."),
    )

    def said(self) -> Said:
        return Said(**self.cleaned_data)


class CasesForm(OwnIds):
    """Of which kind the cases of a broken promise are."""

    kind = choice(
        pgettext_lazy("sales promise", "Kind of the cases"),
        [(kind.value, kind.label) for kind in (Case.Kind.ENQUIRY, Case.Kind.COMPLAINT)],
    )

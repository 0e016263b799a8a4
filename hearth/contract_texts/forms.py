"""What the pages of templates and texts ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.contract_texts.models import TemplateClause, TextClause
from hearth.contract_texts.models.templates import TextKind, Weight
from hearth.contract_texts.permissions import KEEP_TEMPLATES
from hearth.contract_texts.services import NewClause, Written
from hearth.core.actor import Actor
from hearth.core.forms import FIGURE, SELECT, OwnIds, choice, day, text, tick, words
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project


class PlaceForm(forms.Form):
    """What asks for a place where the actor keeps templates."""

    place = forms.ModelChoiceField(
        OrgUnit.objects.none(), label=_("Place"), widget=forms.Select(SELECT), empty_label=None
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = OrgUnit.objects.visible_with(actor, KEEP_TEMPLATES).for_records()
        self.fields["place"].queryset = places  # type: ignore[attr-defined]


class BeginTemplateForm(PlaceForm):
    """Which template is begun."""

    field_order = ("kind", "title", "place", "project")
    kind = choice(_("Kind"), TextKind.choices)
    title = words(pgettext_lazy("template of a contract", "Title"), 120)
    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=_("Project"),
        required=False,
        widget=forms.Select(SELECT),
        empty_label=pgettext_lazy("template of a contract", "all projects of the place and below it"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        projects = Project.objects.visible_with(actor, KEEP_TEMPLATES)
        self.fields["project"].queryset = projects.order_by("name", "id")  # type: ignore[attr-defined]


class ClauseForm(forms.Form):
    """A clause of a template."""

    position = forms.IntegerField(
        label=pgettext_lazy("clause", "Position"),
        min_value=1,
        max_value=999,
        widget=forms.NumberInput({**FIGURE, "step": "1"}),
    )
    heading = words(pgettext_lazy("clause", "Heading"), 120)
    wording = text(pgettext_lazy("clause", "Wording"), 8, required=False)
    weight = choice(pgettext_lazy("clause", "Weight"), Weight.choices)
    is_confirmed_singly = tick(pgettext_lazy("clause", "The buyer confirms it by itself"))

    def new(self) -> NewClause:
        return NewClause(**self.cleaned_data)

    @classmethod
    def showing(cls, clause: TemplateClause) -> "ClauseForm":
        """Return the form as it changes a clause."""
        return cls(initial={name: getattr(clause, name) for name in cls.base_fields})


class SubmitTemplateForm(OwnIds):
    """From when a version is to hold."""

    in_force_date = day(pgettext_lazy("template of a contract", "In force from"))


class BackForm(OwnIds):
    """Why something is sent back."""

    because = words(_("Why it is sent back"), 500)


class TextClauseForm(forms.Form):
    """A clause of a text, changed or left out."""

    wording = text(pgettext_lazy("clause", "Wording"), 8, required=False)
    because = words(pgettext_lazy("clause", "Why it departs from the template"), 300, required=False)
    is_left_out = tick(pgettext_lazy("clause", "Leave the clause out"))

    def written(self) -> Written:
        return Written(**self.cleaned_data)

    @classmethod
    def showing(cls, clause: TextClause) -> "TextClauseForm":
        """Return the form as it changes a clause."""
        return cls(initial={name: getattr(clause, name) for name in cls.base_fields})


class AddedClauseForm(forms.Form):
    """A clause that the template does not have."""

    heading = words(pgettext_lazy("clause", "Heading"), 120)
    wording = text(pgettext_lazy("clause", "Wording"), 8)
    because = words(pgettext_lazy("clause", "Why it departs from the template"), 300)

    def written(self) -> Written:
        return Written(**self.cleaned_data)


class SignForm(OwnIds):
    """When a text was signed."""

    signed_date = day(pgettext_lazy("text of a contract", "Signed on"))


class DeskForm(OwnIds):
    """Where the paper is that proves a confirmation at the desk."""

    proof = words(pgettext_lazy("reading", "Where the signed paper is"), 300)


class ForbidForm(PlaceForm):
    """Words to be forbidden."""

    field_order = ("wording", "because", "place")
    wording = words(pgettext_lazy("forbidden wording", "Words"), 60)
    because = words(pgettext_lazy("forbidden wording", "Why"), 200)

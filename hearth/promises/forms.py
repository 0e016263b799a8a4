"""What a person enters about disclosures."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.forms import SELECT, TEXT, OwnIds, choice, day, text, tick, words
from hearth.promises.factors import FactorKind, Side
from hearth.promises.models import Acknowledgement, Disclosure, Posting
from hearth.promises.permissions import CHANGE_PROMISE
from hearth.promises.services import Acknowledged, Factor, Parts, Shown
from hearth.properties.models import Building, Project, Unit


def file(label: Any, **kwargs: Any) -> forms.FileField:
    return forms.FileField(label=label, widget=forms.FileInput(TEXT), **kwargs)


class BeginForm(forms.Form):
    """A new version: of which project, and what it is about."""

    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), widget=forms.Select(SELECT)
    )
    kind = choice(pgettext_lazy("disclosure", "About"), Disclosure.Kind.choices)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Project.objects.visible_to(actor).visible_with(actor, CHANGE_PROMISE)
        self.fields["project"].queryset = places.order_by("name", "id")  # type: ignore[attr-defined]


class PartsForm(OwnIds):
    """The parts of a version that are words; a part may follow later."""

    heading = words(pgettext_lazy("disclosure", "Heading"), 120, required=False)
    body = text(pgettext_lazy("disclosure", "Body"), 6, required=False)
    closing = text(pgettext_lazy("disclosure", "Closing notice"), required=False)
    signatory = words(pgettext_lazy("disclosure", "Signed by"), 60, required=False)
    signed_date = day(pgettext_lazy("disclosure", "Date of the signature"), required=False)

    @classmethod
    def showing(cls, disclosure: Disclosure) -> "PartsForm":
        """Return the form with what a version says now."""
        return cls(initial={name: getattr(disclosure, name) for name in cls.base_fields})

    def parts(self) -> Parts:
        return Parts(**self.cleaned_data)


class DrawingForm(OwnIds):
    """The drawing of a version."""

    drawing = file(pgettext_lazy("disclosure", "Drawing, as PDF or picture"))


class FactorForm(OwnIds):
    """One adverse factor."""

    side = choice(pgettext_lazy("adverse factor", "Side"), Side.choices)
    kind = choice(pgettext_lazy("adverse factor", "Kind"), FactorKind.choices)
    direction = words(pgettext_lazy("adverse factor", "Direction"), 30, required=False)
    distance = forms.IntegerField(
        label=pgettext_lazy("adverse factor", "Distance, m"),
        required=False,
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(TEXT),
    )
    effect = text(
        pgettext_lazy("adverse factor", "Position and possible effect"),
        2,
        help_text=_("Complete and true; nothing is made to sound smaller than it is."),
    )
    is_in_annex = tick(pgettext_lazy("adverse factor", "Stands in a contract annex"))

    def factor(self) -> Factor:
        return Factor(**self.cleaned_data)


class ReturnForm(OwnIds):
    """Why something is sent back."""

    because = words(pgettext_lazy("second person", "What must be changed"), 500)


class PostingForm(OwnIds):
    """Where a version is shown."""

    place = choice(pgettext_lazy("posting", "Shown"), Posting.Place.choices)
    where = words(pgettext_lazy("posting", "Where exactly"), 200)
    since_date = day(pgettext_lazy("posting", "Since"), initial=localdate)
    photo = file(pgettext_lazy("posting", "Photo of it"), required=False)

    def shown(self) -> Shown:
        return Shown(**self.cleaned_data)


class AcknowledgeForm(forms.Form):
    """Who has read a version, how, when and for which home."""

    who = words(_("Customer"), 60, help_text=_("Name, pinyin, phone, last four digits or customer number."))
    building = forms.ModelChoiceField(
        label=_("Building"), queryset=Building.objects.none(), required=False, widget=forms.Select(SELECT)
    )
    room = words(
        _("Room"),
        40,
        required=False,
        help_text=_("The entrance before it where rooms of that number are several."),
    )
    how = choice(pgettext_lazy("acknowledgement", "How"), Acknowledgement.How.choices)
    acknowledged_date = day(pgettext_lazy("acknowledgement", "Acknowledged on"), initial=localdate)
    evidence_file = file(_("What was signed, as PDF or picture"), required=False)
    proof = words(_("Where the proof is"), 300, required=False)

    def __init__(self, *args: Any, project_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        buildings = Building.objects.filter(project=project_id).order_by("name", "id")
        self.fields["building"].queryset = buildings  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("building")) != bool(given.get("room")):
            self.add_error("room", _("Name building and room, or neither."))
        return given

    def acknowledged(self, unit: Unit | None) -> Acknowledged:
        given = self.cleaned_data
        names = ("how", "acknowledged_date", "proof", "evidence_file")
        return Acknowledged(**{name: given[name] for name in names}, unit=unit)

"""A span of days at a place and for a project, by which figures are asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.forms import SELECT, day
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project

USUAL_DAYS, MOST_DAYS = 90, 1_100


@dataclass(frozen=True)
class Span:
    """Days, both included, at a place and below it, for a project."""

    first_date: date
    last_date: date
    place: OrgUnit | None = None
    project: Project | None = None

    @property
    def begins_at(self) -> datetime:
        return _midnight(self.first_date)

    @property
    def ends_at(self) -> datetime:
        """The moment after the last day."""
        return _midnight(self.last_date + timedelta(days=1))

    def narrow(self, rows: "Rows") -> "Rows":
        """Keep the rows at the place and for the project; the days are the caller's."""
        if self.place is not None:
            rows = rows.filter(org_unit__path__startswith=self.place.path)
        return rows.filter(project=self.project) if self.project else rows


Rows = TypeVar("Rows", bound="QuerySet[Any]")
LineOf = TypeVar("LineOf")


@dataclass(frozen=True)
class PartedTable(Generic[LineOf]):
    """The lines of one way of parting what is counted, and all of it together."""

    lines: Sequence[LineOf]
    total: LineOf


def share_of(part: int, whole: int) -> float | None:
    """Return a part as a share of one; of nothing there is none."""
    return part / whole if whole else None


def _midnight(of: date) -> datetime:
    return make_aware(datetime.combine(of, time()))


class Parted(Protocol):
    """A way of parting what is counted."""

    @property
    def code(self) -> str: ...

    @property
    def label(self) -> str | Promise: ...


class SpanForm(forms.Form):
    """The days, the place and the project of figures, and by what they are parted.

    `permission` says where the figures are seen; the first of the partings is the usual one.
    """

    permission: ClassVar[str]
    partings: ClassVar[Mapping[str, Parted]]

    by = forms.ChoiceField(choices=(), required=False)
    first_date = day(_("From"), required=False)
    last_date = day(_("Until"), required=False)
    place = forms.ModelChoiceField(
        label=_("Place"), queryset=OrgUnit.objects.none(), required=False, widget=forms.Select(SELECT)
    )
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), required=False, widget=forms.Select(SELECT)
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [(each.code, each.label) for each in self.partings.values()]  # type: ignore[attr-defined]
        places = OrgUnit.objects.visible_with(actor, self.permission).for_records()
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        projects = Project.objects.visible_with(actor, self.permission).order_by("name", "id")
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Put the usual days where none are named, and refuse a span that is none or too long."""
        given = super().clean() or {}
        given["last_date"] = given.get("last_date") or localdate()
        given["first_date"] = given.get("first_date") or given["last_date"] - timedelta(days=USUAL_DAYS - 1)
        days = (given["last_date"] - given["first_date"]).days
        if days < 0:
            self.add_error("last_date", _("The last day lies before the first."))
        elif days > MOST_DAYS:
            self.add_error("first_date", _("Ask for at most three years at once."))
        return given

    def asked(self) -> Span:
        """Return what is asked for; of the usual days where something is not valid."""
        if self.is_valid():
            given = self.cleaned_data
            return Span(given["first_date"], given["last_date"], given["place"], given["project"])
        today = localdate()
        return Span(today - timedelta(days=USUAL_DAYS - 1), today)

    @property
    def parting(self) -> str:
        """By what the figures are parted."""
        chosen: str = self.cleaned_data.get("by", "") if self.is_bound else ""
        return chosen or next(iter(self.partings))

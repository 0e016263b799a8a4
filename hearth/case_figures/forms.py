"""Which figures of cases a person asks for."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.case_figures.figures import PARTINGS, partings_for
from hearth.cases.models import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.core.actor import Actor
from hearth.core.forms import choice
from hearth.properties.spans import SpanForm

HALF_MONTH = 15


class FiguresForm(SpanForm):
    """The days, the place, the project and the kind of the cases, and by what they are parted."""

    permission: ClassVar = VIEW_CASE
    partings: ClassVar = PARTINGS

    kind = choice(_("Kind"), [("", _("All kinds")), *Case.Kind.choices], required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        offered = [(each.code, each.label) for each in partings_for(actor)]
        self.fields["by"].choices = offered  # type: ignore[attr-defined]

    @property
    def kind_asked(self) -> str:
        """The kind of the cases; empty for all."""
        return self.cleaned_data.get("kind", "") if self.is_bound else ""


@dataclass(frozen=True)
class Period:
    """Days that reports are written about."""

    label: str | Promise
    first_date: date
    last_date: date


def periods(today: date) -> Sequence[Period]:
    """Return what is reported on the 18th and the 3rd 半月报、月报: the half month and the month that ended last."""
    month = today.replace(day=1)
    last_of_before = month - timedelta(days=1)
    of_half = month if today.day > HALF_MONTH else last_of_before.replace(day=1)
    return (
        Period(_("Last half-month"), of_half, of_half.replace(day=HALF_MONTH)),
        Period(_("Last month"), last_of_before.replace(day=1), last_of_before),
        Period(_("This month"), month, month.replace(day=monthrange(month.year, month.month)[1])),
        Period(_("This year"), month.replace(month=1), today),
    )

"""What the page of searches for duplicates shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.analytics.identity import IdentityModel, model_from_json
from hearth.customers.selectors.duplicates import REASONS
from hearth.insight.models import DuplicateSearch

SUBJECTS: Mapping[str, str | Promise] = {
    "name": _("Name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "identity": _("Identity number"),
    "birth_date": _("Date of birth"),
    "sex": _("Sex"),
    "place": _("Where they live"),
}
OTHERWISE = _("something else")


@dataclass(frozen=True)
class Weight:
    """What one degree of agreement says for (above 0) or against one person, in bits."""

    label: str | Promise
    bits: float

    @property
    def is_for(self) -> bool:
        return self.bits > 0


@dataclass(frozen=True)
class Weighing:
    """One thing that is compared, and the weights of its degrees."""

    label: str | Promise
    weights: tuple[Weight, ...]


def latest_search() -> DuplicateSearch | None:
    """Return the newest finished search; one query."""
    return DuplicateSearch.objects.done().newest_first().first()


def unfinished_search() -> DuplicateSearch | None:
    """Return the search that waits or runs; one query."""
    return DuplicateSearch.objects.unfinished().newest_first().first()


def weighings(search: DuplicateSearch) -> list[Weighing]:
    """Return what a search compared and how much each agreement said; no query."""
    model: IdentityModel = model_from_json(search.weights)
    return [
        Weighing(
            SUBJECTS[each.name],
            tuple(Weight(REASONS.get(level.code, OTHERWISE), level.weight) for level in each.levels),
        )
        for each in model.comparisons
    ]

# domain data
"""Who approves which change, and in how many steps. Numbers are proposed defaults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.contract_changes import plan_kind, shipped_kinds  # noqa: F401  (bands name the kinds that ship)
from hearth.contract_changes.kinds import kinds
from hearth.contract_changes.policy import ANSWER_DAYS, LAPSE_DAYS
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import resolve_settings
from hearth.organization.settings_catalogue import SettingDefinition, declare

Level = OrgUnit.Kind
LEVELS = (Level.PROJECT_TEAM, Level.CITY_COMPANY, Level.REGION, Level.GROUP)
ANY = "any"
MOST_STEPS = 6


@dataclass(frozen=True)
class Band:
    """Changes of a kind up to a percentage of the total, or an amount of money, and at which levels they are approved.

    Without a bound it holds for whatever the bands before it do not. No step at all means that nobody need approve.
    """

    kind: str
    steps: tuple[str, ...]
    percent: Decimal | None = None
    amount: Decimal | None = None

    def fits(self, kind: str, percent: Decimal, amount: Decimal) -> bool:
        return (
            self.kind in (ANY, kind)
            and (self.percent is None or percent <= self.percent)
            and (self.amount is None or amount <= self.amount)
        )

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Band":
        """Read a band as it is set.

        :raises ValueError, TypeError: if it is none
        """
        if not isinstance(given, dict) or set(given) - {"kind", "percent", "amount", "steps"}:
            raise ValueError(given)
        steps = given.get("steps")
        if not isinstance(steps, list) or len(steps) > MOST_STEPS or not set(steps) <= set(LEVELS):
            raise ValueError(steps)
        if given.get("kind") not in (ANY, *kinds):
            raise ValueError(given.get("kind"))
        return cls(given["kind"], tuple(steps), _bound(given.get("percent")), _bound(given.get("amount")))


def _bound(value: Any) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(value)
    try:
        bound = Decimal(str(value))
    except InvalidOperation as wrong:
        raise ValueError(value) from wrong
    if not bound.is_finite() or bound < 0:
        raise ValueError(value)
    return bound


class BandsSetting(SettingDefinition):
    """A setting that takes a list of bands."""

    def accepts(self, value: Any) -> bool:
        try:
            return isinstance(value, list) and bool([Band.read(each) for each in value] or value == [])
        except (TypeError, ValueError):
            return False


def bands_in_words(value: Sequence[Mapping[str, Any]]) -> str:
    """Return how many bands are set, in words."""
    return gettext("%(number)s bands") % {"number": len(value)}


PROJECT, CITY, REGION, GROUP = (str(level) for level in LEVELS)
SHIPPED: list[dict[str, Any]] = [
    {"kind": "discount", "percent": 1, "steps": [PROJECT]},
    {"kind": "discount", "percent": 3, "steps": [PROJECT, CITY]},
    {"kind": "discount", "percent": 5, "steps": [PROJECT, CITY, REGION]},
    {"kind": "discount", "steps": [PROJECT, CITY, REGION, GROUP]},
    {"kind": "unit_swap", "amount": 100000, "steps": [PROJECT]},
    {"kind": "unit_swap", "steps": [PROJECT, CITY]},
    {"kind": "withdrawal", "steps": [PROJECT, CITY]},
    {"kind": ANY, "steps": [PROJECT]},
]
BANDS = declare(
    BandsSetting(
        "contract_changes.bands",
        _("Who approves changes of contracts"),
        "json",
        SHIPPED,
        help_text=_(
            "The first band that fits decides: its kind, up to a percentage of the total or an amount in yuan by which"
            " the total changes, and the steps, each a level: project_team, city_company, region, group. For example:"
            ' [{"kind": "discount", "percent": 1, "steps": ["project_team"]}, {"kind": "any", "steps":'
            ' ["project_team", "city_company"]}]. What no band speaks of goes to the group.'
        ),
        read=bands_in_words,
    )
)


@dataclass(frozen=True)
class Rules:
    """Who approves at a place, and until when."""

    bands: Sequence[Band]
    answer_days: int
    lapse_days: int

    def levels_for(self, kind: str, percent: Decimal, amount: Decimal) -> tuple[str, ...]:
        """Return the levels that approve a change, one step each; what no band speaks of goes to the group."""
        fitting = (band for band in self.bands if band.fits(kind, percent, amount))
        band = next(fitting, None)
        return band.steps if band else (GROUP,)


def rules_at(org_unit: OrgUnit) -> Rules:
    """Return who approves changes at a place; one query."""
    definitions = (BANDS, ANSWER_DAYS, LAPSE_DAYS)
    found = resolve_settings({each.key: each.default for each in definitions}, org_unit)
    bands = [Band.read(each) for each in found[BANDS.key].value]
    return Rules(bands, int(found[ANSWER_DAYS.key].value), int(found[LAPSE_DAYS.key].value))


def places_for(org_unit: OrgUnit, levels: Sequence[str]) -> list[OrgUnit]:
    """Return for each level the place that approves: the ancestor of that kind, or the nearest above it; one query."""
    above = [place for place in OrgUnit.objects.above(org_unit).order_by("-depth") if place.kind in LEVELS]
    rank = {str(level): number for number, level in enumerate(LEVELS)}
    found = []
    for level in levels:
        fitting = (place for place in above if rank[place.kind] >= rank[level])
        found.append(next(fitting, above[-1]))
    return found

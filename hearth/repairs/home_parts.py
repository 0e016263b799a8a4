# domain data
"""The parts of a home that break, and for how long each is under warranty. Places inherit the figures.

{"part": "roof", "seller": 36, "builder": 60, "contract": 0}
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from hearth.lib.warranty import Season, Source, Span
from hearth.organization.settings_catalogue import SettingDefinition, declare, is_whole


class HomePart(TextChoices):
    STRUCTURE = "structure", pgettext_lazy("part of a home", "foundation and main structure")
    ROOF = "roof", pgettext_lazy("part of a home", "waterproofing of the roof")
    WET_ROOM = "wet_room", pgettext_lazy("part of a home", "waterproofing of bathrooms and kitchens")
    OUTER_WALL = "outer_wall", pgettext_lazy("part of a home", "seepage through outer walls")
    BASEMENT = "basement", pgettext_lazy("part of a home", "seepage in basements and along pipes")
    PLASTER = "plaster", pgettext_lazy("part of a home", "plaster of walls and ceilings")
    FLOOR = "floor", pgettext_lazy("part of a home", "floors: hollow, cracked, sanding")
    DOOR_WINDOW = "door_window", pgettext_lazy("part of a home", "doors, windows and fittings")
    HEATING_COOLING = "heating_cooling", pgettext_lazy("part of a home", "heating and cooling")
    WIRING = "wiring", pgettext_lazy("part of a home", "electric wiring")
    WATER_PIPE = "water_pipe", pgettext_lazy("part of a home", "water supply and drainage")
    SANITARY = "sanitary", pgettext_lazy("part of a home", "sanitary ware")
    LAMP_SWITCH = "lamp_switch", pgettext_lazy("part of a home", "lamps and switches")
    BLOCKED_PIPE = "blocked_pipe", pgettext_lazy("part of a home", "blocked pipes")
    FIT_OUT = "fit_out", pgettext_lazy("part of a home", "fit-out")
    OTHER = "other", pgettext_lazy("part of a home", "something else")


PARTS = HomePart.choices
DESIGN_LIFE = 50 * 12
LONGEST = 100 * 12
FIGURES = {source.value for source in Source}


def _rule(part: HomePart, seller: int, builder: int, *, in_seasons: bool = False) -> dict[str, Any]:
    """Write a rule down; the contract gives nothing more until a place says what its contracts give."""
    rule: dict[str, Any] = {"part": part.value, "seller": seller, "builder": builder, "contract": 0}
    return {**rule, "in_seasons": True} if in_seasons else rule


# practice.md 10.4: the rule of 1998 for the seller, article 40 of 2000 for the builder. The service life of a structure
# is that of ordinary dwellings, 50 years; fit-out of the seller is counted with doors and plaster.
SHIPPED: Sequence[Mapping[str, Any]] = (
    _rule(HomePart.STRUCTURE, DESIGN_LIFE, DESIGN_LIFE),
    _rule(HomePart.ROOF, 36, 60),
    _rule(HomePart.WET_ROOM, 12, 60),
    _rule(HomePart.OUTER_WALL, 12, 60),
    _rule(HomePart.BASEMENT, 12, 60),
    _rule(HomePart.PLASTER, 12, 24),
    _rule(HomePart.FLOOR, 12, 24),
    _rule(HomePart.DOOR_WINDOW, 12, 24),
    _rule(HomePart.HEATING_COOLING, 1, 2, in_seasons=True),
    _rule(HomePart.WIRING, 0, 24),
    _rule(HomePart.WATER_PIPE, 0, 24),
    _rule(HomePart.SANITARY, 12, 0),
    _rule(HomePart.LAMP_SWITCH, 6, 0),
    _rule(HomePart.BLOCKED_PIPE, 2, 0),
    _rule(HomePart.FIT_OUT, 12, 24),
)


class WarrantyRulesSetting(SettingDefinition):
    """A setting that takes warranties, one rule for each part."""

    def accepts(self, value: Any) -> bool:
        if not isinstance(value, list) or not all(map(_is_rule, value)):
            return False
        return len({rule["part"] for rule in value}) == len(value)


def _is_rule(rule: Any) -> bool:
    if not isinstance(rule, dict) or not {"part", *FIGURES} <= set(rule) <= {"part", "in_seasons", *FIGURES}:
        return False
    is_part = isinstance(rule["part"], str) and rule["part"] in HomePart.values
    is_in_seasons = rule.get("in_seasons", False)
    figures = [rule[name] for name in FIGURES]
    are_lengths = all(is_whole(value, 0, LONGEST) for value in figures)
    return is_part and isinstance(is_in_seasons, bool) and are_lengths


def _read(value: Sequence[Any]) -> str:
    return ngettext("%(n)s rule", "%(n)s rules", len(value)) % {"n": len(value)}


WARRANTY_RULES = declare(
    WarrantyRulesSetting(
        "repairs.warranty_rules",
        _("Warranty of each part of a home"),
        "json",
        [dict(rule) for rule in SHIPPED],
        help_text=_(
            "One rule for each part, in months, nought for none: seller and contract count from handover, builder from"
            " the acceptance of the building; the latest end holds. With in_seasons, whole heating and cooling seasons"
            " are counted instead of months. The whole list is inherited or set anew."
        ),
        read=_read,
    )
)


class SeasonsSetting(SettingDefinition):
    """A setting that takes the seasons of heating and cooling, at least one."""

    def accepts(self, value: Any) -> bool:
        try:
            return isinstance(value, list) and 0 < len(value) <= 4 and bool(read_seasons(value))
        except (AttributeError, KeyError, TypeError, ValueError):
            return False


def read_seasons(value: Sequence[Mapping[str, str]]) -> tuple[Season, ...]:
    """Read seasons as they are set.

    :raises ValueError: if a day is none of every year
    :raises AttributeError, KeyError, TypeError: if it is no list of seasons
    """
    return tuple(Season(_read_day(each["begins"]), _read_day(each["ends"])) for each in value)


def _read_day(value: str) -> tuple[int, int]:
    month, day = (int(part) for part in value.split("-"))
    if not (1 <= month <= 12 and 1 <= day <= DAYS[month - 1]):
        raise ValueError(value)
    return month, day


DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
SEASONS = declare(
    SeasonsSetting(
        "repairs.seasons",
        _("Heating and cooling seasons, for warranties"),
        "json",
        [{"begins": "11-15", "ends": "03-15"}, {"begins": "06-01", "ends": "09-30"}],
        help_text=_("The first and last day of each, as month and day."),
    )
)


def spans_by_part(rules: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[Source, Span]]:
    """Return how long each source gives a warranty on each part that has a rule."""
    return {
        rule["part"]: {
            source: Span(rule[source.value], rule.get("in_seasons", False))
            for source in Source
            if rule[source.value]
        }
        for rule in rules
    }

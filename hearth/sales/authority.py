"""How far below the list price somebody may sign: bands of roles, set by place and inherited below.

Without bands at a place nothing is asked there; a home without an approved price has nothing to be compared with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.inventory.models import Hold, UnitPrice
from hearth.organization.models import Membership
from hearth.organization.selectors import setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare
from hearth.properties.models import Unit

CENT, NOTHING, WHOLE = Decimal("0.01"), Decimal(0), Decimal(100)


def read_band(given: Mapping[str, Any]) -> tuple[str, Decimal]:
    """Read a band as it is set: the code of a role, and by how much of the list price its people may go below it.

    :raises ValueError, TypeError: if it is none
    """
    if not isinstance(given, dict) or set(given) != {"role", "percent"}:
        raise ValueError(given)
    role, said = given["role"], given["percent"]
    if (
        not isinstance(role, str)
        or not role
        or isinstance(said, bool)
        or not isinstance(said, int | float | str)
    ):
        raise TypeError(given)
    try:
        percent = Decimal(str(said))
    except InvalidOperation as wrong:
        raise ValueError(said) from wrong
    if not percent.is_finite() or not 0 <= percent < WHOLE:
        raise ValueError(said)
    return role, percent


class AuthoritySetting(SettingDefinition):
    """A setting that takes a list of bands."""

    def accepts(self, value: Any) -> bool:
        try:
            return isinstance(value, list) and len([read_band(each) for each in value]) == len(value)
        except (TypeError, ValueError):
            return False


def bands_in_words(value: Sequence[Mapping[str, Any]]) -> str:
    """Return which role may go how far, in words."""
    return ", ".join(f"{each['role']} {each['percent']} %" for each in value) or gettext("nothing is asked")


AUTHORITY = declare(
    AuthoritySetting(
        "sales.discount_authority",
        _("Authority to sign below the list price"),
        "json",
        [],
        help_text=_(
            "For each role, by its code, by how many percent of the approved price of a home its people may sign below"
            ' it, for example: [{"role": "sales_consultant", "percent": 1}, {"role": "sales_manager", "percent": 3}].'
            " Whoever has none of the roles signs at the list price at the least. Empty asks nothing."
        ),
        read=bands_in_words,
    )
)


@dataclass(frozen=True)
class LeastPrice:
    """What a home costs by the list, and the least for which somebody may sign for it."""

    listed: Decimal
    least: Decimal


def least_price_for(unit: Unit, actor: Actor, *, reserved: Hold | None, now: datetime) -> LeastPrice | None:
    """Return the least for which an actor may sign for a home, None where nothing is asked; three queries at most.

    For whoever reserved the home the price at which they did so is the list price.
    """
    bands = [read_band(each) for each in setting_at(AUTHORITY.key, unit.org_unit)]
    if not bands or actor.is_system:
        return None
    price = reserved.price if reserved else UnitPrice.objects.in_force(localdate(now), [unit.pk]).first()
    if price is None:
        return None
    roles = _roles_at(unit, actor, now)
    most = max((percent for role, percent in bands if role in roles), default=NOTHING)
    least = price.total_amount * (WHOLE - most) / WHOLE
    return LeastPrice(price.total_amount, least.quantize(CENT, ROUND_UP))


def _roles_at(unit: Unit, actor: Actor, now: datetime) -> set[str]:
    """Return the codes of the roles that an actor holds at the place of a home or above."""
    held = Membership.objects.current(localdate(now)).filter(
        user=actor.user_id, org_unit__path__in=unit.org_unit.ancestor_paths()
    )
    return set(held.values_list("role__code", flat=True))

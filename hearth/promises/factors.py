# domain data
"""Kinds of adverse factors 不利因素, and what must be said of each: where it lies, and whether the contract says so."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Side(models.TextChoices):
    """On which side of the red line something lies."""

    OFF_SITE = "off_site", pgettext_lazy("adverse factor", "outside the red line")
    ON_SITE = "on_site", pgettext_lazy("adverse factor", "inside the red line")


class FactorKind(models.TextChoices):
    """What a buyer may mind."""

    MARKET = "market", pgettext_lazy("adverse factor", "market")
    HOSPITAL = "hospital", pgettext_lazy("adverse factor", "hospital")
    SCHOOL = "school", pgettext_lazy("adverse factor", "school")
    TEMPLE = "temple", pgettext_lazy("adverse factor", "temple")
    POWER_LINE = "power_line", pgettext_lazy("adverse factor", "high-voltage line")
    SUBSTATION = "substation", pgettext_lazy("adverse factor", "substation")
    BASE_STATION = "base_station", pgettext_lazy("adverse factor", "mobile base station")
    ROAD_NOISE = "road_noise", pgettext_lazy("adverse factor", "noise of a road or railway")
    LANDFILL = "landfill", pgettext_lazy("adverse factor", "landfill")
    DANGEROUS_GOODS = "dangerous_goods", pgettext_lazy("adverse factor", "store of dangerous goods")
    REFUSE = "refuse", pgettext_lazy("adverse factor", "refuse collection")
    PLANT_ROOM = "plant_room", pgettext_lazy("adverse factor", "pump, transformer or generator room")
    RAMP = "ramp", pgettext_lazy("adverse factor", "garage ramp or air shaft")
    OTHER = "other", pgettext_lazy("adverse factor", "other")


# What it does to the buyer may stay open; where it lies may not.
NEEDS_PLACE = frozenset(
    {
        FactorKind.MARKET,
        FactorKind.HOSPITAL,
        FactorKind.SCHOOL,
        FactorKind.TEMPLE,
        FactorKind.POWER_LINE,
        FactorKind.SUBSTATION,
        FactorKind.BASE_STATION,
    }
)
# What bears on the price, and large risks in sight, stand in an annex of the contract.
NEEDS_ANNEX = frozenset({FactorKind.ROAD_NOISE, FactorKind.LANDFILL, FactorKind.DANGEROUS_GOODS})

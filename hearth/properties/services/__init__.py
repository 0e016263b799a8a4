"""Acts on projects, buildings and homes."""

from hearth.properties.services.places import add_entrances, create_building, create_project
from hearth.properties.services.states import change_unit_state, put_on_sale, set_list_prices, set_unit_state
from hearth.properties.services.units import (
    UnitDraft,
    check_area_and_price,
    create_unit,
    create_units,
    update_units,
)

__all__ = [
    "UnitDraft",
    "add_entrances",
    "change_unit_state",
    "check_area_and_price",
    "create_building",
    "create_project",
    "create_unit",
    "create_units",
    "put_on_sale",
    "set_list_prices",
    "set_unit_state",
    "update_units",
]

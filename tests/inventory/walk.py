"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.inventory.builders import (
    hold_for,
    make_batch,
    make_opening,
    make_prices,
    make_sale,
    make_tower,
    queue_up,
)


def _batch(company: OrgUnit) -> dict[str, Any]:
    return {"batch_id": make_batch(company).pk}


def _prices(company: OrgUnit) -> dict[str, Any]:
    return {"prices_id": make_prices(make_batch(company)).pk}


def _home(company: OrgUnit) -> dict[str, Any]:
    return {"unit_id": make_sale(company)[0].pk}


def _plan(company: OrgUnit) -> dict[str, Any]:
    return {"building_id": make_tower(company).pk}


def _hold(company: OrgUnit) -> dict[str, Any]:
    return {"hold_id": hold_for(make_customer(company), make_sale(company)[0]).pk}


def _entry(company: OrgUnit) -> dict[str, Any]:
    return {"entry_id": queue_up(make_customer(company), make_batch(company)).pk}


def _opening(company: OrgUnit) -> dict[str, Any]:
    return {"opening_id": make_opening(company).pk}


def _building_of_opening(company: OrgUnit) -> dict[str, Any]:
    opening = make_opening(company)
    home = opening.batch.homes.select_related("unit")[0]
    return {"opening_id": opening.pk, "building_id": home.unit.building_id}


def _listed(company: OrgUnit) -> str:
    return make_batch(company, name="青枫浦首批").name


OF_BATCHES = ("batch", "change_batch", "add_homes", "remove_homes", "submit_batch", "approve_batch")
OF_PRICES = ("price_list", "write_prices", "submit_prices", "approve_prices", "return_prices")
FURTHER = ("return_batch", "release_batch", "new_prices", "queue", "begin_opening")
OF_OPENINGS = ("opening", "call_numbers", "close_opening", "choosing", "opening_changes", "choose")
SAMPLES = {
    **{f"inventory:{name}": _batch for name in (*OF_BATCHES, *FURTHER)},
    **{f"inventory:{name}": _prices for name in OF_PRICES},
    **{f"inventory:{name}": _plan for name in ("plan", "plan_now")},
    **{f"inventory:{name}": _opening for name in OF_OPENINGS},
    **{f"inventory:{name}": _home for name in ("home", "hold", "reserve")},
    **{f"inventory:{name}": _hold for name in ("extend", "free", "withdraw")},
    "inventory:leave_queue": _entry,
    "inventory:choosing_homes": _building_of_opening,
}
TRACES = {"inventory:batches": _listed}

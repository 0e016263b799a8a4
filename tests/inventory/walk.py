"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.inventory.builders import hold_for, make_batch, make_prices, make_sale, make_tower, queue_up


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


def _listed(company: OrgUnit) -> str:
    return make_batch(company, name="青枫浦首批").name


OF_BATCHES = ("batch", "change_batch", "add_homes", "remove_homes", "submit_batch", "approve_batch")
OF_PRICES = ("price_list", "write_prices", "submit_prices", "approve_prices", "return_prices")
FURTHER = ("return_batch", "release_batch", "new_prices", "queue")
SAMPLES = {
    **{f"inventory:{name}": _batch for name in (*OF_BATCHES, *FURTHER)},
    **{f"inventory:{name}": _prices for name in OF_PRICES},
    "inventory:plan": _plan,
    **{f"inventory:{name}": _home for name in ("home", "hold", "reserve")},
    **{f"inventory:{name}": _hold for name in ("extend", "free")},
    "inventory:leave_queue": _entry,
}
TRACES = {"inventory:batches": _listed}

"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.repairs.builders import (
    make_booked,
    make_delivered,
    make_engineer,
    make_order,
    make_part,
    make_repair_case,
    make_slot,
    make_visit,
    png,
    signed_by,
)


def _home(company: OrgUnit) -> dict[str, Any]:
    return {"unit_id": make_delivered(company).pk}


def _case(company: OrgUnit) -> dict[str, Any]:
    return {"case_id": make_repair_case(company, make_delivered(company)).pk}


def _order(company: OrgUnit) -> dict[str, Any]:
    return {"order_id": make_booked(company).pk}


def _photo(company: OrgUnit) -> dict[str, Any]:
    visit = make_visit(make_booked(company), before=[png()])
    return {"photo_id": visit.photos.get().pk}


def _signature(company: OrgUnit) -> dict[str, Any]:
    visit = make_visit(make_booked(company), signatures=signed_by("owner"))
    return {"sign_off_id": visit.order.sign_offs.get().pk}


def _visit(company: OrgUnit) -> dict[str, Any]:
    return {"visit_id": make_visit(make_booked(company)).pk}


def _slot(company: OrgUnit) -> dict[str, Any]:
    return {"slot_id": make_slot(company, make_engineer(company)).pk}


def _part(company: OrgUnit) -> dict[str, Any]:
    return {"part_id": make_part(company).pk}


def _listed(company: OrgUnit) -> str:
    return str(make_order(company, unit=make_delivered(company, project="青枫浦雅苑")).unit.project.name)


def _listed_part(company: OrgUnit) -> str:
    return make_part(company, "青枫浦角阀").name


SAMPLES = {
    **{f"repairs:{name}": _home for name in ("warranty", "of_home", "accept_building")},
    **{f"repairs:{name}": _case for name in ("of_case", "new")},
    **{
        f"repairs:{name}": _order
        for name in ("order", "book", "cancel", "supervise", "visit", "came", "report", "sign")
    },
    "repairs:correct_parts": _visit,
    "repairs:photo": _photo,
    "repairs:signature": _signature,
    "repairs:remove_slot": _slot,
    "repairs:part": _part,
}
TRACES = {"repairs:repairs": _listed, "repairs:parts": _listed_part}

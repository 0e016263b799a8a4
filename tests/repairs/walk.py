"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.repairs.builders import make_delivered


def _home(company: OrgUnit) -> dict[str, Any]:
    return {"unit_id": make_delivered(company).pk}


SAMPLES = {f"repairs:{name}": _home for name in ("warranty", "of_home", "accept_building")}

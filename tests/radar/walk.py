"""Objects for the walk over all routes."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.radar.builders import make_radar_alarm


def _alarm(company: OrgUnit) -> dict[str, Any]:
    return {"alarm_id": make_radar_alarm(company).pk}


SAMPLES = {f"radar:{name}": _alarm for name in ("alarm", "accept", "dismiss", "merge")}

"""Objects for the walk over all routes."""

from datetime import UTC, datetime
from typing import Any

from hearth.organization.models import OrgUnit
from tests.segments.builders import make_segment

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
RULE = {"all": [{"field": "kind", "op": "in", "value": ["person"]}]}


def make_segment_route(company: OrgUnit) -> dict[str, Any]:
    return {"segment_id": make_segment(company, RULE, now=NOW).pk}


def make_segment_trace(company: OrgUnit) -> str:
    return make_segment(company, RULE, now=NOW, name="深圳老业主名单").name


SAMPLES = dict.fromkeys(
    ("segments:segment", "segments:edit", "segments:count", "segments:why"), make_segment_route
)
TRACES = {"segments:segments": make_segment_trace}

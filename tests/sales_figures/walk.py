"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.group_cases.builders import make_group_case


def _group(company: OrgUnit) -> dict[str, Any]:
    return {"group_id": make_group_case(company).pk}


def _listed(company: OrgUnit) -> str:
    return make_group_case(company, title="青枫浦渗漏群诉").title


SAMPLES = {"sales_figures:incident": _group}
TRACES = {"sales_figures:incidents": _listed}

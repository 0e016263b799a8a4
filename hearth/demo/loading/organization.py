"""The group of the demo: regions, city companies, departments and project teams."""

from collections.abc import Iterable
from datetime import datetime

from hearth.core.actor import Actor
from hearth.demo.city.places import COMPANIES, DEPARTMENTS, GROUP_CODE, GROUP_NAME, REGIONS
from hearth.demo.city.records import ProjectPlan
from hearth.organization.models import OrgUnit
from hearth.organization.services import create_org_unit

Kind = OrgUnit.Kind
Places = dict[str, OrgUnit]
# The group and the regions guide; their departments are few.
CRC = DEPARTMENTS[0]


def load_organization(plans: Iterable[ProjectPlan], *, actor: Actor, now: datetime) -> Places:
    """Make the tree below the group that exists, or below a new one, and return its units by code."""
    root = OrgUnit.objects.filter(parent=None).first()
    if root is None:
        root = _unit(GROUP_NAME, None, Kind.GROUP, GROUP_CODE, actor=actor, now=now)
    places = {GROUP_CODE: root}
    _department(root, GROUP_CODE, CRC, actor=actor, now=now)
    for code, name in REGIONS:
        places[code] = _unit(name, root, Kind.REGION, code, actor=actor, now=now)
        _department(places[code], code, CRC, actor=actor, now=now)
    for place in COMPANIES:
        company = _unit(place.name, places[place.region], Kind.CITY_COMPANY, place.code, actor=actor, now=now)
        places[place.code] = company
        for department in DEPARTMENTS:
            _department(company, place.code, department, actor=actor, now=now)
    for plan in plans:
        name = f"{plan.name}项目部"
        team = _unit(name, places[plan.company_code], Kind.PROJECT_TEAM, plan.code, actor=actor, now=now)
        places[plan.code] = team
    return places


def _department(
    parent: OrgUnit, code: str, department: tuple[str, str, str], *, actor: Actor, now: datetime
) -> None:
    function, short, name = department
    _unit(name, parent, Kind.DEPARTMENT, f"{code}-{short}", function=function, actor=actor, now=now)


def _unit(
    name: str,
    parent: OrgUnit | None,
    kind: str,
    code: str,
    *,
    actor: Actor,
    now: datetime,
    function: str = "",
) -> OrgUnit:
    return create_org_unit(
        name, parent=parent, kind=kind, code=code, function=function, actor=actor, now=now, is_sample=True
    )

"""A project's past, and group complaints in it, for tests."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hearth.cases.models import Case
from hearth.cases.services import NewCase, write_cases
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Project, Unit
from hearth.properties.services import UnitDraft, create_units
from hearth.radar.models import RadarAlarm
from hearth.radar.services import listen
from tests.cases.builders import NOW, make_case
from tests.customers.builders import SYSTEM, make_customer
from tests.properties.builders import make_building, make_project

TOPIC = "渗漏"
TOPICS = ("电梯", "物业", TOPIC, "门窗", "绿化", "噪音", "车位", "水电")


def make_quiet_project(company: OrgUnit, *, name: str = "") -> Project:
    """Write a project of ten buildings whose owners raised a matter every fortnight for a year, of eight topics."""
    project = make_project(company, name=name)
    drafts = [
        UnitDraft(
            building=building, entrance=None, number=str(number), floor=number, state=Unit.State.DELIVERED
        )
        for building in [make_building(project) for _ in range(10)]
        for number in range(1, 11)
    ]
    units = create_units(drafts, actor=SYSTEM, now=NOW)
    past = [
        NewCase(
            org_unit_id=company.pk,
            project_id=project.pk,
            unit_id=units[number * 7 % len(units)].pk,
            kind=Case.Kind.REPAIR,
            topic=TOPICS[number % len(TOPICS)],
            title="报修",
            body="请上门查看。",
            channel="phone",
            opened_at=NOW - timedelta(days=days),
        )
        for number, days in enumerate(range(40, 400, 14))
    ]
    write_cases(past, actor=SYSTEM, now=NOW)
    return project


def building_of(project: Project, number: int = 0) -> Building:
    """Return a building of a project."""
    return Building.objects.filter(project=project).order_by("id")[number]


def homes_of(project: Project, number: int = 0) -> Sequence[Unit]:
    """Return the homes of a building of a project."""
    return list(Unit.objects.filter(building=building_of(project, number)).order_by("id"))


def speak(unit: Unit, *, days_ago: float = 0, topic: str = TOPIC, **values: Any) -> Case:
    """Let somebody of a home raise a matter; every time another customer, who lives in that home."""
    at = NOW - timedelta(days=days_ago)
    customer = values.pop("customer", None) or make_customer(unit.org_unit)
    return make_case(
        unit.org_unit,
        customer=customer,
        project_id=unit.project_id,
        unit_id=unit.pk,
        topic=topic,
        opened_at=at,
        **values,
    )


def make_leak(project: Project, *, homes: int = 4, days_ago: float = 0, topic: str = TOPIC) -> list[Case]:
    """Let some homes of a project's first building speak of a topic, one a day."""
    units = homes_of(project)[:homes]
    return [
        speak(unit, days_ago=days_ago + homes - 1 - number, topic=topic) for number, unit in enumerate(units)
    ]


def make_radar_alarm(company: OrgUnit, *, homes: int = 4, topic: str = TOPIC) -> RadarAlarm:
    """Write a project with a leak, and the alarm of it."""
    make_leak(make_quiet_project(company), homes=homes, topic=topic)
    return listen(company, now=NOW)[0]

"""Projects, buildings and homes for tests."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Entrance, Project, Unit
from hearth.properties.services import UnitDraft, create_building, create_project, create_units

_numbers = count(1)
NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
ACTOR = Actor.system("test")


def make_project(org_unit: OrgUnit, *, name: str = "", code: str = "") -> Project:
    """Enter a project."""
    number = next(_numbers)
    return create_project(
        org_unit, code=code or f"PR{number}", name=name or f"项目{number}", actor=ACTOR, now=NOW
    )


def make_building(project: Project, *, name: str = "") -> Building:
    """Enter a building."""
    return create_building(project, name=name or f"{next(_numbers)}栋", actor=ACTOR, now=NOW)


def make_entrance(building: Building, name: str) -> Entrance:
    """Write an entrance."""
    return Entrance.objects.create(building=building, name=name, created_at=NOW, updated_at=NOW)


def make_unit(
    building: Building,
    *,
    number: str = "",
    entrance: Entrance | None = None,
    floor: int | None = None,
    state: str = Unit.State.AVAILABLE,
    floor_area: str = "89.50",
    price: str = "2000000",
    external_key: str = "",
) -> Unit:
    """Enter a home for sale."""
    draft = UnitDraft(
        building=building,
        entrance=entrance,
        number=number or str(next(_numbers)),
        floor=floor,
        state=state,
        floor_area=Decimal(floor_area),
        list_price_amount=Decimal(price),
        external_key=external_key,
    )
    return create_units([draft], actor=ACTOR, now=NOW)[0]

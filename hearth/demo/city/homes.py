"""Buildings and their homes."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from math import ceil

from hearth.demo.city.dice import Dice, Weighted
from hearth.demo.city.places import LAYOUTS, ORIENTATIONS, PHASE_NAMES
from hearth.demo.city.plan import DELAY_DAYS
from hearth.demo.city.records import EXECUTE_PLAN, MAKE_PLAN, Building, Home, ProjectPlan

_LAYOUT = Weighted({(name, low, high): share for name, share, low, high in LAYOUTS})
Shape = tuple[int, int, int]


def build_homes(plan: ProjectPlan, dice: Dice) -> tuple[list[Building], list[Home]]:
    """Return the buildings of a project and all their homes; a project that is only an idea has none."""
    buildings: list[Building] = []
    homes: list[Home] = []
    for shape in _shapes(plan, dice):
        building = _building(plan, len(buildings), shape)
        buildings.append(building)
        homes.extend(_homes(plan, building, dice))
    return buildings, homes


def _wanted(plan: ProjectPlan, dice: Dice) -> int:
    """Return how many homes the project has at least."""
    if plan.life_phase == MAKE_PLAN:
        return max(12, plan.prospects * 2)
    if not plan.is_selling:
        return 0
    low, high = (60, 85) if plan.life_phase == EXECUTE_PLAN else (93, 98)
    return max(2, ceil(plan.buyers * 1.08 * 100 / dice.between(low, high)))


def _shapes(plan: ProjectPlan, dice: Dice) -> Iterator[Shape]:
    """Yield floors, entrances and homes on a floor of one building after the other."""
    left = _wanted(plan, dice)
    if plan.has_leak or plan.has_delay:
        shape = _planted_shape(plan)
        left -= shape[0] * shape[1] * shape[2]
        yield shape
    while left > 0:
        entrances, on_floor = dice.between(1, 3), dice.between(2, 4)
        floors = dice.between(18, 33)
        if left < floors * entrances * on_floor:
            entrances, on_floor = (1, 2) if left < 60 else (2, 3)
            floors = min(floors, ceil(left / (entrances * on_floor)))
        left -= floors * entrances * on_floor
        yield floors, entrances, on_floor


def _planted_shape(plan: ProjectPlan) -> Shape:
    """Return the building of the story; all its homes are sold."""
    if plan.has_leak:
        return (26, 2, 3) if plan.buyers >= 156 else (12, 1, 2)
    return (18, 2, 2) if plan.buyers >= 72 else (6, 1, 2)


def _building(plan: ProjectPlan, index: int, shape: Shape) -> Building:
    floors, entrances, on_floor = shape
    late = DELAY_DAYS if plan.has_delay and index == 0 else 0
    return Building(
        key=f"{plan.code}-{index + 1}",
        name=f"{index + 1}栋",
        phase=PHASE_NAMES[min(index // 4, len(PHASE_NAMES) - 1)],
        floors=floors,
        entrances=entrances,
        homes_per_floor=on_floor,
        handover_date=plan.handover_date + timedelta(days=late),
    )


def _homes(plan: ProjectPlan, building: Building, dice: Dice) -> Iterator[Home]:
    """Yield the homes; those above each other have one layout and one area."""
    for entrance in range(1, building.entrances + 1):
        for line in range(1, building.homes_per_floor + 1):
            layout, low, high = dice.weighted(_LAYOUT)
            area = Decimal(dice.between(low * 100, high * 100)) / 100
            orientation = dice.pick(ORIENTATIONS)
            for floor in range(1, building.floors + 1):
                height = 1 + 0.004 * (floor - building.floors / 2)
                price = float(area) * plan.price * height * (0.98 + 0.04 * dice.uniform())
                yield Home(
                    key=f"{building.key}-{entrance}-{floor}{line:02d}",
                    building=building,
                    entrance=entrance,
                    line=line,
                    floor=floor,
                    number=f"{floor}{line:02d}",
                    layout=layout,
                    orientation=orientation,
                    area=area,
                    price=Decimal(round(price / 1_000) * 1_000),
                )

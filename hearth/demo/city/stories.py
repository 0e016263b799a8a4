"""The planted stories of single buildings: water that spreads, and a handover four months late."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from hearth.demo.city import texts
from hearth.demo.city.dice import Dice
from hearth.demo.city.matters import Words, raise_matter
from hearth.demo.city.plan import DELAY_DAYS
from hearth.demo.city.records import Building, Delay, Home, Household, Leak, Matter, ProjectPlan, Purchase

LEAK_WEEKS, LEAK_HOMES = 6, 14
LATE_COMPLAINTS = 0.5
Owners = Mapping[str, tuple[Household, Purchase]]


def spread_leak(
    plan: ProjectPlan, building: Building, homes: list[Home], owners: Owners, dice: Dice, *, today: date
) -> tuple[Leak, list[Matter]]:
    """Let water come through from home to home for six weeks, the last of it a few days ago.

    Each home lies below one that is wet already, or beside one on its floor. Nearly all owners report it, the
    first ones also complain in the end.
    """
    wet = _wet_homes(building, homes)
    start = today - timedelta(days=LEAK_WEEKS * 7 + 4)
    days = tuple(
        start + timedelta(days=place * LEAK_WEEKS * 7 // (len(wet) - 1)) for place in range(len(wet))
    )
    matters = []
    for home, day in zip(wet, days, strict=True):
        household, purchase = owners[home.key]
        matters.append(_report(household, purchase, day, dice, today=today))
    for home in wet[:4]:
        household, purchase = owners[home.key]
        matters.append(
            _complain(household, purchase, today - timedelta(days=dice.between(3, 9)), dice, today)
        )
    return Leak(plan.code, building.key, tuple(home.key for home in wet), days), matters


def _wet_homes(building: Building, homes: list[Home]) -> list[Home]:
    """Start high in the first entrance and go down, now and then also to the home beside."""
    at = {
        (home.floor, home.line): home
        for home in homes
        if home.building.key == building.key and home.entrance == 1
    }
    top = building.floors - 2
    wet: list[Home] = []
    for step in range(building.floors):
        floor = top - step
        if floor < 1:
            break
        wet.append(at[floor, 1])
        if step % 3 == 2:
            wet.append(at[floor, 2])
    return wet[:LEAK_HOMES]


def _report(household: Household, purchase: Purchase, day: date, dice: Dice, *, today: date) -> Matter:
    return raise_matter(
        household,
        purchase,
        Words(
            "repair",
            "渗漏",
            dice.pick(texts.LEAK_TITLES),
            dice.pick(texts.LEAK_BODIES),
            "工程师已上门查看并采取临时接水措施,正在排查立管,查明原因后给出维修方案。",
            "important",
        ),
        day=day,
        dice=dice,
        today=today,
    )


def _complain(household: Household, purchase: Purchase, day: date, dice: Dice, today: date) -> Matter:
    return raise_matter(
        household,
        purchase,
        Words(
            "complaint",
            "渗漏",
            "整栋楼漏水无人解决",
            dice.pick(texts.LEAK_COMPLAINTS),
            "已成立专项小组,三日内完成立管排查并公布方案。",
            "hot",
        ),
        day=day,
        dice=dice,
        today=today,
    )


def delay_handover(
    plan: ProjectPlan, building: Building, owners: Owners, dice: Dice, *, today: date
) -> tuple[Delay, list[Matter]]:
    """Return the story of the late building, with the complaints of about half of its owners."""
    promised = plan.handover_date
    return (
        Delay(plan.code, building.key, promised, promised + timedelta(days=DELAY_DAYS)),
        list(_late_complaints(plan, building, owners, dice, today=today)),
    )


def _late_complaints(
    plan: ProjectPlan, building: Building, owners: Owners, dice: Dice, *, today: date
) -> Iterator[Matter]:
    for place, (household, purchase) in enumerate(owners.values()):
        if purchase.home.building.key != building.key or (place and not dice.chance(LATE_COMPLAINTS)):
            continue
        yield raise_matter(
            household,
            purchase,
            Words(
                "complaint",
                "延期交付",
                dice.pick(texts.DELAY_TITLES),
                dice.pick(texts.DELAY_BODIES),
                dice.pick(texts.DELAY_REPLIES),
                "hot" if dice.chance(0.3) else "important",
            ),
            day=plan.handover_date + timedelta(days=dice.between(2, DELAY_DAYS - 5)),
            dice=dice,
            today=today,
        )

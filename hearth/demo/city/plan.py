"""How large each project is, where it stands, in which phase of life, and when it sold and was handed over."""

from datetime import date, timedelta

from hearth.demo.city.dice import Dice
from hearth.demo.city.places import COMPANIES, FIT_OUTS, STREETS, project_name
from hearth.demo.city.records import EXECUTE_PLAN, FINISH, IDENTIFY_NEEDS, MAKE_PLAN, ProjectPlan

SMALLEST = 60
HOUSEHOLDS_PER_PROJECT = 1_000
HISTORY_DAYS = 5 * 365
PROSPECT_SHARE = 0.12
DELAY_DAYS = 120
LEAST_BUYERS_WITH_LEAK, LEAST_BUYERS_WITH_DELAY = 24, 12
# Company and phase of the first projects, which every city has; later ones follow the cycle.
FIRST_PROJECTS = (
    (0, FINISH), (0, FINISH), (0, EXECUTE_PLAN), (1, MAKE_PLAN), (2, IDENTIFY_NEEDS), (3, FINISH),
    (4, EXECUTE_PLAN), (5, FINISH),
)  # fmt: skip
CYCLE = (EXECUTE_PLAN, FINISH, FINISH, EXECUTE_PLAN, FINISH, EXECUTE_PLAN, MAKE_PLAN, FINISH)


class CityTooSmall(ValueError):
    """The planted stories need a few dozen households."""


def plan_projects(households: int, *, seed: int, today: date) -> list[ProjectPlan]:
    """Return the projects of a city of so many households.

    :raises CityTooSmall: below 60 households
    """
    if households < SMALLEST:
        raise CityTooSmall(households)
    dice = Dice(seed, 1)
    count = max(len(FIRST_PROJECTS), round(households / HOUSEHOLDS_PER_PROJECT))
    kinds = [_company_and_phase(index) for index in range(count)]
    prospects = _spread(round(households * PROSPECT_SHARE), _prospect_weights(kinds, dice))
    buyers = _spread_buyers(households - sum(prospects), kinds, dice)
    return [
        _plan(index, company, phase, buyers[index], prospects[index], dice, today)
        for index, (company, phase) in enumerate(kinds)
    ]


def _company_and_phase(index: int) -> tuple[int, str]:
    if index < len(FIRST_PROJECTS):
        return FIRST_PROJECTS[index]
    later = index - len(FIRST_PROJECTS)
    return (later + 1) % len(COMPANIES), CYCLE[later % len(CYCLE)]


def _prospect_weights(kinds: list[tuple[int, str]], dice: Dice) -> list[float]:
    share = {IDENTIFY_NEEDS: 0.5, MAKE_PLAN: 1.5, EXECUTE_PLAN: 1.4, FINISH: 0.8}
    return [share[phase] * (0.8 + 0.4 * dice.uniform()) for _company, phase in kinds]


def _spread_buyers(total: int, kinds: list[tuple[int, str]], dice: Dice) -> list[int]:
    """Give the planted buildings their least, and the rest by weight."""
    weights = [
        0.0 if phase in (IDENTIFY_NEEDS, MAKE_PLAN) else 0.8 + 0.4 * dice.uniform()
        for _company, phase in kinds
    ]
    least = [LEAST_BUYERS_WITH_LEAK, LEAST_BUYERS_WITH_DELAY, *[0] * (len(kinds) - 2)]
    rest = _spread(total, weights)
    if rest[0] >= least[0] and rest[1] >= least[1]:
        return rest
    others = _spread(total - sum(least), [0.0, 0.0, *weights[2:]])
    return [low or more for low, more in zip(least, others, strict=True)]


def _spread(total: int, weights: list[float]) -> list[int]:
    """Divide a whole number by weights, nothing lost to rounding."""
    whole, given, shares = sum(weights), 0, []
    seen = 0.0
    for weight in weights:
        seen += weight
        upto = round(total * seen / whole)
        shares.append(upto - given)
        given = upto
    return shares


def _plan(
    index: int, company: int, phase: str, buyers: int, prospects: int, dice: Dice, today: date
) -> ProjectPlan:
    place = COMPANIES[company]
    launch, handover = _dates(index, phase, dice, today)
    return ProjectPlan(
        index=index,
        code=f"{place.code}-{index + 1:03d}",
        name=project_name(index),
        company_code=place.code,
        city=place.city,
        district=dice.pick(place.districts),
        address=f"{dice.pick(STREETS)}{dice.between(1, 999)}号",
        life_phase=phase,
        launch_date=launch,
        handover_date=handover,
        price=round(place.price * (0.8 + 0.4 * dice.uniform())),
        fit_out=dice.pick(FIT_OUTS),
        buyers=buyers,
        prospects=prospects,
        has_leak=index == 0,
        has_delay=index == 1,
    )


def _dates(index: int, phase: str, dice: Dice, today: date) -> tuple[date, date]:
    """Return the opening of sales and the promised day of handover."""
    building_days = dice.between(720, 850)
    if index == 0:
        handover = -420
    elif index == 1:
        handover = -(DELAY_DAYS + 45)
    elif phase == FINISH:
        handover = -dice.between(200, 950)
    elif phase == EXECUTE_PLAN:
        handover = dice.between(150, 600)
    else:
        handover = dice.between(900, 1_300)
    launch = max(handover - building_days, 40 - HISTORY_DAYS)
    return today + timedelta(days=launch), today + timedelta(days=handover)

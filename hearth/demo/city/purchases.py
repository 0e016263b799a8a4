"""Who bought which home when, how it was paid, and when the keys changed hands."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from hearth.demo.city.dice import Dice
from hearth.demo.city.records import Home, Household, Payment, ProjectPlan, Purchase

# Share of signings by month: golden September and silver October, a lull at the Spring Festival.
SEASON = (0.7, 0.45, 1.1, 1.1, 1.2, 1.1, 0.8, 0.75, 1.4, 1.4, 1.1, 1.0)
LONGEST_STAY = 25


def choose_homes(plan: ProjectPlan, homes: Sequence[Home], count: int, dice: Dice) -> list[Home]:
    """Choose the homes that are sold; in the building of a planted story all are."""
    if not homes:
        return []
    first = homes[0].building.key if plan.has_leak or plan.has_delay else ""
    planted = [home for home in homes if home.building.key == first]
    others = dice.shuffled([home for home in homes if home.building.key != first])
    return [*planted, *others][:count]


def signing_date(plan: ProjectPlan, dice: Dice, *, today: date) -> date:
    """Draw a day between the opening of sales and shortly before the handover, more often in season."""
    last = min(plan.handover_date - timedelta(days=45), today - timedelta(days=3))
    span = max(1, (last - plan.launch_date).days)
    day = plan.launch_date
    for _try in range(6):
        day = plan.launch_date + timedelta(days=int(dice.waiting(span / 3)) % span)
        if dice.chance(SEASON[day.month - 1] / max(SEASON)):
            break
    return day


def sell(
    plan: ProjectPlan, home: Home, household: Household, signed: date, number: int, dice: Dice, *, today: date
) -> Purchase:
    """Return the contract of a household for a home, with what was paid until today."""
    total = Decimal(round(float(home.price) * (0.93 + 0.06 * dice.uniform()) / 1_000) * 1_000)
    label = f"{plan.code}-{signed.year}-{number:05d}"
    spouse = next((member.key for member in household.members if member.role == "spouse"), "")
    parents = tuple(member.key for member in household.members if member.role == "parent")
    handed_over = home.building.handover_date + timedelta(days=min(int(dice.waiting(6)), LONGEST_STAY))
    is_over = handed_over < today - timedelta(days=1)
    return Purchase(
        number=label,
        home=home,
        buyer=household.head.key,
        household=household.key,
        signed_date=signed,
        total=total,
        payments=tuple(_payments(label, total, signed, dice, today=today)),
        handover_date=handed_over if is_over else None,
        co_owner=spouse if spouse and dice.chance(0.55) else "",
        residents=parents if is_over else (),
    )


def _payments(label: str, total: Decimal, signed: date, dice: Dice, *, today: date) -> Iterator[Payment]:
    """Yield the deposit, then a mortgage, instalments or everything at once, as far as they are past."""
    deposit = Decimal(50_000)
    plan: list[tuple[int, Decimal, str]] = [(0, deposit, "定金")]
    way = dice.uniform()
    if way < 0.62:
        down = _share(total, 0.3) - deposit
        plan += [(7, down, "首付款"), (dice.between(35, 90), total - down - deposit, "按揭放款")]
    elif way < 0.87:
        part = _share(total, 0.25)
        plan += [(7, part - deposit, "首期款"), (90, part, "二期款"), (180, part, "三期款")]
        plan.append((270, total - 3 * part, "尾款"))
    else:
        plan.append((dice.between(7, 20), total - deposit, "一次性付款"))
    for place, (days, amount, subject) in enumerate(plan):
        day = signed + timedelta(days=days)
        if day < today and amount > 0:
            yield Payment(f"{label}-{place + 1}", day, amount, subject)


def _share(total: Decimal, share: float) -> Decimal:
    return Decimal(round(float(total) * share / 1_000) * 1_000)

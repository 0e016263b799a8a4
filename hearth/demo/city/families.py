# domain data
"""Who belongs to whom beyond the household, what people look for, and companies that buy: for one project."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hearth.demo.city.dice import Dice
from hearth.demo.city.people import PHONE_PREFIX, instant
from hearth.demo.city.records import Household, Person, ProjectCity

MOST_FAMILIES, MOST_NEEDS, CHANGED_NEEDS = 150, 24, 8
# Every so many families: who brought them, who pays, who acts for them.
REFERRED_EACH, PAID_EACH, DECIDED_EACH, AGENT_EACH = 4, 3, 2, 7
# A number that no operator gave, past those of the households.
COMPANY_PHONES = 99_999_900
COMPANIES = (
    ("星河湾贸易有限公司", ("采购经理", "财务主管")),
    ("云上科技有限公司", ("行政主管", "人事经理")),
    ("南粤餐饮管理有限公司", ("总经理",)),
)
PURPOSES = (
    ("first_home", ("own_household", "marriage"), "两室两厅", "now", "loan", 180, 260, 70, 90),
    ("upgrade", ("more_room", "schooling"), "四室两厅", "half_year", "sells_first", 420, 560, 120, 145),
    ("for_family", ("with_parents", "health"), "三室两厅,低楼层", "year", "cash", 300, 380, 90, 110),
    ("investment", ("assets",), "一室一厅", "later", "loan", 120, 180, 45, 60),
)
DECIDERS = ("夫妻共同决定", "本人决定", "父母出资,本人选房", "听取老人意见")
YEARS_OF_INCOME = 8
INCOMES = ((150, "from_1500k"), (80, "from_800k"), (40, "from_400k"), (20, "from_200k"), (10, "from_100k"))
RATINGS = ("price", "convenience", "design", "brand", "performance")


@dataclass(frozen=True, slots=True)
class Company:
    """A company that is a customer."""

    key: str
    name: str
    phone: str
    known_since: datetime


@dataclass(frozen=True, slots=True)
class Tie:
    """The person `key` is the parent, payer, … of `other`; both are keys of people or companies."""

    kind: str
    key: str
    other: str
    noted_at: datetime
    position: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a person looks for, from one moment on; money in units of ten thousand yuan, areas in m²."""

    stated_at: datetime
    purpose: str
    motives: tuple[str, ...]
    layout: str
    timing: str
    ability_to_pay: str
    income: str
    budget_from: int
    budget_to: int
    area_from: int
    area_to: int
    districts: str
    decision_makers: str
    ratings: dict[str, int]


@dataclass(slots=True)
class Families:
    """What is known of the families of one project; `needs` holds the versions of each person, the oldest first."""

    companies: list[Company] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    needs: dict[str, tuple[Need, ...]] = field(default_factory=dict)


def know_families(project: ProjectCity, dice: Dice, *, today: date) -> Families:
    """Tell of the first families of a project who belongs to whom, and what some of them look for."""
    known = Families()
    households = [household for household in project.households if len(household.members) > 1]
    chosen = households[:MOST_FAMILIES]
    for place, household in enumerate(chosen):
        known.ties.extend(_within(household))
        known.ties.extend(_around(place, household, chosen, dice))
    _employ(known, chosen, project.plan.launch_date, dice)
    for place, household in enumerate(chosen[:MOST_NEEDS]):
        known.needs[household.head.key] = _needs(place, household, project.plan.district, dice, today)
    return known


def _within(household: Household) -> Iterator[Tie]:
    """Name spouse, children and at most a mother and a father of the head."""
    head = household.head
    spouse = next((one for one in household.members if one.role == "spouse"), None)
    if spouse:
        yield Tie("spouse", spouse.key, head.key, head.known_since)
    for child in (one for one in household.members if one.role == "child"):
        for parent in filter(None, (head, spouse)):
            yield Tie("parent", parent.key, child.key, head.known_since)
    for parent in _parents(household):
        yield Tie("parent", parent.key, head.key, head.known_since)


def _parents(household: Household) -> list[Person]:
    """Return the first mother and the first father; further old people are somebody else's."""
    by_sex = {one.sex: one for one in reversed(household.members) if one.role == "parent"}
    return list(by_sex.values())


def _around(place: int, household: Household, chosen: list[Household], dice: Dice) -> Iterator[Tie]:
    """Name who brought the family, who pays, who decides, and who acts for them; referrers come before the referred."""
    head = household.head
    spouse = next((one for one in household.members if one.role == "spouse"), None)
    payer = next(iter(_parents(household)), spouse)
    if payer and place % PAID_EACH == 0:
        yield Tie("payer", payer.key, head.key, head.known_since)
    if spouse and place % DECIDED_EACH == 0:
        yield Tie("decision_maker", spouse.key, head.key, head.known_since)
    if place and place % REFERRED_EACH == 0:
        referrer = dice.pick(chosen[:place]).head
        yield Tie("referrer", referrer.key, head.key, head.known_since)
    if place and place % AGENT_EACH == 0:
        yield Tie("agent", dice.pick(chosen[:place]).head.key, head.key, head.known_since)


def _employ(known: Families, chosen: list[Household], since: date, dice: Dice) -> None:
    """Let some heads of households hold positions at companies that are customers too."""
    heads = iter(dice.shuffled([household.head for household in chosen]))
    for number, (name, positions) in enumerate(COMPANIES):
        key, phone = f"DF{number + 1:07d}", f"{PHONE_PREFIX}{COMPANY_PHONES + number}"
        known.companies.append(Company(key, name, phone, instant(since, dice)))
        for position, head in zip(positions, heads, strict=False):
            known.ties.append(Tie("contact", head.key, key, head.known_since, position, since))


def _needs(place: int, household: Household, district: str, dice: Dice, today: date) -> tuple[Need, ...]:
    """State needs when the family was first met; some look for something else since a few days."""
    first = PURPOSES[place % len(PURPOSES)]
    versions = [_need(first, household.head.known_since, district, dice)]
    if place < CHANGED_NEEDS:
        then = PURPOSES[(place + 1) % len(PURPOSES)]
        changed_at = instant(today - timedelta(days=1 + place % 5), dice)
        versions.append(
            _need(then, max(changed_at, household.head.known_since + timedelta(hours=1)), district, dice)
        )
    return tuple(versions)


def _need(
    kind: tuple[str, tuple[str, ...], str, str, str, int, int, int, int],
    stated_at: datetime,
    district: str,
    dice: Dice,
) -> Need:
    purpose, motives, layout, timing, ability, budget_from, budget_to, area_from, area_to = kind
    return Need(
        stated_at=stated_at,
        purpose=purpose,
        motives=motives,
        layout=layout,
        timing=timing,
        ability_to_pay=ability,
        income=_income_for(budget_to),
        budget_from=budget_from,
        budget_to=budget_to,
        area_from=area_from,
        area_to=area_to,
        districts=district,
        decision_makers=dice.pick(DECIDERS),
        ratings={element: dice.between(2, 5) for element in RATINGS},
    )


def _income_for(budget: int) -> str:
    """Return the income of a family that can afford a home up to a price: about an eighth of it in a year."""
    yearly = budget / YEARS_OF_INCOME
    return next((code for least, code in INCOMES if yearly >= least), "below_100k")

"""Repairs, complaints, enquiries and what else owners raise, with answers and their times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from hearth.demo.city import texts
from hearth.demo.city.dice import Dice, Weighted
from hearth.demo.city.people import instant
from hearth.demo.city.records import ZONE, Household, Matter, Purchase

# How often one home raises a matter in a year.
REPAIRS_FIRST_YEAR, REPAIRS_LATER, COMPLAINTS, OTHERS = 2.2, 0.5, 0.18, 0.4
ENQUIRIES_BEFORE = 0.35
ANSWER_HOURS, ANSWER_SPREAD = 20.0, 0.9
UNANSWERED = 0.01


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in a case, and what is answered; without a grade one is drawn."""

    kind: str
    topic: str
    title: str
    body: str
    reply: str
    grade: str = ""


def matters_of(household: Household, purchase: Purchase, dice: Dice, *, today: date) -> Iterator[Matter]:
    """Yield what a household raised about its home, from the signing until yesterday."""
    signed, moved_in = purchase.signed_date, purchase.handover_date
    waiting_ends = moved_in or today
    yield from _many(
        texts.OTHERS[:1], ENQUIRIES_BEFORE, signed, waiting_ends, household, purchase, dice, today
    )
    if not moved_in:
        return
    first_year = min(today, moved_in + timedelta(days=365))
    for topics, yearly, start, end in (
        (texts.REPAIRS, REPAIRS_FIRST_YEAR, moved_in, first_year),
        (texts.REPAIRS, REPAIRS_LATER, first_year, today),
        (texts.COMPLAINTS, COMPLAINTS, moved_in, today),
        (texts.OTHERS, OTHERS, moved_in, today),
    ):
        yield from _many(topics, yearly, start, end, household, purchase, dice, today)


@cache
def _by_weight(topics: tuple[texts.Topic, ...]) -> Weighted[texts.Topic]:
    return Weighted({topic: topic.weight for topic in topics})


def _many(
    topics: Sequence[texts.Topic], yearly: float, start: date, end: date, household: Household,
    purchase: Purchase, dice: Dice, today: date,
) -> Iterator[Matter]:  # fmt: skip
    days = (end - start).days
    if days <= 1:
        return
    for _number in range(dice.count(yearly * days / 365)):
        topic = dice.weighted(_by_weight(tuple(topics)))
        place = dice.pick(texts.PLACES)
        # Repairs gather in the weeks after moving in.
        offset = int(days * dice.uniform() ** 1.6) if topic.kind == "repair" else dice.between(0, days - 1)
        words = Words(
            topic.kind,
            topic.name,
            dice.pick(topic.titles).format(place=place),
            dice.pick(topic.bodies).format(place=place),
            dice.pick(topic.replies),
        )
        day = start + timedelta(days=offset)
        yield raise_matter(household, purchase, words, day=day, dice=dice, today=today)


def raise_matter(
    household: Household, purchase: Purchase, words: Words, *, day: date, dice: Dice, today: date
) -> Matter:
    """Return one case with the answer it got by today; half are answered within a day, some after a week."""
    opened = instant(day, dice)
    end = datetime.combine(today, time(0), ZONE)
    answered: datetime | None = opened + timedelta(hours=dice.skewed(ANSWER_HOURS, ANSWER_SPREAD))
    if dice.chance(UNANSWERED) or (answered and answered >= end):
        answered = None
    closed = answered + timedelta(days=dice.skewed(3, 0.8)) if answered else None
    if closed and closed >= end:
        closed = None
    return Matter(
        key="",
        person=household.head.key,
        home=purchase.home.key,
        kind=words.kind,
        grade=words.grade or (dice.weighted(texts.GRADES) if words.kind == "complaint" else "ordinary"),
        topic=words.topic,
        channel=dice.weighted(texts.CHANNELS),
        title=words.title,
        body=words.body,
        reply=words.reply if answered else "",
        opened_at=opened,
        answered_at=answered,
        closed_at=closed,
    )

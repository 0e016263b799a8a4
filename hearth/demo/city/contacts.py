"""Visits, calls and messages, and what people said to being contacted."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from hearth.demo.city import texts
from hearth.demo.city.dice import Dice
from hearth.demo.city.people import instant
from hearth.demo.city.records import Contact, Decision, Household, Purchase

MARKETING = "marketing"
EMAIL_CONSENT, EMAIL_REFUSED, WITHDRAWN = 0.75, 0.12, 0.06


def prospect_contacts(household: Household, dice: Dice, *, today: date) -> Iterator[Contact]:
    """Yield the first contact of a household that has not bought, and up to three later ones."""
    yield _first(household, dice)
    day = household.head.known_since.date()
    for _visit in range(dice.between(0, 3)):
        day += timedelta(days=dice.between(2, 25))
        if day >= today:
            return
        yield _later(household, day, dice)


def buyer_contacts(household: Household, purchase: Purchase, dice: Dice, *, today: date) -> Iterator[Contact]:
    """Yield what passed between a buyer and the company, from the first visit to the care after moving in."""
    known, signed = household.head.known_since.date(), purchase.signed_date
    if known <= signed:
        yield _first(household, dice)
        span = max(1, (signed - known).days)
        for _visit in range(dice.between(0, 3)):
            yield _later(household, known + timedelta(days=dice.between(0, span - 1)), dice)
    moved_in = purchase.handover_date
    person, end = household.head.key, moved_in or today
    for place in range((end - signed).days // 240):
        day = signed + timedelta(days=120 + place * 240)
        if day < min(end, today):
            notice = texts.PROGRESS_NOTICES[min(place, len(texts.PROGRESS_NOTICES) - 1)]
            yield Contact(person, "wechat", "outbound", notice, instant(day, dice))
    if moved_in:
        channel, summary = dice.pick(texts.HANDOVER_NOTICES)
        notified = max(signed, moved_in - timedelta(days=30))
        yield Contact(person, channel, "outbound", summary, instant(notified, dice))
        yield from _care(person, moved_in, dice, today=today)


def _first(household: Household, dice: Dice) -> Contact:
    channel, summary = dice.pick(texts.FIRST_CONTACTS)
    return Contact(household.head.key, channel, "inbound", summary, household.head.known_since)


def _later(household: Household, day: date, dice: Dice) -> Contact:
    # The first contact stays the first.
    at = max(instant(day, dice), household.head.known_since + timedelta(hours=1))
    if dice.chance(0.6):
        return Contact(household.head.key, "visit", "inbound", dice.pick(texts.RETURN_VISITS), at)
    return Contact(household.head.key, "phone", "outbound", dice.pick(texts.FOLLOW_UPS), at)


def _care(person: str, moved_in: date, dice: Dice, *, today: date) -> Iterator[Contact]:
    day = moved_in + timedelta(days=7)
    place = 0
    while day < today:
        channel, summary = texts.CARE_CONTACTS[min(place, len(texts.CARE_CONTACTS) - 1)]
        yield Contact(person, channel, "outbound", summary, instant(day, dice))
        day += timedelta(days=dice.between(200, 420))
        place += 1


def decisions(household: Household, dice: Dice, *, today: date) -> Iterator[Decision]:
    """Yield what the head of a household said to marketing by e-mail, and some to calls."""
    head = household.head
    draw, how = dice.uniform(), dice.pick(texts.ENTRY_WAYS)
    at = head.known_since
    if not head.email or draw >= EMAIL_CONSENT + EMAIL_REFUSED:
        return
    said = "given" if draw < EMAIL_CONSENT else "refused"
    yield Decision(head.key, MARKETING, "email", said, how, at)
    if said == "given":
        if dice.chance(0.5):
            yield Decision(head.key, MARKETING, "phone", said, how, at)
        if dice.chance(WITHDRAWN) and (later := _some_time_after(at, dice, today)):
            yield Decision(head.key, MARKETING, "email", "withdrawn", dice.pick(texts.WITHDRAWALS), later)


def _some_time_after(at: datetime, dice: Dice, today: date) -> datetime | None:
    day = at.date() + timedelta(days=dice.between(60, 600))
    return instant(day, dice) if day < today else None

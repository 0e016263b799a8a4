"""Customers who may be the same as the one about to be recorded. Index lookups only, never a scan."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.crypto import last_four_index
from hearth.core.errors import InvalidInput
from hearth.customers.contacts import (
    ADDRESS,
    EMAIL,
    PHONE,
    ContactValue,
    identity_index,
    read_contact,
    read_identity,
)
from hearth.customers.models import ContactPoint, Customer, UnitRole
from hearth.customers.selectors.likelihood import ALIKE, STRONG, Particulars, compare_names, likelihood
from hearth.lib.pinyin import pinyin_key
from hearth.organization.models import OrgUnit

REASONS: Mapping[str, str | Promise] = {
    "same_identity": _("same identity number"),
    "same_phone": _("same phone"),
    "same_email": _("same e-mail"),
    "same_address": _("same address"),
    "same_unit": _("same home"),
    "same_household": _("same household"),
    "same_place": _("recorded with the same project"),
    "same_home": _("same home or address"),
    "same_building": _("same building"),
    "same_last_four": _("same last four digits of a phone"),
    "same_birth_date": _("same date of birth"),
    "near_birth_date": _("nearly the same date of birth"),
    "same_sex": _("same sex"),
    "same_name": _("same name"),
    "same_sound": _("name sounds the same"),
    "similar_name": _("similar name"),
    "shortened_name": _("one character of the name is missing"),
    "courtesy": _("same surname with a courtesy"),
    "same_surname": _("same surname"),
    "by_hand": _("chosen by hand"),
}
# The order in which reasons are told; how alike the names are comes last.
ORDER = (
    "same_identity", "same_email", "same_phone", "same_unit", "same_address", "same_household", "same_birth_date",
    "same_last_four", "same_place",
)  # fmt: skip
# Without phone, e-mail or identity number, a candidate is told only if it is rather one person than two.
LEAST_LIKELY = 0.5
# So many of one name in one project are no sign of anybody.
MOST_NAMESAKES = 5
LONGEST_TOKEN = 24
MOST_ROWS = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """What a person has told so far of the customer to record; contacts may still be incomplete."""

    name: str = ""
    sex: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    identity_number: str = ""
    birth_date: date | None = None
    unit_id: UUID | None = None
    household_id: UUID | None = None
    org_unit_id: int | None = None
    except_id: UUID | None = None

    def particulars(self) -> Particulars:
        """Return what can be held against another record."""
        return Particulars(
            name_key=pinyin_key(self.name),
            sex=self.sex,
            birth_date=self.birth_date,
            identity=_identity(self.identity_number),
        )


@dataclass(frozen=True)
class Candidate:
    """A customer who may be the same; `customer` is None where the actor may not see whom it is."""

    customer: Customer | None
    score: float
    reasons: tuple[str, ...]

    @property
    def words(self) -> list[str | Promise]:
        return [REASONS[reason] for reason in self.reasons]


@beyond_places()
def duplicate_candidates(likeness: Likeness, *, actor: Actor, limit: int = 5) -> list[Candidate]:
    """Return the customers who may be the same, the likeliest first; at most nine queries.

    Phone, e-mail and identity number speak for themselves; home, address, household, project, date of birth and last
    four digits count only beside a name that is the same, sounds the same or is one slip away. The score is the
    probability of one person by the weights of the nightly search, so that a wife with her husband's phone is told,
    and told last. Who has another identity number is somebody else. Of customers the actor may not see only the
    first three are told, and nothing of who they are.
    """
    signs = _collect_signs(likeness)
    if not signs:
        return []
    customers = (
        Customer.objects.unmerged().defer("name_tokens", "note", "identity_sealed").in_bulk(list(signs))
    )
    visible = set(Customer.objects.visible_to(actor).filter(pk__in=list(signs)).values_list("pk", flat=True))
    mine = likeness.particulars()
    found = [
        candidate
        for customer_id, customer in customers.items()
        if (candidate := _judge(customer, signs[customer_id], mine, is_visible=customer_id in visible))
    ]
    return sorted(found, key=lambda candidate: -candidate.score)[:limit]


def _collect_signs(likeness: Likeness) -> dict[UUID, set[str]]:
    signs: dict[UUID, set[str]] = {}

    def note(reason: str, customer_ids: Iterable[UUID]) -> None:
        for customer_id in customer_ids:
            if customer_id != likeness.except_id:
                signs.setdefault(customer_id, set()).add(reason)

    for reason, customer_id in _by_contact(likeness):
        note(reason, [customer_id])
    if index := _identity(likeness.identity_number):
        note("same_identity", Customer.objects.filter(identity_index=index).values_list("pk", flat=True))
    if likeness.unit_id:
        roles = UnitRole.objects.filter(unit_id=likeness.unit_id)
        note("same_unit", roles.values_list("customer_id", flat=True)[:MOST_ROWS])
    if likeness.household_id:
        members = Customer.objects.filter(household_id=likeness.household_id)
        note("same_household", members.values_list("pk", flat=True)[:MOST_ROWS])
    if sounds := _sounds(likeness.name):
        for reason, namesakes in _by_sound(likeness, "".join(sounds)[:LONGEST_TOKEN]):
            note(reason, namesakes)
    return signs


def _by_sound(likeness: Likeness, token: str) -> Iterable[tuple[str, list[UUID]]]:
    """Look up who sounds the same and was born the same day, or is recorded with the same project."""
    namesakes = Customer.objects.filter(name_tokens__matches=[token])
    if likeness.birth_date:
        born = namesakes.filter(birth_date=likeness.birth_date)
        yield "same_birth_date", list(born.values_list("pk", flat=True)[:MOST_ROWS])
    if likeness.org_unit_id:
        here = namesakes.filter(
            places__org_unit_id=likeness.org_unit_id, places__org_unit__kind=OrgUnit.Kind.PROJECT_TEAM
        )
        found = list(here.values_list("pk", flat=True)[: MOST_NAMESAKES + 1])
        yield "same_place", found if len(found) <= MOST_NAMESAKES else []


def _sounds(name: str) -> list[str]:
    """Return the syllables of a name, the surname's first."""
    return pinyin_key(name).split(" ")[:-1]


def _by_contact(likeness: Likeness) -> list[tuple[str, UUID]]:
    """Look every contact up at once: whole values, and the last four digits of phones."""
    values = [
        *_read(PHONE, likeness.phones),
        *_read(EMAIL, likeness.emails),
        *_read(ADDRESS, likeness.addresses),
    ]
    last_four = {value.last_four for value in values if value.last_four}
    last_four |= {last_four_index(PHONE, digits) for digits in _short_phones(likeness.phones)}
    if not values and not last_four:
        return []
    reasons = {(value.kind, value.index): f"same_{value.kind}" for value in values}
    whole = ContactPoint.objects.filter(value_index__in=[value.index for value in values])
    columns = ("kind", "value_index", "customer_id")
    rows = list(whole.values_list(*columns)[:MOST_ROWS])
    found = [
        (reasons[kind, bytes(index)], customer_id)
        for kind, index, customer_id in rows
        if (kind, bytes(index)) in reasons
    ]
    if last_four and (sounds := _sounds(likeness.name)):
        # One phone in ten thousand ends alike: that is hundreds, and nearly all have other surnames.
        ended_alike = ContactPoint.objects.filter(
            last_four_index__in=last_four, customer__name_tokens__matches=[sounds[0]]
        )
        found += [
            ("same_last_four", pk) for pk in ended_alike.values_list("customer_id", flat=True)[:MOST_ROWS]
        ]
    return found


def _read(kind: str, values: Iterable[str]) -> list[ContactValue]:
    """Bring values to one form; what is not yet valid is left out."""
    found = []
    for value in values:
        try:
            found.append(read_contact(kind, value))
        except InvalidInput:
            continue
    return found


def _short_phones(phones: Iterable[str]) -> set[str]:
    return {phone.strip() for phone in phones if re.fullmatch(r"\s*\d{4}\s*", phone)}


def _identity(raw: str) -> bytes | None:
    try:
        return identity_index(read_identity(raw).number) if raw else None
    except InvalidInput:
        return None


def _judge(customer: Customer, signs: set[str], mine: Particulars, *, is_visible: bool) -> Candidate | None:
    strong = tuple(sign for sign in STRONG if sign in signs)
    if not is_visible:
        return (
            Candidate(None, round(likelihood(strong, Particulars(), Particulars()), 2), strong)
            if strong
            else None
        )
    identity = bytes(customer.identity_index) if customer.identity_index else None
    theirs = Particulars(
        name_key=customer.pinyin, sex=customer.sex, birth_date=customer.birth_date, identity=identity
    )
    if mine.identity and identity and mine.identity != identity:
        return None
    alike = compare_names(mine.name_key, theirs.name_key)
    score = likelihood(signs, mine, theirs)
    if not strong and (alike not in ALIKE or score < LEAST_LIKELY):
        return None
    reasons = [sign for sign in ORDER if sign in signs]
    if "same_phone" in signs and "same_last_four" in signs:
        reasons.remove("same_last_four")
    return Candidate(customer, round(score, 2), (*reasons, alike) if alike else tuple(reasons))

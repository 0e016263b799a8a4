"""What the pages of group complaints show."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case, CostLine, Settlement
from hearth.cases.permissions import CHANGE_CASE
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.group_cases.levels import thresholds
from hearth.group_cases.models import (
    GroupCase,
    GroupCaseQuerySet,
    GroupChild,
    GroupHousehold,
    GroupSign,
    GroupTelling,
    LevelChange,
)
from hearth.group_cases.services.levels import rules_at

HouseholdState = Literal["settled", "waits", "open", "none"]
MOST_NUMBERS = 200
STATE_COLOURS = {"settled": "green", "waits": "orange", "open": "blue", "none": "secondary"}


class CaseUnknown(InvalidInput):
    """A number names a case that the actor may change."""

    code = "case_unknown"
    message = _("There is no case %(number)s that you may change.")


class NumbersUnlikely(InvalidInput):
    """Numbers are parted by spaces or commas."""

    code = "numbers_unlikely"
    message = _("Write the numbers of cases, such as 12 15 18; two hundred at most.")


def cases_by_number(actor: Actor, text: str) -> Sequence[Case]:
    """Return the cases that are named, which the actor may change; one query.

    :raises NumbersUnlikely: if it is no list of numbers
    :raises CaseUnknown: if one of them names none
    """
    words = text.replace(",", " ").replace("\N{FULLWIDTH COMMA}", " ").replace("、", " ").split()
    words = list(dict.fromkeys(word.lstrip("#") for word in words))
    is_fine = all(word.isascii() and word.isdigit() and len(word) < 10 for word in words)
    if not words or len(words) > MOST_NUMBERS or not is_fine:
        raise NumbersUnlikely("numbers")
    found = Case.objects.visible_with(actor, CHANGE_CASE).filter(number__in=map(int, words))
    cases = {case.number: case for case in found.select_related("project", "unit")}
    for word in words:
        if int(word) not in cases:
            raise CaseUnknown("numbers", number=f"#{word}")
    return [cases[int(word)] for word in words]


def group_list(actor: Actor) -> GroupCaseQuerySet:
    """The group complaints the actor may see, with what their page names."""
    return GroupCase.objects.visible_to(actor).select_related("project", "org_unit", "cause__parent")


@dataclass(frozen=True)
class HouseholdLine:
    """A household, the cases it raised, how they stand and what was paid to it."""

    household: GroupHousehold
    cases: Sequence[GroupChild]
    state: HouseholdState
    paid_amount: Decimal

    @property
    def state_label(self) -> str:
        return {
            "settled": pgettext("household of a group complaint", "settled"),
            "waits": gettext("waits for approval"),
            "open": pgettext("household of a group complaint", "open"),
            "none": gettext("without a case"),
        }[self.state]

    @property
    def colour(self) -> str:
        return STATE_COLOURS[self.state]


@dataclass(frozen=True)
class Standing:
    """How far the households of a group complaint are settled."""

    lines: Sequence[HouseholdLine]
    anonymous: Sequence[GroupChild]

    @property
    def settled(self) -> int:
        return sum(line.state == "settled" for line in self.lines)

    @property
    def percent(self) -> int:
        return round(100 * self.settled / len(self.lines)) if self.lines else 0

    @property
    def paid_amount(self) -> Decimal:
        return sum((line.paid_amount for line in self.lines), Decimal(0))


def standing_of(group: GroupCase, actor: Actor) -> Standing:
    """Return household by household how its cases are settled and what was paid; four queries.

    A household is settled when each of its cases has a settlement that stands and needs nobody's approval.
    """
    households = list(
        GroupHousehold.objects.visible_to(actor)
        .present()
        .filter(group_case=group)
        .select_related("customer", "unit__building")
        .order_by("-is_representative", "joined_at", "id")
    )
    children = list(
        GroupChild.objects.visible_to(actor)
        .present()
        .filter(group_case=group)
        .select_related("case")
        .order_by("case__opened_at", "id")
    )
    ids = [child.case_id for child in children]
    said = Settlement.objects.standing().filter(case__in=ids)
    settled = {row.case_id: row for row in said}
    paid = _paid(ids)
    of_household = defaultdict(list)
    for child in children:
        of_household[child.household_id].append(child)
    lines = [
        HouseholdLine(
            household,
            own := of_household[household.pk],
            _state([settled.get(child.case_id) for child in own]),
            sum((paid.get(child.case_id, Decimal(0)) for child in own), Decimal(0)),
        )
        for household in households
    ]
    return Standing(lines, of_household[None])


def _paid(ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """Sum what was paid or given to the customers of cases, without what the developer spent on its own repair."""
    given = CostLine.objects.filter(case__in=ids, struck_out_at=None).exclude(
        kind__in=(CostLine.Kind.REPAIR, CostLine.Kind.LEGAL)
    )
    return dict(given.values_list("case").annotate(total=Sum("amount")))


def _state(settlements: Sequence[Settlement | None]) -> HouseholdState:
    if not settlements:
        return "none"
    if any(row is None for row in settlements):
        return "open"
    return "settled" if all(row.is_approved for row in settlements if row) else "waits"


def group_story(group: GroupCase, actor: Actor) -> dict[str, Any]:
    """Return what the page of a group complaint shows beside the row itself; ten queries."""
    left = GroupHousehold.objects.visible_to(actor).filter(group_case=group, left_at__isnull=False)
    return {
        "standing": standing_of(group, actor),
        "left": left.select_related("customer").order_by("-left_at", "-id")[:50],
        "signs": GroupSign.objects.visible_to(actor)
        .filter(group_case=group)
        .select_related("user")
        .order_by("-seen_at", "-id"),
        "level_changes": LevelChange.objects.visible_to(actor)
        .filter(group_case=group)
        .select_related("user")
        .order_by("-created_at", "-id"),
        "tellings": GroupTelling.objects.visible_to(actor)
        .filter(group_case=group)
        .select_related("place")
        .order_by("tell_at", "id"),
        "thresholds": [
            (Case.GroupLevel(level).label, number) for level, number in thresholds(rules_at(group))
        ],
        "sees_customer": actor.can(VIEW_CUSTOMER, group.org_unit_id),
    }

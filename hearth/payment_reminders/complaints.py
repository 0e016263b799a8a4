"""Whom the system does not write to about money: households whose severe complaint, or one of many, is open."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from hearth.cases.models import Case
from hearth.customers.models import Customer
from hearth.group_cases.models import GroupCase, GroupHousehold

SEVERE = (Case.Grade.HOT, Case.Grade.MAJOR)


Complaint = tuple[UUID | None, UUID | None, str]


def open_complaints(customer_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return, of those customers who are to be spared, which complaint says why; three queries.

    The complaint may be of anybody in the household.
    """
    people: dict[UUID, UUID | None] = dict(
        Customer.objects.filter(pk__in=customer_ids).values_list("pk", "household_id")
    )
    keys = [*people, *filter(None, people.values())]
    because: dict[UUID, str] = {}
    for person, household, words in [*_severe(keys), *_of_many(keys)]:
        because |= {key: words for key in (person, household) if key}
    found = {
        person: because.get(person) or because.get(household or person)
        for person, household in people.items()
    }
    return {person: words for person, words in found.items() if words}


def _whose(keys: Collection[UUID]) -> Q:
    return Q(customer__in=keys) | Q(customer__household__in=keys)


def _severe(keys: Collection[UUID]) -> list[Complaint]:
    rows = Case.objects.open().filter(_whose(keys), kind=Case.Kind.COMPLAINT, grade__in=SEVERE)
    found = rows.values_list("customer_id", "customer__household_id", "number", "grade")
    words = dict(Case.Grade.choices)
    return [(who, household, f"#{number} {words[grade]}") for who, household, number, grade in found]


def _of_many(keys: Collection[UUID]) -> list[Complaint]:
    rows = GroupHousehold.objects.present().filter(_whose(keys), group_case__state=GroupCase.State.OPEN)
    found = rows.values_list("customer_id", "customer__household_id", "group_case__number")
    return [
        (who, household, gettext("group complaint #%(number)s") % {"number": number})
        for who, household, number in found
    ]

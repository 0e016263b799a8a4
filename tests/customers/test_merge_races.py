"""Two people merge the same customer in the same second; commits are real."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.customers.models import Customer, CustomerMerge
from hearth.customers.services import merge_customers, undo_merge
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("test")


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Start acts in the same moment and return what became of each: nothing, or the code of the refusal."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            barrier.wait(20)
            act()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_a_customer_wanted_by_two_merges_goes_to_one(company: OrgUnit, now: datetime) -> None:
    one, wanted, other = (make_customer(company) for _number in range(3))

    outcome = at_once(
        lambda: merge_customers(one, [wanted], actor=SYSTEM, now=now),
        lambda: merge_customers(other, [wanted], actor=SYSTEM, now=now),
    )

    assert outcome == ["", "already_merged"]
    assert CustomerMerge.objects.count() == 1


def test_two_merges_of_one_pair_in_both_directions_do_not_wait_for_each_other(
    company: OrgUnit, now: datetime
) -> None:
    one, other = make_customer(company), make_customer(company)

    outcome = at_once(
        lambda: merge_customers(one, [other], actor=SYSTEM, now=now),
        lambda: merge_customers(other, [one], actor=SYSTEM, now=now),
    )

    assert outcome == ["", "already_merged"]
    assert Customer.objects.filter(merged_into=None).count() == 1


def test_a_merge_is_undone_by_one_of_two(company: OrgUnit, now: datetime) -> None:
    made = merge_customers(make_customer(company), [make_customer(company)], actor=SYSTEM, now=now)

    outcome = at_once(
        lambda: undo_merge(made, actor=SYSTEM, now=now),
        lambda: undo_merge(made, actor=SYSTEM, now=now),
    )

    assert outcome == ["", "merge_already_undone"]

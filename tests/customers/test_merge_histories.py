"""Merge and undo over random histories of all apps: what was is what is, and nothing that came since is lost."""

from contextlib import suppress
from random import Random

import pytest
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hearth.core.errors import DomainError
from hearth.customers.following import followings
from hearth.customers.merge_fields import FIELDS
from hearth.customers.models import ContactPoint, Customer, CustomerMerge
from hearth.customers.services import (
    SuggestedDuplicate,
    form_household,
    merge_customers,
    suggest_duplicates,
    undo_merge,
)
from hearth.organization.models import OrgUnit
from hearth.sales.models import Payment
from tests.customers.builders import make_customer
from tests.customers.histories import BY_MERGES, ROWS, SYSTEM, everything, later
from tests.organization.builders import make_group

NAMES = ("王建国", "王建國", "欧阳娜娜", "Wang Jianguo")
IDENTITIES = ("", "", "", "11010519491231002X", "440524188001010014")
SEEDS = st.integers(min_value=0, max_value=2**32)


def write_history(random: Random) -> tuple[list[Customer], OrgUnit]:
    """Record a few people who may be the same, with rows of every app."""
    group = make_group()
    company = OrgUnit.objects.get(code="SZ", path__startswith=group.path)
    identities = [random.choice(IDENTITIES) for _number in range(5)]
    people = [
        make_customer(
            company,
            name=random.choice(NAMES),
            phone=f"1390000{random.randrange(4):04d}",
            at=later(-random.randrange(400)),
            identity_number=number if number and identities.index(number) == place else "",
            note=random.choice(["", "怕吵"]),
            sex=random.choice(["", "male"]),
            external_key=random.choice(["", f"K{place}"]),
        )
        for place, number in enumerate(identities)
    ]
    if random.random() < 0.5:
        form_household(random.sample(people, 2), actor=SYSTEM, now=later(0))
    for make_row in random.choices(list(ROWS.values()), k=24):
        make_row(random.choice(people), company, random)
    chosen = [random.sample(people, 2) for _number in range(4)]
    pairs = [SuggestedDuplicate(one.pk, other.pk, random.random(), ["same_phone"]) for one, other in chosen]
    suggest_duplicates(pairs, actor=SYSTEM, now=later(0))
    return people, company


def merge_at_random(random: Random, people: list[Customer], day: int) -> CustomerMerge | None:
    """Merge two or three of those still apart, with some values chosen; None when the rules refuse."""
    apart = list(Customer.objects.filter(pk__in=[row.pk for row in people], merged_into=None).order_by("id"))
    if len(apart) < 2:
        return None
    chosen = random.sample(apart, min(len(apart), random.choice([2, 2, 3])))
    fields = random.sample(list(FIELDS), random.randrange(4))
    values = {field: random.choice(chosen).pk for field in fields}
    with suppress(DomainError):
        return merge_customers(chosen[0], chosen[1:], values=values, actor=SYSTEM, now=later(day))
    return None


@pytest.mark.slow
class RandomHistories(TestCase):
    @pytest.mark.requirement("S133")
    @settings(max_examples=20, deadline=None)
    @given(SEEDS)
    def test_merge_then_undo_is_the_identity_on_every_table(self, seed: int) -> None:
        random = Random(seed)
        people, _company = write_history(random)
        moments = []
        for day in range(3):
            before = everything()
            if made := merge_at_random(random, people, day):
                moments.append((made, before))

        for made, before in reversed(moments):
            undo_merge(made, actor=SYSTEM, now=later(30))

            assert everything() == before

    @settings(max_examples=12, deadline=None)
    @given(SEEDS)
    def test_nothing_that_came_since_is_lost_or_left_on_a_hidden_record(self, seed: int) -> None:
        random = Random(seed)
        people, company = write_history(random)
        merges = [made for day in range(2) if (made := merge_at_random(random, people, day))]
        for make_row in random.choices(list(ROWS.values()), k=10):
            apart = Customer.objects.filter(pk__in=[row.pk for row in people], merged_into=None)
            make_row(random.choice(list(apart.order_by("id"))), company, random)
        sizes = {label: len(rows) for label, rows in everything().items()}

        for made in reversed(merges):
            undo_merge(made, actor=SYSTEM, now=later(30))

        assert {label: len(rows) for label, rows in everything().items()} == sizes
        assert not Customer.objects.filter(merged_into__isnull=False).exists()
        strangers = Payment.objects.exclude(contract__customer=F("customer"))
        assert not strangers.filter(contract__isnull=False).exists()
        kinds = ContactPoint.objects.values_list("customer", "kind")
        preferred = ContactPoint.objects.filter(is_primary=True).values_list("customer", "kind")
        assert set(kinds) == set(preferred)


def test_histories_write_rows_of_every_table_that_follows() -> None:
    moving = {key for key, following in followings.items() if following.moves}

    assert sorted(moving ^ (set(ROWS) | BY_MERGES)) == [], "add a function to tests/customers/histories.py"

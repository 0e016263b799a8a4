"""Pairs that may be one customer enter the queue once, and what was judged is not asked again."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import Customer, DuplicatePair
from hearth.customers.permissions import CHANGE_CUSTOMER, MERGE_CUSTOMER
from hearth.customers.services import Suggested, SuggestedDuplicate, suggest_duplicates
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db


def suggest(one: Customer, other: Customer, *, score: float = 0.9, at: datetime) -> Suggested:
    row = SuggestedDuplicate(one.pk, other.pk, score, ("same_phone", "same_name"))
    return suggest_duplicates([row], actor=Actor.system("test"), now=at)


def pairs() -> list[tuple[str, float, str]]:
    rows = DuplicatePair.objects.order_by("id").select_related("second")
    return [(pair.second.name, pair.score, pair.state) for pair in rows]


def test_a_pair_is_kept_once_whichever_comes_first(company: OrgUnit, now: datetime) -> None:
    one, other = make_customer(company, name="王小二"), make_customer(company, name="王晓二")

    first = suggest(one, other, at=now)
    second = suggest(other, one, at=now)

    pair = DuplicatePair.objects.get()
    assert (first, second) == (Suggested(1, 0), Suggested(0, 0))
    assert (pair.first, pair.second, pair.reasons) == (one, other, ["same_phone", "same_name"])
    assert EventRecord.objects.filter(type="duplicates.suggested").count() == 1


def test_a_pair_that_waits_gets_the_newer_score(company: OrgUnit, now: datetime) -> None:
    one, other = make_customer(company), make_customer(company, name="李四")
    suggest(one, other, score=0.7, at=now)

    refreshed = suggest(one, other, score=0.95, at=now + timedelta(days=1))

    assert refreshed == Suggested(0, 1)
    assert pairs() == [("李四", 0.95, "open")]


def test_a_pair_judged_different_is_not_suggested_again(company: OrgUnit, now: datetime) -> None:
    one, other = make_customer(company), make_customer(company, name="李四")
    suggest(one, other, score=0.7, at=now)
    DuplicatePair.objects.update(state=DuplicatePair.State.DIFFERENT)

    again = suggest(one, other, score=0.99, at=now)

    assert again == Suggested(0, 0)
    assert pairs() == [("李四", 0.7, "different")]


def test_a_judgement_holds_for_the_record_that_took_one_of_the_two_in(
    company: OrgUnit, now: datetime
) -> None:
    one, other, survivor = (make_customer(company) for _number in range(3))
    suggest(one, other, at=now)
    DuplicatePair.objects.update(state=DuplicatePair.State.DIFFERENT)
    Customer.objects.filter(pk=one.pk).update(merged_into=survivor)

    again = suggest(survivor, other, at=now)

    assert again == Suggested(0, 0)


def test_a_merged_record_stands_for_its_survivor(company: OrgUnit, now: datetime) -> None:
    one, other, survivor = (make_customer(company) for _number in range(3))
    Customer.objects.filter(pk=one.pk).update(merged_into=survivor)

    suggest(one, other, at=now)
    suggest(one, survivor, at=now)

    pair = DuplicatePair.objects.get()
    assert {pair.first, pair.second} == {survivor, other}


def test_two_identity_numbers_are_no_pair(company: OrgUnit, now: datetime) -> None:
    one = make_customer(company, identity_number="11010519491231002X")
    other = make_customer(company, identity_number="440524188001010014")

    assert suggest(one, other, at=now) == Suggested(0, 0)


def test_a_record_of_the_demo_and_a_real_one_are_no_pair(company: OrgUnit, now: datetime) -> None:
    one, other = make_customer(company), make_customer(company, is_sample=True)

    assert suggest(one, other, at=now) == Suggested(0, 0)


def test_many_pairs_take_as_many_queries_as_one(
    company: OrgUnit, now: datetime, actor: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [make_customer(company) for _number in range(5)]
    rows = [(people[0].pk, other.pk, 0.8, ["same_phone"]) for other in people[1:]]

    with django_assert_num_queries(5):
        suggested = suggest_duplicates(rows, actor=actor, now=now)

    assert suggested == Suggested(4, 0)


def test_who_may_merge_nowhere_suggests_nothing(company: OrgUnit, now: datetime) -> None:
    clerk = make_actor(company, CHANGE_CUSTOMER)

    with pytest.raises(NotAllowed):
        suggest_duplicates([], actor=clerk, now=now)


def test_a_pair_is_seen_by_who_may_merge_both(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    here, there = make_customer(company), make_customer(neighbour)
    both = make_customer(company, org_unit_ids=(neighbour.pk,))
    suggest(here, there, at=now)
    suggest(here, both, at=now)
    rights = ("customers.view", MERGE_CUSTOMER)

    seen = DuplicatePair.objects.visible_to(make_actor(company, *rights))

    assert {pair.second for pair in seen} == {both}
    assert DuplicatePair.objects.visible_to(make_actor(company, "customers.view")).count() == 0

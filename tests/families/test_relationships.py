"""Who belongs to whom, without contradiction."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.families.models import Relationship
from hearth.families.picture import draw_family
from hearth.families.selectors import relatives_of
from hearth.families.services import (
    RelatedToThemselves,
    RelationshipContradicts,
    RelationshipGoesRound,
    RelationshipKnown,
    RelationshipOver,
    end_relationship,
    relate,
)
from hearth.organization.models import OrgUnit
from tests.customers.builders import NOW, make_customer
from tests.families.builders import make_relationship
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(company: OrgUnit) -> list[Customer]:
    """Three generations, strangers to each other until a test relates them."""
    return [make_customer(company, name=name) for name in ("祖父", "父亲", "孩子")]


@pytest.mark.requirement("S18")
def test_each_side_is_named_by_what_it_is_to_the_other(actor: Actor, company: OrgUnit) -> None:
    child = make_customer(company, name="王小明")
    father, friend = make_customer(company, name="王父"), make_customer(company, name="老李")
    make_relationship(father, child, kind="parent")
    make_relationship(friend, child, kind="referrer")
    make_relationship(child, father, kind="payer")

    with override("en"):
        of_child = [(each.customer.name, each.word) for each in relatives_of(child, actor)]
        of_father = [(each.customer.name, each.word) for each in relatives_of(father, actor)]

    assert of_child == [("王父", "parent"), ("老李", "referred by"), ("王父", "pays for")]
    assert of_father == [("王小明", "child"), ("王小明", "payer")]


@pytest.mark.requirement("S18")
def test_a_company_has_people_in_positions(actor: Actor, company: OrgUnit) -> None:
    firm = make_customer(company, name="安居贸易有限公司", kind="company")
    buyer = make_customer(company, name="采购员")

    make_relationship(buyer, firm, kind="contact", position="采购经理")

    (contact,) = relatives_of(firm, actor)
    assert (contact.customer, contact.position) == (buyer, "采购经理")


def test_both_timelines_tell_of_it(actor: Actor, people: list[Customer], now: datetime) -> None:
    _grandfather, father, child = people
    relationship = make_relationship(father, child)

    end_relationship(relationship, last_day=date(2026, 3, 18), actor=actor, now=now)

    events = EventRecord.objects.filter(subject_id=relationship.pk).order_by("position")
    assert [(event.type, event.customer_id, event.payload["is_reversed"]) for event in events] == [
        ("relationship.started", father.pk, True),
        ("relationship.started", child.pk, False),
        ("relationship.ended", father.pk, True),
        ("relationship.ended", child.pk, False),
    ]
    assert events[0].payload == {"kind": "parent", "other_id": str(child.pk), "is_reversed": True}


@pytest.mark.parametrize("kind", ["parent", "referrer"])
def test_nobody_is_above_themselves_not_even_through_others(
    actor: Actor, people: list[Customer], kind: str
) -> None:
    grandfather, father, child = people
    make_relationship(grandfather, father, kind=kind)
    make_relationship(father, child, kind=kind)

    with pytest.raises(RelationshipGoesRound):
        relate(child, grandfather, kind=kind, actor=actor, now=NOW)


def test_nobody_is_their_own_parent(actor: Actor, people: list[Customer]) -> None:
    with pytest.raises(RelatedToThemselves):
        relate(people[0], people[0], kind="parent", actor=actor, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Relationship.objects.create(
            customer=people[0], other=people[0], kind="agent", created_at=NOW, updated_at=NOW
        )


def test_the_same_is_not_recorded_twice_and_a_marriage_not_from_the_other_side(
    actor: Actor, people: list[Customer]
) -> None:
    one, another, _child = people
    make_relationship(one, another, kind="spouse")

    with pytest.raises(RelationshipKnown):
        relate(one, another, kind="spouse", actor=actor, now=NOW)
    with pytest.raises(RelationshipKnown):
        relate(another, one, kind="spouse", actor=actor, now=NOW)


def test_what_another_relation_excludes_is_refused_with_the_reason(
    actor: Actor, people: list[Customer], company: OrgUnit
) -> None:
    one, another, child = people
    make_relationship(one, another, kind="spouse")
    make_relationship(one, child, kind="referrer")
    firm = make_customer(company, kind="company", name="公司")

    refused = [
        (child, one, "spouse", "another spouse"),
        (one, another, "parent", "cannot be the spouse"),
        (another, child, "referrer", "already referred"),
        (firm, child, "parent", "Only people"),
        (one, child, "contact", "at a company"),
    ]

    for customer, other, kind, words in refused:
        with pytest.raises(RelationshipContradicts) as refusal:
            relate(customer, other, kind=kind, actor=actor, now=NOW)
        with override("en"):
            assert words in str(refusal.value)


def test_a_parent_is_older_than_their_child(actor: Actor, company: OrgUnit) -> None:
    old = make_customer(company, birth_date=date(1960, 1, 1))
    young = make_customer(company, birth_date=date(1990, 1, 1))

    with pytest.raises(RelationshipContradicts):
        relate(young, old, kind="parent", actor=actor, now=NOW)


def test_after_a_divorce_another_marriage_is_possible(actor: Actor, people: list[Customer]) -> None:
    one, another, third = people
    marriage = make_relationship(one, another, kind="spouse", valid_from=date(2020, 1, 1))

    end_relationship(marriage, last_day=date(2026, 1, 1), actor=actor, now=NOW)
    make_relationship(one, third, kind="spouse")

    assert [(each.customer, each.is_over) for each in relatives_of(one, actor)] == [
        (third, False),
        (another, True),
    ]


def test_what_has_ended_ends_no_more_and_nothing_ends_before_it_begins(
    actor: Actor, people: list[Customer]
) -> None:
    relationship = make_relationship(people[0], people[1], kind="agent", valid_from=date(2026, 2, 1))

    with pytest.raises(RelationshipOver):
        end_relationship(relationship, last_day=date(2026, 1, 1), actor=actor, now=NOW)
    end_relationship(relationship, last_day=date(2026, 3, 1), actor=actor, now=NOW)
    with pytest.raises(RelationshipOver):
        end_relationship(relationship, last_day=date(2026, 3, 2), actor=actor, now=NOW)


def test_who_may_change_one_side_may_relate_both(
    company: OrgUnit, neighbour: OrgUnit, people: list[Customer]
) -> None:
    abroad = make_customer(neighbour)

    with pytest.raises(NotAllowed):
        relate(people[0], abroad, kind="agent", actor=make_actor(company, VIEW_CUSTOMER), now=NOW)
    relate(abroad, people[0], kind="agent", actor=make_actor(company, CHANGE_CUSTOMER), now=NOW)


def test_who_is_not_visible_is_not_shown(
    company: OrgUnit, neighbour: OrgUnit, people: list[Customer]
) -> None:
    make_relationship(make_customer(neighbour), people[0], kind="payer")

    assert relatives_of(people[0], make_actor(company, VIEW_CUSTOMER)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_relatives_take_two_queries_for_any_number(
    actor: Actor, company: OrgUnit, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    centre = make_customer(company)
    for _number in range(count):
        make_relationship(make_customer(company), centre, kind="agent")

    with django_assert_num_queries(2):
        assert len(relatives_of(centre, actor)) == count


def test_the_picture_puts_parents_above_and_children_below(
    actor: Actor, company: OrgUnit, people: list[Customer]
) -> None:
    grandfather, father, child = people
    mother = make_customer(company, name="母亲欧阳娜娜女士")
    make_relationship(grandfather, father)
    make_relationship(father, child)
    make_relationship(father, mother, kind="spouse")
    for _number in range(3):
        make_relationship(father, make_customer(company))

    picture = draw_family(father, relatives_of(father, actor))

    assert picture
    places = {box.customer.pk: box.y for box in picture.boxes}
    assert places[grandfather.pk] < picture.centre.y == places[mother.pk] < max(places.values())
    assert (len(picture.boxes), picture.left_out) == (5, 1)
    assert "母亲欧阳娜…" in {box.name for box in picture.boxes}
    corners = sorted(box.x for box in picture.boxes if box.y > picture.centre.y)
    assert corners[0] >= 0
    assert corners[-1] + picture.box_width <= picture.width
    assert len(picture.lines) == len(picture.boxes)


def test_who_has_no_family_has_no_picture(actor: Actor, people: list[Customer]) -> None:
    make_relationship(people[0], people[1], kind="agent")

    assert draw_family(people[1], relatives_of(people[1], actor)) is None

"""The completeness that lists sort by is the one that the customer's page computes, whatever changed the record."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.models import EventRecord
from hearth.customers.models import ContactPoint, Customer, CustomerCompleteness, CustomerMerge, CustomerPlace
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.services import (
    form_household,
    join_household,
    leave_household,
    merge_customers,
    remove_contact_point,
    undo_merge,
    update_customer,
)
from hearth.customers.words import OWNER_STAGES
from hearth.families.completeness import COMPLETENESS, ITEMS, SHIPPED
from hearth.families.jobs import weigh_again
from hearth.families.models import NeedProfile, Relationship
from hearth.families.selectors import completeness_of, present_need
from hearth.families.services import end_relationship
from hearth.families.services.completeness import weigh_portion
from hearth.families.subscribers import weigh_by_new_rules
from hearth.lists.definitions import lists
from hearth.lists.selectors.rows import read_batch
from hearth.organization.models import OrgUnit
from hearth.organization.services import set_setting
from hearth.privacy.services import erase_person
from hearth.segments.explanation import contains_customer
from tests.customers.builders import make_customer, make_profile
from tests.customers.histories import NOW, ROWS, SYSTEM, later
from tests.customers.test_merge_histories import write_history
from tests.families.builders import make_relationship
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries
from tests.segments.builders import make_segment

SEEDS = st.integers(min_value=0, max_value=2**32)
People = list[Customer]
Act = Callable[[Customer, OrgUnit, Random], object]


def kept() -> dict[str, int]:
    return {
        f"#{number}": percent
        for number, percent in CustomerCompleteness.objects.values_list("customer__number", "percent")
    }


def computed() -> dict[str, int]:
    known = Customer.objects.filter(places__isnull=False).select_related("profile").distinct()
    hidden = Customer.objects.filter(places__isnull=True, completeness__isnull=False).select_related(
        "profile"
    )
    return {
        f"#{row.number}": completeness_of(row, need=present_need(row)).percent for row in [*known, *hidden]
    }


def change_fields(customer: Customer, company: OrgUnit, random: Random) -> None:
    values: dict[str, Any] = {
        "sex": random.choice(["", "male"]),
        "birth_date": random.choice([None, date(1980, 2, 3)]),
        "occupation": random.choice(["", "教师"]),
        "source": random.choice(["", "web"]),
    }
    name = random.choice(list(values))
    update_customer(customer, actor=SYSTEM, now=NOW, **{name: values[name]})


def change_many(customer: Customer, company: OrgUnit, random: Random) -> None:
    Customer.objects.filter(merged_into=None).update(occupation=random.choice(["", "医生"]), source="")


def lose_contact(customer: Customer, company: OrgUnit, random: Random) -> None:
    point = ContactPoint.objects.filter(customer=customer, is_valid=True).order_by("id").first()
    if point:
        remove_contact_point(point, actor=SYSTEM, now=NOW)


def delete_contacts(customer: Customer, company: OrgUnit, random: Random) -> None:
    ContactPoint.objects.filter(customer=customer).delete()


def block_contact(customer: Customer, company: OrgUnit, random: Random) -> None:
    ContactPoint.objects.filter(customer=customer).update(is_blocked=random.random() < 0.5)


def score(customer: Customer, company: OrgUnit, random: Random) -> None:
    make_profile(customer, owner_stage=random.choice([*OWNER_STAGES, "potential"]))


def forget_score(customer: Customer, company: OrgUnit, random: Random) -> None:
    from hearth.customers.services import forget_profiles  # noqa: PLC0415

    forget_profiles([customer.pk])


def live_together(customer: Customer, company: OrgUnit, random: Random) -> None:
    other = Customer.objects.filter(merged_into=None).exclude(pk=customer.pk).order_by("id").first()
    if other and other.household:
        join_household(customer, other.household, actor=SYSTEM, now=NOW)
    elif other:
        form_household([other, customer], actor=SYSTEM, now=NOW)


def live_apart(customer: Customer, company: OrgUnit, random: Random) -> None:
    leave_household(customer, actor=SYSTEM, now=NOW)


def state_more(customer: Customer, company: OrgUnit, random: Random) -> None:
    NeedProfile.objects.create(
        customer=customer,
        purpose=random.choice(["", "upgrade"]),
        budget_to_amount=random.choice([None, Decimal(0), Decimal(3)]),
        motives=random.choice([[], ["school"]]),
        timing=random.choice(["", "now"]),
        decision_makers=random.choice(["", "全家"]),
        is_blocked=random.random() < 0.2,
        created_at=later(random.randrange(9)),
        updated_at=NOW,
    )


def block_needs(customer: Customer, company: OrgUnit, random: Random) -> None:
    NeedProfile.objects.filter(customer=customer).update(is_blocked=True)


def end_relations(customer: Customer, company: OrgUnit, random: Random) -> None:
    for row in Relationship.objects.of(customer.pk).open():
        end_relationship(row, last_day=date(2026, 3, 18), actor=SYSTEM, now=NOW)


def delete_relations(customer: Customer, company: OrgUnit, random: Random) -> None:
    Relationship.objects.of(customer.pk).delete()


def forget_first_place(customer: Customer, company: OrgUnit, random: Random) -> None:
    places = list(CustomerPlace.objects.filter(customer=customer).order_by("id"))
    if len(places) > 1:
        places[0].delete()


def merge(customer: Customer, company: OrgUnit, random: Random) -> None:
    others = list(Customer.objects.filter(merged_into=None).exclude(pk=customer.pk).order_by("id"))
    if others:
        merge_customers(customer, [random.choice(others)], actor=SYSTEM, now=NOW)


def undo(customer: Customer, company: OrgUnit, random: Random) -> None:
    made = CustomerMerge.objects.order_by("-id").first()
    if made:
        undo_merge(made, actor=SYSTEM, now=later(1))


def erase(customer: Customer, company: OrgUnit, random: Random) -> None:
    if random.random() < 0.3:
        erase_person(customer, actor=SYSTEM, now=NOW)


def weigh_otherwise(customer: Customer, company: OrgUnit, random: Random) -> None:
    place = random.choice([company, company.parent, company.parent.parent])  # type: ignore[union-attr]
    rules = {
        random.choice(list(OWNER_STAGES)): {
            item: random.randrange(1, 11) for item in random.sample(list(ITEMS), random.randrange(4))
        }
        for _number in range(2)
    }
    set_setting(
        COMPLETENESS.key,
        actor=SYSTEM,
        now=NOW,
        org_unit=place or company,
        value=rules,
        is_locked=random.random() < 0.3,
    )
    weigh_everything((place or company).path)


def weigh_everything(path: str) -> None:
    """Do what the jobs do one after another, in portions of two."""
    waiting = [""]
    while waiting:
        weigh_portion(path, after=waiting.pop(), go_on=waiting.append, portion=2)


ACTS: list[Act] = [
    change_fields,
    change_fields,
    change_many,
    lose_contact,
    delete_contacts,
    block_contact,
    score,
    score,
    forget_score,
    live_together,
    live_apart,
    state_more,
    state_more,
    block_needs,
    end_relations,
    delete_relations,
    forget_first_place,
    merge,
    merge,
    undo,
    undo,
    erase,
    weigh_otherwise,
]


@pytest.mark.slow
@pytest.mark.timeout(900)
class RandomHistories(TestCase):
    @pytest.mark.requirement("S45")
    @settings(max_examples=15, deadline=None)
    @given(SEEDS)
    def test_what_is_kept_is_what_is_computed(self, seed: int) -> None:
        random = Random(seed)
        _people, company = write_history(random)
        assert kept() == computed()

        for act in random.choices([*ACTS, *ROWS.values()], k=30):
            apart = list(Customer.objects.filter(merged_into=None, erased_at=None).order_by("id"))
            with suppress(DomainError), transaction.atomic():
                act(random.choice(apart), company, random)

            assert kept() == computed(), getattr(act, "__name__", act)


@pytest.mark.django_db
@pytest.mark.parametrize("stage", [*OWNER_STAGES, "potential"])
@pytest.mark.parametrize("item", sorted(ITEMS))
def test_the_database_weighs_each_item_of_each_stage_as_it_ships(
    stage: str, item: str, company: OrgUnit
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT families_weights(%s, %s)", [company.pk, stage])
        (weights,) = cursor.fetchone()

    shipped = SHIPPED[stage if stage in SHIPPED else "prospect"]
    assert dict(zip(ITEMS, weights, strict=True))[item] == shipped.get(item, 0)
    assert len(weights) == len(ITEMS)


@pytest.mark.django_db
def test_a_change_of_weights_measures_those_below_in_portions(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    here, there = make_customer(company), make_customer(neighbour)
    many = [make_customer(company) for _number in range(4)]
    before = CustomerCompleteness.objects.get(customer=there).percent

    set_setting(
        COMPLETENESS.key, actor=actor, now=now, org_unit=company, value={"prospect": {"phone": 1, "sex": 1}}
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'core.deliver_events'")
        assert any("weigh_by_new_rules" in str(args) for (args,) in cursor.fetchall())
    weigh_by_new_rules(EventRecord.objects.get(type="organization.setting_changed"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'families.weigh_again'")
        (arguments,) = cursor.fetchone()
    waiting: list[str] = []
    weigh_portion(company.path, after="", go_on=waiting.append, portion=3)
    first = CustomerCompleteness.objects.filter(percent=50).count()
    weigh_portion(company.path, after=waiting.pop(), go_on=waiting.append, portion=3)

    assert json.loads(arguments) == {"path": company.path}
    assert first == 3
    everybody = CustomerCompleteness.objects.filter(customer__in=[here, *many])
    assert set(everybody.values_list("percent", flat=True)) == {50}
    assert CustomerCompleteness.objects.get(customer=there).percent == before


@pytest.mark.django_db
def test_the_job_queues_its_next_portion(company: OrgUnit) -> None:
    last = max(make_customer(company).pk for _number in range(3))

    weigh_again(path=company.path)

    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'families.weigh_again'")
        (arguments,) = cursor.fetchone()
    assert json.loads(arguments) == {"path": company.path, "after": str(last)}


@pytest.mark.django_db
def test_a_customer_who_is_deleted_takes_it_along(company: OrgUnit) -> None:
    customer = make_customer(company)
    make_relationship(customer, make_customer(company))

    Customer.objects.filter(pk=customer.pk).delete()

    assert not CustomerCompleteness.objects.filter(pk=customer.pk).exists()


@pytest.mark.django_db
def test_relatives_count_whoever_knows_them(company: OrgUnit, neighbour: OrgUnit, client: Client) -> None:
    """The card speaks of the record, so that it never differs from the list."""
    customer, parent = make_customer(company), make_customer(neighbour)
    make_profile(customer, owner_stage="pre_owner")
    make_relationship(parent, customer)
    sign_in(client, make_member(company, VIEW_CUSTOMER))

    card = client.get(f"/families/{customer.pk}/").content.decode()

    assert CustomerCompleteness.objects.get(customer=customer).percent == round(100 * 5 / 12)
    assert f"{round(100 * 5 / 12)} %" in card
    assert parent.name not in card


@pytest.mark.django_db
@pytest.mark.requirement("S45")
def test_the_list_shows_sorts_and_filters_by_it(signed_in: Client, company: OrgUnit) -> None:
    for name, values in [("甲某", {"source": "web"}), ("乙某", {}), ("丙某", {"phones": ()})]:
        make_customer(company, name=name, **values)  # type: ignore[arg-type]
    asked = {"columns": "name,completeness", "sort": "completeness"}

    rising = signed_in.get("/customers/", asked).content.decode()
    falling = signed_in.get("/customers/", {**asked, "sort": "-completeness"}).content.decode()
    few = signed_in.get("/customers/", {**asked, "completeness": "most:25"}).content.decode()

    assert rising.index("丙某") < rising.index("乙某") < rising.index("甲某")
    assert falling.index("甲某") < falling.index("乙某") < falling.index("丙某")
    assert ("甲某" in few, "乙某" in few) == (False, True)
    assert [figure in rising for figure in ("0 %", "21 %", "29 %")] == [True, True, True]


@pytest.mark.django_db
def test_a_page_costs_the_same_with_the_column(company: OrgUnit) -> None:
    viewer = make_member(company, VIEW_CUSTOMER)
    make_customer(company)
    asked = {"columns": "name,completeness", "sort": "completeness"}

    few = count_queries(sign_in(Client(), viewer), "/customers/", **asked)
    for _number in range(3):
        make_customer(company)

    assert count_queries(sign_in(Client(), viewer), "/customers/", **asked) == few


@pytest.mark.django_db
def test_the_column_goes_into_files_and_segments(company: OrgUnit, actor: Actor) -> None:
    customer = make_customer(company)
    column = lists["customers"].column_of["completeness"]
    rule = {"field": "completeness", "op": "lte", "value": 25}

    written = column.kind.plain(column.read(read_batch(lists["customers"], [customer.pk], actor))[0])
    segment = make_segment(company, rule, now=NOW)

    assert written == 21
    assert contains_customer(segment, customer, now=NOW)
    make_customer(company)
    CustomerCompleteness.objects.filter(pk=customer.pk).update(percent=26)
    assert not contains_customer(segment, customer, now=NOW)

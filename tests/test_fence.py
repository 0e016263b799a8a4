"""The second fence: what PostgreSQL shows the application where a query forgets the rule of access."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import Error, OperationalError, connection, transaction

from hearth.config.pool import forget_what_was_told
from hearth.core.actor import Actor, Scope, field_rights
from hearth.core.attribution import (
    NOBODY,
    SET,
    Told,
    attribute_to,
    attribute_to_nobody,
    beyond_places,
    told,
)
from hearth.core.fence import fences, places_of
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.services import make_known_at
from hearth.organization.models import OrgUnit
from tests.customers.builders import NOW, make_customer, make_merge
from tests.customers.histories import ROWS, SYSTEM


@pytest.fixture
def ours(company: OrgUnit) -> Customer:
    """A customer of the company, with a row in every table that follows customers."""
    return make_life(company, name="王小明")


@pytest.fixture
def theirs(neighbour: OrgUnit) -> Customer:
    """A customer of the neighbour, with as much."""
    return make_life(neighbour, name="李小龙")


def make_life(place: OrgUnit, *, name: str) -> Customer:
    customer = make_customer(place, name=name)
    for make in ROWS.values():
        make(customer, place, Random(1))
    # One of the functions may have made the customer known elsewhere, too.
    customer.places.exclude(org_unit=place).delete()
    return customer


@contextmanager
def application(places: str | None = None) -> Iterator[None]:
    """Be the application's role, told these places and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'hearth_app', false)")
        if places is not None:
            cursor.execute("SELECT set_config('hearth.places', %s, false)", [places])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', 'none', false), set_config('hearth.places', '', false)")


def address_of_test() -> dict[str, Any]:
    """Return what leads a connection of one's own to the database of the test."""
    wanted = {"dbname", "user", "password", "host", "port"}
    return {key: value for key, value in connection.get_connection_params().items() if key in wanted}


def counts() -> dict[str, int]:
    """How many rows of each fenced table this role sees."""
    found = {}
    with connection.cursor() as cursor:
        for table in fences:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = int(cursor.fetchone()[0])
    return found


@pytest.mark.requirement("S60")
def test_a_connection_that_was_told_nobody_reads_nothing(ours: Customer, theirs: Customer) -> None:
    there = counts()

    with application():
        seen = counts()
    with application(places=""):
        seen_with_empty_word = counts()

    filled = {table for table, number in there.items() if number}
    apps_of_rows = {row.split(".")[0] for row in ROWS}
    assert {app for app in apps_of_rows if not any(table.startswith(f"{app}_") for table in filled)} == set()
    assert {"customers_customer", "core_eventrecord", "audit_auditentry", "properties_unit"} <= filled
    assert {table for table, number in seen.items() if number} == set()
    assert {table for table, number in seen_with_empty_word.items() if number} == set()


def test_a_partition_read_by_itself_shows_nothing_to_anybody(ours: Customer) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = ANY(%s::regclass[])",
            [["core_eventrecord", "audit_auditentry"]],
        )
        names = [name for (name,) in cursor.fetchall()]
        owner, application_s = 0, 0
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {name}")
            owner += cursor.fetchone()[0]
        with application(places="*"):
            for name in names:
                cursor.execute(f"SELECT count(*) FROM {name}")
                application_s += cursor.fetchone()[0]

    assert owner > 0
    assert application_s == 0


@pytest.mark.requirement("S60")
def test_a_query_without_any_rule_finds_the_rows_of_ones_own_places(
    ours: Customer, theirs: Customer, company: OrgUnit
) -> None:
    everything = counts()
    foreign: dict[str, object] = {}
    known = set(Customer.objects.filter(places__org_unit=company).values_list("pk", flat=True))

    with application(places=str(company.pk)), connection.cursor() as cursor:
        seen = counts()
        for table in fences:
            columns = {
                column.name for column in connection.introspection.get_table_description(cursor, table)
            }
            if "org_unit_id" in columns:
                cursor.execute(f"SELECT count(*) FROM {table} WHERE org_unit_id <> %s", [company.pk])
                foreign[table] = cursor.fetchone()[0]
            elif "customer_id" in columns and "other_id" not in columns:
                cursor.execute(f"SELECT count(*) FROM {table} WHERE customer_id <> ALL(%s)", [list(known)])
                foreign[table] = cursor.fetchone()[0]

    assert {table for table, number in foreign.items() if number} == set()
    assert len(foreign) >= 15
    for table in (
        "customers_customer",
        "customers_contactpoint",
        "sales_contract",
        "cases_case",
        "privacy_consent",
    ):
        assert 0 < seen[table] < everything[table], table


def test_a_customer_of_two_places_is_seen_by_both_and_a_merged_record_with_its_survivor(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    both = make_customer(company)
    make_known_at(both, neighbour, actor=SYSTEM, now=NOW)
    survivor, merged = make_customer(company), make_customer(neighbour)
    make_merge(survivor, merged)

    for place in (company, neighbour):
        with application(places=str(place.pk)):
            assert set(Customer.objects.values_list("pk", flat=True)) == {both.pk, survivor.pk, merged.pk}


def test_rows_of_others_are_neither_changed_nor_removed_nor_added_to(
    ours: Customer, theirs: Customer, company: OrgUnit
) -> None:
    point = ContactPoint.objects.filter(customer=ours).first()
    assert point is not None

    with application(places=str(company.pk)):
        changed = Customer.objects.update(note="geändert")
        removed, _by_table = ContactPoint.objects.filter(customer=theirs).delete()
        point.pk, point.value_index, point.customer = None, b"another", theirs
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            point.save()

    assert changed == Customer.objects.filter(note="geändert").count()
    assert not Customer.objects.filter(pk=theirs.pk, note="geändert").exists()
    assert removed == 0
    assert ContactPoint.objects.filter(customer=theirs).exists()


def test_places_are_those_of_any_right_and_no_rule_of_a_field_widens_them() -> None:
    scopes = {
        VIEW_CUSTOMER: Scope(org_unit_ids=frozenset({3, 1})),
        "tasks.view": Scope(org_unit_ids=frozenset({2})),
        next(iter(field_rights)): Scope.EVERYWHERE,
    }
    actor = Actor(user_id=1, name="A", scopes=scopes)

    assert places_of(actor) == "1,2,3"
    assert places_of(Actor.nobody()) == ""
    assert places_of(Actor.system()) == "*"
    assert places_of(Actor(user_id=1, name="A", scopes={VIEW_CUSTOMER: Scope.EVERYWHERE})) == "*"


def test_beyond_its_places_an_act_sees_all_and_then_its_own_again(
    ours: Customer, theirs: Customer, company: OrgUnit
) -> None:
    actor = Actor(user_id=7, name="A", scopes={VIEW_CUSTOMER: Scope(org_unit_ids=frozenset({company.pk}))})
    attribute_to(actor)
    try:
        before = Customer.objects.filter(pk=theirs.pk).exists()
        with beyond_places():
            within = Customer.objects.filter(pk=theirs.pk).exists()
            who = told().who
        after = Customer.objects.filter(pk=theirs.pk).exists()
        with pytest.raises(Error), transaction.atomic(), beyond_places(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        after_failure = Customer.objects.filter(pk=theirs.pk).exists()
    finally:
        attribute_to_nobody()

    assert (before, within, after, after_failure) == (False, True, False, False)
    assert who == "7|user||"


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_is_told_again(company: OrgUnit) -> None:
    actor = Actor(user_id=7, name="A", scopes={VIEW_CUSTOMER: Scope(org_unit_ids=frozenset({company.pk}))})
    attribute_to(actor)
    try:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('hearth.attribution'), current_setting('hearth.places')")
            assert Told(*cursor.fetchone()) == Told("7|user||", str(company.pk))
    finally:
        attribute_to_nobody()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_noticed", [True, False])
def test_who_acted_on_a_connection_that_broke_is_not_told_to_the_next(
    company: OrgUnit, *, is_noticed: bool
) -> None:
    scope = Scope(org_unit_ids=frozenset({company.pk}))
    attribute_to(Actor(user_id=7, name="A", scopes={VIEW_CUSTOMER: scope}))
    pid = connection.connection.info.backend_pid
    with psycopg.connect(**address_of_test()) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    if is_noticed:
        with pytest.raises(OperationalError):
            Customer.objects.exists()

    attribute_to_nobody()
    connection.close()

    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('hearth.places', true), '')")
        assert (cursor.fetchone(), told()) == (("",), NOBODY)


@pytest.mark.django_db(transaction=True)
def test_a_connection_given_back_to_the_pool_forgets(company: OrgUnit) -> None:
    words = "current_setting('hearth.attribution'), current_setting('hearth.places')"
    with psycopg.connect(**address_of_test()) as raw:
        raw.execute(SET, Told("7|user||", "1"))
        raw.commit()
        forget_what_was_told(raw)
        row = raw.execute(f"SELECT {words}").fetchone()

    assert row == ("", "")

"""Every blind index comes under another key while others search, enter and merge."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from hearth.audit.models import AuditEntry
from hearth.core import crypto, index_columns, reindexing
from hearth.core.crypto import blind_index, index_number, indexing_under, key_ring
from hearth.core.index_places import index_places, is_index
from hearth.core.reindexing import indexes_in_use, reindex, retire_index_key
from hearth.core.resealing import CannotReseal, StillNeeded
from hearth.customers.contacts import identity_index
from hearth.customers.lookup import _by_phone
from hearth.customers.models import AbsorbedCustomer, ContactPoint, Customer
from hearth.customers.selectors.duplicates import Likeness, duplicate_candidates
from hearth.customers.selectors.matching import matching
from hearth.customers.services import undo_merge
from hearth.customers.services.customers import IdentityNumberKnown, set_field
from hearth.customers.services.renumbering import renumber_memory
from hearth.organization.models import OrgUnit
from tests.customers.builders import NOW, SYSTEM, make_customer, make_merge
from tests.processes import environment_of_test

PHONE, OTHER_PHONE, NUMBER = "13900000077", "13911112222", "440524188001010014"
pytestmark = pytest.mark.usefixtures("own_key_ring")


def no_matter(_told: str | float) -> None:
    """Neither print nor wait."""


def reindex_at_once() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # the test's own rows; tables with waiting checks cannot change
    return reindex(say=no_matter, wait=no_matter)


def find(text: str) -> list[Customer]:
    return list(Customer.objects.filter(matching(text)).order_by("pk"))


def candidates(phone: str) -> list[Customer | None]:
    found = duplicate_candidates(Likeness(name="王小明", phones=(phone,)), actor=SYSTEM)
    return [candidate.customer for candidate in found]


def numbers_in_use() -> set[int]:
    return {number for counted in indexes_in_use().values() for number in counted}


@pytest.mark.django_db
def test_everything_is_found_and_refused_under_the_new_key_as_under_the_old(company: OrgUnit) -> None:
    known = make_customer(company, name="王小明", phone=PHONE, identity_number=NUMBER)
    other = make_customer(company, phone=OTHER_PHONE)
    before = ContactPoint.objects.get(customer=known)

    rows = reindex_at_once()

    after = ContactPoint.objects.get(customer=known)
    assert rows == 3
    assert numbers_in_use() == {2}
    assert (bytes(after.value_index) != bytes(before.value_index), after.value) == (True, before.value)
    assert (find(PHONE), find(PHONE[-4:]), candidates(PHONE)) == ([known], [known], [known])
    assert _by_phone(["+86" + PHONE], SYSTEM) == {"+86" + PHONE: {known.pk}}
    with pytest.raises(IdentityNumberKnown):
        set_field(other, "identity_number", NUMBER, today=NOW.date())
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=other.pk).update(identity_index=identity_index(NUMBER))
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPoint.objects.filter(pk=after.pk).update(value_index=None)


@pytest.mark.django_db
def test_the_tables_have_the_same_indexes_and_rules_afterwards(company: OrgUnit) -> None:
    make_customer(company, phone=PHONE)
    before = definitions()

    reindex_at_once()

    assert definitions() == before
    assert not columns_beside()


def definitions() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)",
            [[place.table for place in index_places.values()]],
        )
        return set(cursor.fetchall())


def columns_beside() -> bool:
    return any(index_columns.has_columns(place) for place in index_places.values())


class Killed(Exception):
    """The process ended here."""


@pytest.mark.django_db
def test_midway_all_that_is_entered_found_and_refused_goes_by_the_old_key_and_comes_along(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = make_customer(company, name="王小明", phone=PHONE, identity_number=NUMBER)
    changed = make_customer(company, identity_number="110101199003070310")
    for _each in range(9):
        make_customer(company)
    monkeypatch.setattr(index_columns, "BATCH", 2)

    def until_the_third_batch(line: str) -> None:
        if line == "customers_contactpoint: 6":
            raise Killed

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Killed):
        reindex(say=until_the_third_batch, wait=no_matter)

    assert (numbers_in_use(), columns_beside(), key_ring().index_next) == ({1}, True, 2)
    assert (find(PHONE), candidates(PHONE)) == ([known], [known])
    late = make_customer(company, name="王小明", phone=PHONE)
    assert find(PHONE) == [known, late]
    assert set(candidates(PHONE)) == {known, late}
    with pytest.raises(IdentityNumberKnown):
        set_field(late, "identity_number", NUMBER, today=NOW.date())
    set_field(changed, "identity_number", "11010119900307109X", today=NOW.date())
    changed.save()

    reindex_at_once()

    assert (numbers_in_use(), find(PHONE)) == ({2}, [known, late])
    assert Customer.objects.get(identity_index=identity_index("11010119900307109X")) == changed
    assert (key_ring().index_number, key_ring().index_next) == (2, None)


@pytest.mark.django_db
def test_an_index_that_changes_empties_the_one_beside_it(company: OrgUnit) -> None:
    customer = make_customer(company, identity_number=NUMBER)
    number = prepared()
    fill(number)
    assert beside(customer) == indexed_under(number, NUMBER)

    Customer.objects.filter(pk=customer.pk).update(note="二")
    kept = beside(customer)
    Customer.objects.filter(pk=customer.pk).update(identity_index=None)

    assert (kept, beside(customer)) == (indexed_under(number, NUMBER), None)


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return reindexing._begin(no_matter, no_matter)


def fill(number: int) -> None:
    reindexing._fill_beside(number, no_matter)


def indexed_under(number: int, text: str) -> bytes:
    with indexing_under(number):
        return identity_index(text)


def beside(customer: Customer) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT next_identity_index FROM customers_customer WHERE id = %s", [customer.pk])
        found = cursor.fetchone()[0]
    return bytes(found) if found else None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "moment", ["before the exchange", "after the exchange", "before it is looked through"]
)
def test_whoever_goes_on_after_the_end_of_a_process_at_any_point_comes_to_the_same(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    known = make_customer(company, phone=PHONE, identity_number=NUMBER)
    where = {
        "before the exchange": "_exchange",
        "after the exchange": "make_index_key_current",
        "before it is looked through": "_look_again",
    }[moment]

    def die(*_anything: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(reindexing, where, die)
        with pytest.raises(Killed):
            reindex_at_once()
    midway = find(PHONE)
    with pytest.raises(CannotReseal, match="Index key 2 is needed"):
        retire_index_key(2)

    reindex_at_once()

    assert (midway, find(PHONE)) == ([known], [known])
    assert (set(key_ring().index_keys), key_ring().index_number, numbers_in_use()) == ({1, 2}, 2, {2})
    assert not reindexing.is_under_way()


@pytest.mark.django_db
def test_a_merge_made_before_is_undone_afterwards_and_the_old_key_is_gone(company: OrgUnit) -> None:
    one = make_customer(company)
    other = make_customer(company, identity_number=NUMBER)
    merge = make_merge(one, other)

    reindex_at_once()
    retire_index_key(1)

    absorbed = AbsorbedCustomer.objects.get(merge=merge)
    assert bytes(absorbed.identity_index or b"") == identity_index(NUMBER)
    undo_merge(merge, actor=SYSTEM, now=NOW)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.identity_index, bytes(other.identity_index or b"")) == (None, identity_index(NUMBER))
    assert set(key_ring().index_keys) == {2}


@pytest.mark.django_db
def test_between_the_exchange_and_what_merges_remember_an_undo_knows_the_number(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = make_customer(company)
    other = make_customer(company, identity_number=NUMBER)
    merge = make_merge(one, other)
    with monkeypatch.context() as patched:
        patched.setattr(reindexing, "_bring_remembered", no_matter)
        reindex_at_once()
    with pytest.raises(StillNeeded, match=r"customers_customermerge.memory_sealed: 1"):
        retire_index_key(1)

    undo_merge(merge, actor=SYSTEM, now=NOW)

    other.refresh_from_db()
    assert bytes(other.identity_index or b"") == identity_index(NUMBER)
    retire_index_key(1)


@pytest.mark.django_db
def test_the_number_of_a_record_whose_number_is_gone_keeps_apart_what_was_apart(company: OrgUnit) -> None:
    one, other = make_customer(company), make_customer(company, identity_number=NUMBER)
    merge = make_merge(one, other)
    Customer.objects.filter(pk__in=[one.pk, other.pk]).update(identity_sealed=b"", identity_index=None)

    reindex_at_once()

    index = bytes(AbsorbedCustomer.objects.get(merge=merge).identity_index or b"")
    merge.refresh_from_db()
    assert (index_number(index), index != identity_index(NUMBER)) == (2, True)
    assert renumber_memory(merge.memory, merge.pk) == merge.memory


@pytest.mark.django_db
def test_the_log_of_changes_does_not_note_that_an_index_became_another(company: OrgUnit) -> None:
    make_customer(company, phone=PHONE, identity_number=NUMBER)
    tables = [place.table for place in index_places.values()]
    entries = AuditEntry.objects.filter(table__in=tables)
    before = entries.count()

    reindex_at_once()

    assert entries.count() == before


@pytest.mark.django_db
def test_a_column_that_changes_after_it_was_computed_is_looked_through_at_the_end(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = ContactPoint.objects.get(customer=make_customer(company, phone=PHONE))
    bring = reindexing._bring_remembered

    def and_somebody_spoils(say: Any) -> None:
        bring(say)
        ContactPoint.objects.filter(pk=point.pk).update(value_index=blind_index("phone", "+8613900000000"))

    monkeypatch.setattr(reindexing, "_bring_remembered", and_somebody_spoils)

    with pytest.raises(CannotReseal, match="customers_contactpoint: 1 indexes are not those of their values"):
        reindex_at_once()


def test_every_column_of_indexes_is_registered_and_comes_along() -> None:
    found = {
        (model._meta.db_table, str(field.column))
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if is_index(field)
    }

    assert found == {(place.table, column) for place in index_places.values() for column in place.columns}


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_killed_midway_is_gone_on_with_by_the_next(company: OrgUnit) -> None:
    customer, rows = make_customer(company, phone=PHONE, identity_number=NUMBER), 10_000
    ContactPoint.objects.bulk_create(_points(customer, rows), batch_size=5_000)
    command = [sys.executable, "-m", "hearth", "keys"]
    environment = {**environment_of_test(), "PYTHONUNBUFFERED": "1"}
    try:
        _kill_when_contacts_are_under_way([*command, "rotate", "--index"], environment)
        status = run([*command, "status"], environment)
        searched = find(PHONE)
        late = make_customer(company, name="王小明", phone=PHONE)
        too_early = run([*command, "retire", "1", "--index"], environment)

        again = run([*command, "rotate", "--index"], environment)
        gone = run([*command, "retire", "1", "--index"], environment)

        crypto.forget_keys()
        assert "Go on with hearth keys rotate --index." in status.stdout
        assert searched == [customer]
        assert (too_early.returncode, "Index key 1 is needed" in too_early.stderr) == (1, True)
        assert (again.returncode, "Going on with index key 2." in again.stdout) == (0, True), again.stderr
        assert f"All is under index key 2: {rows + 3:,} rows" in again.stdout
        assert (gone.returncode, set(key_ring().index_keys)) == (0, {2}), gone.stderr
        assert find(PHONE) == [customer, late]
        assert numbers_in_use() == {2}
    finally:
        _give_back_to_the_first_key()


def _kill_when_contacts_are_under_way(command: list[str], environment: dict[str, str]) -> None:
    process = subprocess.Popen(command, env=environment, cwd=settings.ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as lines:
        next(line for line in lines if line.startswith("customers_contactpoint"))
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    crypto.forget_keys()
    assert process.returncode == -signal.SIGKILL


def run(command: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, check=False, env=environment, cwd=settings.ROOT, capture_output=True, text=True
    )


def _points(customer: Customer, number: int) -> Iterator[ContactPoint]:
    for each in range(number):
        index = blind_index("wechat", f"微信{each}")
        point = ContactPoint(
            customer=customer, kind="wechat", value_index=index, created_at=NOW, updated_at=NOW
        )
        point.value = f"微信{each}"
        yield point


def _give_back_to_the_first_key() -> None:
    """Let the tables take indexes of the first key again: tests after this one have it."""
    with connection.cursor() as cursor:
        for place in index_places.values():
            index_columns.drop_columns(cursor, place)
            for column in place.columns:
                name = index_columns.one_key(place, column)
                cursor.execute(f"ALTER TABLE {place.table} DROP CONSTRAINT IF EXISTS {name}")

"""Blocks of the log are encrypted, signed and hold on to each other; whoever touches one is found."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from hearth.audit import sealing
from hearth.audit.models import AuditEntry, AuditSeal
from hearth.audit.sealing import open_values, seal_entries, verify
from hearth.core.crypto import seal
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.privacy.builders import make_known_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(company: OrgUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three blocks and more, of ten entries each."""
    monkeypatch.setattr(sealing, "BLOCK", 10)
    for number in range(12):
        customer = make_known_customer(company, name=f"客户{number}")
        Customer.objects.filter(pk=customer.pk).update(name=f"改名{number}")
    seal_entries()


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def test_sealed_values_are_encrypted_and_still_open(chain: None) -> None:
    entry = AuditEntry.objects.filter(table="customers_customer", operation="U").order_by("id")[0]

    assert entry.values is None
    assert "客户0".encode() not in bytes(entry.values_sealed or b"")
    assert open_values(entry) == {"name": ["客户0", "改名0"]}


def test_an_untouched_chain_holds_to_its_end(chain: None) -> None:
    verdict = verify()

    assert (verdict.broken, verdict.waiting) == (None, 0)
    assert verdict.blocks == AuditSeal.objects.count() >= 3
    assert verdict.entries == AuditEntry.objects.count()
    assert verify(expected_head=verdict.head).broken is None


def test_what_comes_later_goes_into_another_block(chain: None, company: OrgUnit) -> None:
    before = AuditSeal.objects.count()
    make_known_customer(company)

    waiting = verify().waiting
    closed = seal_entries()

    assert waiting == closed > 0
    assert AuditSeal.objects.count() == before + 1
    assert seal_entries() == 0
    assert verify().broken is None


def change_time(entry: AuditEntry) -> None:
    run("UPDATE audit_auditentry SET noted_at = noted_at - interval '1 second' WHERE id = %s", entry.id)


def change_person(entry: AuditEntry) -> None:
    run("UPDATE audit_auditentry SET user_id = 99 WHERE id = %s", entry.id)


def change_values(entry: AuditEntry) -> None:
    forged = seal('{"name": ["客户", "别人"]}', column=sealing.COLUMN, row_id=UUID(int=entry.id))
    run("UPDATE audit_auditentry SET values_sealed = %s WHERE id = %s", forged, entry.id)


def change_values_and_digest(entry: AuditEntry) -> None:
    forged = seal('{"name": ["客户", "别人"]}', column=sealing.COLUMN, row_id=UUID(int=entry.id))
    run(
        "UPDATE audit_auditentry SET values_sealed = %s, values_digest = sha256(%s) WHERE id = %s",
        forged,
        forged,
        entry.id,
    )


def remove_entry(entry: AuditEntry) -> None:
    run("DELETE FROM audit_auditentry WHERE id = %s", entry.id)


def add_entry(entry: AuditEntry) -> None:
    run(
        "INSERT INTO audit_auditentry (table_name, operation, row_ids, kind, address, login, seal)"
        " VALUES ('customers_customer', 'I', '{x}', 'user', '', 'hearth_app', %s)",
        entry.seal,
    )


def exchange_entries(entry: AuditEntry) -> None:
    other = AuditEntry.objects.filter(seal=entry.seal).exclude(id=entry.id).order_by("id")[0]
    run("UPDATE audit_auditentry SET id = -1 WHERE id = %s", entry.id)
    run("UPDATE audit_auditentry SET id = %s WHERE id = %s", entry.id, other.id)
    run("UPDATE audit_auditentry SET id = %s WHERE id = -1", other.id)


def change_role(entry: AuditEntry) -> None:
    run("UPDATE audit_auditentry SET roles = 'administrator' WHERE id = %s", entry.id)


TOUCHES: dict[str, Callable[[AuditEntry], None]] = {
    "entries_changed: time": change_time,
    "entries_changed: person": change_person,
    "entries_changed: role": change_role,
    "values_changed": change_values,
    "entries_changed: values": change_values_and_digest,
    "entries_missing": remove_entry,
    "entries_added": add_entry,
    "entries_changed: order": exchange_entries,
}


@pytest.mark.parametrize("expected", TOUCHES)
def test_whoever_touches_an_entry_is_found_at_its_block(chain: None, expected: str) -> None:
    entry = AuditEntry.objects.filter(seal=2, operation="U").order_by("id")[0]

    TOUCHES[expected](entry)

    verdict = verify()
    assert (verdict.broken, verdict.reason) == (2, expected.partition(":")[0])


def test_a_seal_that_was_computed_anew_without_the_key_is_found(chain: None) -> None:
    entry = AuditEntry.objects.filter(seal=2, operation="U").order_by("id")[0]
    change_person(entry)
    previous = bytes(AuditSeal.objects.get(number=1).digest)

    run("UPDATE audit_auditseal SET digest = audit_block_digest(2, %s) WHERE number = 2", previous)

    verdict = verify()
    assert (verdict.broken, verdict.reason) == (2, "signature")


def test_a_block_that_was_taken_out_is_found(chain: None) -> None:
    run("DELETE FROM audit_auditentry WHERE seal = 1")
    run("DELETE FROM audit_auditseal WHERE number = 1")

    verdict = verify()
    assert (verdict.broken, verdict.reason) == (2, "block_missing")


def test_a_chain_that_was_cut_short_lacks_the_digest_noted_before(chain: None) -> None:
    head, last = verify().head, AuditSeal.objects.count()
    run("DELETE FROM audit_auditentry WHERE seal = %s", last)
    run("DELETE FROM audit_auditseal WHERE number = %s", last)

    assert verify().broken is None
    verdict = verify(expected_head=head)
    assert (verdict.broken, verdict.reason) == (last, "head_missing")


def test_values_may_be_erased_and_the_chain_still_holds(chain: None) -> None:
    run("UPDATE audit_auditentry SET values_sealed = NULL WHERE operation = 'U'")

    assert verify().broken is None
    assert open_values(AuditEntry.objects.filter(operation="U")[0]) == {}


def test_no_act_fails_where_the_month_has_no_partition(company: OrgUnit) -> None:
    run("SELECT audit_ensure_month('2031-05-01')")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit_auditentry_2031_05') IS NOT NULL")
        assert cursor.fetchone()[0]
    sealing.ensure_coming_months(datetime(2031, 5, 31, tzinfo=UTC))
    run(
        "INSERT INTO audit_auditentry (noted_at, table_name, operation, row_ids, kind, address, login)"
        " VALUES ('2040-01-01', 'x', 'I', '{x}', '', '', '')"
    )
    run("SELECT audit_ensure_month('2040-01-15')")

    assert AuditEntry.objects.filter(noted_at__year=2040).count() == 1

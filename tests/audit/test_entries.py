"""The database notes every change by itself: what, by whom, and what it was before."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from hearth.accounts.models import User
from hearth.audit.models import AuditEntry
from hearth.audit.sealing import open_values
from hearth.core.attribution import attribute_to, attribute_to_nobody, attributed_to_system
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import ContactPoint, Customer
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor, make_member, sign_in
from tests.privacy.builders import copy_customer, make_known_customer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)


def entries_of(row_id: object, table: str = "customers_customer") -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(table=table, row_ids__contains=[str(row_id)]).order_by("id"))


@transaction.atomic
def run_as_application(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE hearth_app")
        cursor.execute("SET LOCAL hearth.places = '*'")
        cursor.execute(statement)


@pytest.mark.requirement("S139")
def test_what_is_added_changed_and_removed_is_noted_without_any_code_of_the_app(company: OrgUnit) -> None:
    customer = make_known_customer(company, name="王小明")

    Customer.objects.filter(pk=customer.pk).update(name="王大明", note="喜欢安静")
    Customer.objects.filter(pk=customer.pk).delete()

    added, changed, removed = entries_of(customer.pk)
    assert [entry.operation for entry in (added, changed, removed)] == ["I", "U", "D"]
    assert added.values is None
    assert changed.values == {"name": ["王小明", "王大明"], "note": ["", "喜欢安静"]}
    assert removed.values is not None
    assert removed.values["name"] == "王大明"


def test_a_statement_in_sql_is_noted_like_any_other(company: OrgUnit) -> None:
    customer = make_known_customer(company)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET occupation = '教师' WHERE id = %s", [customer.pk])

    assert entries_of(customer.pk)[-1].values == {"occupation": ["", "教师"]}


def test_many_rows_added_by_one_statement_are_one_entry(company: OrgUnit) -> None:
    customer = make_known_customer(company)
    before = AuditEntry.objects.count()

    copy_customer(customer, keys=5)

    (entry,) = AuditEntry.objects.filter(table="customers_customer").order_by("-id")[:1]
    assert AuditEntry.objects.count() == before + 1
    assert len(entry.row_ids) == 5


def test_each_row_that_one_statement_changes_has_its_own_values(company: OrgUnit) -> None:
    rows = [make_known_customer(company, name=f"客户{number}") for number in range(3)]

    Customer.objects.filter(pk__in=[row.pk for row in rows]).update(name="同名")

    assert [entries_of(row.pk)[-1].values for row in rows] == [
        {"name": [f"客户{number}", "同名"]} for number in range(3)
    ]


def test_a_statement_that_changes_nothing_leaves_no_entry(company: OrgUnit) -> None:
    customer = make_known_customer(company)
    before = AuditEntry.objects.count()

    Customer.objects.filter(pk=customer.pk).update(updated_at=NOW)
    Customer.objects.filter(pk=uuid4()).update(name="无")
    Customer.objects.filter(pk=uuid4()).delete()

    assert AuditEntry.objects.count() == before


def test_secrets_and_what_serves_searching_are_not_kept(company: OrgUnit) -> None:
    user = make_member(company)
    customer = make_known_customer(company, phone="13800138000")
    point = ContactPoint.objects.get(customer=customer)

    User.objects.filter(pk=user.pk).update(password="pbkdf2", display_name="新名")
    ContactPoint.objects.filter(pk=point.pk).delete()

    assert entries_of(user.pk, "accounts_user")[-1].values == {"display_name": [user.display_name, "新名"]}
    kept = entries_of(point.pk, "customers_contactpoint")[-1].values
    assert kept is not None
    assert "value_index" not in kept
    assert "13800138000" not in str(kept)


def test_what_is_rolled_back_was_never_noted(company: OrgUnit) -> None:
    customer = make_known_customer(company)
    before = AuditEntry.objects.count()

    with transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(name="另名")
        transaction.set_rollback(True)

    assert AuditEntry.objects.count() == before


def test_the_entry_says_who_acted_from_where_and_how(company: OrgUnit) -> None:
    customer = make_known_customer(company)
    actor = replace(make_actor(company, "customers.change"), roles=("consultant", "auditor"))

    attribute_to(actor, address="203.0.113.7")
    Customer.objects.filter(pk=customer.pk).update(name="甲")
    attribute_to_nobody()
    with attributed_to_system("job"):
        Customer.objects.filter(pk=customer.pk).update(name="乙")
    Customer.objects.filter(pk=customer.pk).update(name="丙")

    noted = entries_of(customer.pk)[-3:]
    told = [(entry.user_id, entry.kind, entry.address, entry.roles) for entry in noted]
    assert told == [
        (actor.user_id, "user", "203.0.113.7", "consultant,auditor"),
        (None, "job", "", ""),
        (None, "", "", ""),
    ]


def test_a_change_on_a_page_is_noted_with_its_person_and_the_next_request_is_not_theirs(
    client: Client, company: OrgUnit
) -> None:
    person = make_member(company, SIGNED_IN, "customers.view", "privacy.change_consent")
    customer = make_known_customer(company)
    browser = sign_in(client, person)
    given = {"purpose_code": "marketing", "channel": "any", "decision": "given", "how": "form"}

    browser.post(f"/privacy/customers/{customer.pk}/change/", given, REMOTE_ADDR="203.0.113.9")
    Customer.objects.filter(pk=customer.pk).update(name="后来")

    noted = AuditEntry.objects.get(table="privacy_consent")
    assert (noted.user_id, noted.kind, noted.address) == (person.pk, "user", "203.0.113.9")
    assert entries_of(customer.pk)[-1].user_id is None


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_auditentry (table_name, operation, row_ids, kind, address, login)"
        " VALUES ('x', 'I', '{}', '', '', '')",
        "UPDATE audit_auditentry SET user_id = 1",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
        "DELETE FROM audit_auditseal",
        "ALTER TABLE customers_customer DISABLE TRIGGER audit_update",
        "DROP TRIGGER audit_update ON customers_customer",
        "SELECT audit_watch('customers_customer', 'id', '{name}')",
    ],
)
def test_the_application_can_neither_write_nor_switch_off_the_log(company: OrgUnit, statement: str) -> None:
    make_customer(company)

    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        run_as_application(statement)


def test_the_application_is_noted_though_it_may_not_write_the_log(company: OrgUnit) -> None:
    customer = make_known_customer(company)

    run_as_application(f"UPDATE customers_customer SET name = '应用' WHERE id = '{customer.pk}'")

    entry = entries_of(customer.pk)[-1]
    assert (entry.login, open_values(entry)) == ("hearth_app", {"name": ["王小明", "应用"]})

"""The history of a record: who changed it and what belongs to it, and who was shown it."""

import pytest
from django.db import connection
from django.test import Client

from hearth.accounts.models import User
from hearth.audit.models import AuditEntry
from hearth.audit.permissions import VIEW_AUDIT
from hearth.cases.models import Case
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import ContactPoint, Customer, UnitRole
from hearth.leads.models import Lead
from hearth.organization.models import OrgUnit
from hearth.sales.models import Contract
from hearth.vigilance.models import Read
from hearth.vigilance.selectors import reads_of_records
from hearth.workspace.histories import BELONGING, history_of
from tests.api import records
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer, make_home, make_unit_role
from tests.leads.builders import make_lead
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
SEEING = (SIGNED_IN, "customers.view", "cases.view", "properties.view", "sales.view", "leads.view")


@pytest.fixture
def auditor(company: OrgUnit) -> User:
    return make_member(company, *SEEING, VIEW_AUDIT)


def changed_title(company: OrgUnit) -> tuple[str, object]:
    case = make_case(company, title="漏水")
    Case.objects.filter(pk=case.pk).update(title="屋面漏水")
    return "cases", case.pk


def changed_home(company: OrgUnit) -> tuple[str, object]:
    home = make_home(company)
    type(home).objects.filter(pk=home.pk).update(number="漏水")
    type(home).objects.filter(pk=home.pk).update(number="屋面漏水")
    return "homes", home.pk


def changed_contract(company: OrgUnit) -> tuple[str, object]:
    contract = records.write_contract(company)
    Contract.objects.filter(pk=contract.pk).update(number="漏水")
    Contract.objects.filter(pk=contract.pk).update(number="屋面漏水")
    return "contracts", contract.pk


def changed_lead(company: OrgUnit) -> tuple[str, object]:
    lead = make_lead(company, next_step="漏水")
    Lead.objects.filter(pk=lead.pk).update(next_step="屋面漏水")
    return "leads", lead.pk


@pytest.mark.requirement("S139")
@pytest.mark.parametrize("change", [changed_title, changed_home, changed_contract, changed_lead])
def test_a_record_shows_who_changed_it_to_those_alone_who_may_see_the_log(
    change: object, client: Client, company: OrgUnit, neighbour: OrgUnit, auditor: User
) -> None:
    key, pk = change(company)  # type: ignore[operator]
    address = f"/history/{key}/{pk}/"

    answers = {
        "auditor": sign_in(client, auditor).get(address),
        "colleague": sign_in(Client(), make_member(company, *SEEING)).get(address),
        "neighbour": sign_in(Client(), make_member(neighbour, *SEEING, VIEW_AUDIT)).get(address),
    }

    assert {who: answer.status_code for who, answer in answers.items()} == {
        "auditor": 200, "colleague": 403, "neighbour": 404,
    }  # fmt: skip
    assert "<del>漏水</del> <ins>屋面漏水</ins>" in answers["auditor"].content.decode()


def test_the_log_of_one_place_tells_nothing_of_records_at_another(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    user = make_member(company, *SEEING, VIEW_AUDIT)
    elsewhere = make_member(neighbour, *SEEING)
    elsewhere.memberships.update(user=user)
    case, customer = make_case(neighbour), make_customer(neighbour)
    browser = sign_in(client, user)

    statuses = [
        browser.get(f"/history/{key}/{row.pk}/").status_code
        for key, row in (("cases", case), ("customers", customer))
    ]
    page = browser.get(f"/customers/{customer.pk}/?tab=history")

    assert statuses == [404, 404]
    assert page.context["history"] is None


@pytest.mark.requirement("S139")
def test_what_belongs_to_a_customer_is_in_their_history(company: OrgUnit, neighbour: OrgUnit) -> None:
    customer = make_customer(company, phone="13800001234")
    role = make_unit_role(customer, make_home(company))
    foreign = make_unit_role(customer, make_home(neighbour))
    ContactPoint.objects.filter(customer=customer).update(is_primary=False)
    UnitRole.objects.filter(pk__in=[role.pk, foreign.pk]).update(role="tenant")

    history = history_of("customers", customer, make_actor(company, *SEEING, VIEW_AUDIT))

    tables = {read.entry.table for read in history.changes}
    rows = {row_id for read in history.changes for row_id in read.entry.row_ids}
    assert tables >= {"customers_customer", "customers_contactpoint", "customers_unitrole"}
    assert str(role.pk) in rows
    assert str(foreign.pk) not in rows


def test_a_page_says_who_was_shown_the_record_and_by_which_way(
    client: Client, company: OrgUnit, auditor: User
) -> None:
    customer, other = make_customer(company), make_customer(company)
    reader = make_member(company, *SEEING)
    sign_in(Client(), reader).get(f"/customers/{customer.pk}/")
    Read.objects.create(user=make_member(company), kind="customer", record_id=other.pk, read_at=NOW)

    shown = sign_in(client, auditor).get(f"/history/customers/{customer.pk}/?show=reads")

    assert [(read.user, read.kind) for read in shown.context["history"].reads] == [(reader, "customer")]
    assert str(reader) in shown.content.decode()


def test_a_lead_that_is_opened_is_a_customer_that_was_shown(company: OrgUnit) -> None:
    lead, reader = make_lead(company), make_member(company, *SEEING)

    sign_in(Client(), reader).get(f"/leads/{lead.pk}/")

    assert list(Read.objects.values_list("user", "kind", "record_id")) == [
        (reader.pk, "customer", lead.customer_id)
    ]


def test_people_and_moments_are_told_as_people_read_them(company: OrgUnit, auditor: User) -> None:
    case, person = make_case(company), make_member(company, *SEEING)
    Case.objects.filter(pk=case.pk).update(assignee=person, dispatched_at=NOW)

    history = history_of("cases", case, make_actor(company, *SEEING, VIEW_AUDIT))

    changed = {change.column: (change.before, change.after) for change in history.changes[0].changes}
    assert changed == {"assignee_id": ("", str(person)), "dispatched_at": ("", "2026-03-18 14:30")}


def test_an_unknown_kind_and_an_unknown_record_are_not_there(client: Client, auditor: User) -> None:
    browser = sign_in(client, auditor)

    known = "01890a5d-ac96-774b-bcce-b302099a8057"
    assert [browser.get(f"/history/{key}/{known}/").status_code for key in ("nothing", "cases")] == [404, 404]


def test_the_second_page_goes_on_where_the_first_ended(
    client: Client, company: OrgUnit, auditor: User
) -> None:
    case = make_case(company)
    for number in range(60):
        Case.objects.filter(pk=case.pk).update(title=f"第{number:02}次")
    browser = sign_in(client, auditor)

    first = browser.get(f"/history/cases/{case.pk}/")
    cursor = first.context["history"].next_cursor
    second = browser.get(f"/history/cases/{case.pk}/?cursor={cursor}")

    shown = [read.entry.id for answer in (first, second) for read in answer.context["history"].changes]
    assert shown == sorted(set(shown), reverse=True)
    assert len(shown) == AuditEntry.objects.filter(row_ids__contains=[str(case.pk)]).count()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_changes(
    client: Client, company: OrgUnit, auditor: User, rows: int
) -> None:
    customer = make_customer(company)
    for number in range(rows):
        make_unit_role(customer, make_home(company))
        Customer.objects.filter(pk=customer.pk).update(name=f"第{number}名")

    assert count_queries(sign_in(client, auditor), f"/history/customers/{customer.pk}/") == 14


def test_both_ways_go_by_an_index(company: OrgUnit) -> None:
    customer = make_customer(company)
    reads = reads_of_records([customer.pk], ["customer"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM vigilance_read WHERE record_id = %s ORDER BY read_at DESC, id DESC LIMIT 51",
            [customer.pk],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert reads.rows == []
    assert "reads_of_a_record_by_time" in plan
    assert set(BELONGING) == {"customers", "homes", "contracts", "leads"}

"""Loading customers from the rows of a file."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.customers.import_fields import FIELDS, MESSAGES
from hearth.customers.loaders import CustomerLoader
from hearth.customers.lookup import find_customers
from hearth.customers.models import Customer, Household
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.services import merge_customers
from hearth.imports.kinds import ImportContext, Problem, Row, import_kinds
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.imports.builders import outcomes_of
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db
IDENTITY = "11010519491231002X"


def make_loader(
    org_unit: OrgUnit, actor: Actor, now: datetime, *, updates: bool = False, keeps_first: bool = False
) -> CustomerLoader:
    options = {"update_known": updates, "first_row_counts": keeps_first}
    return CustomerLoader(
        ImportContext(job_id=uuid7(), org_unit=org_unit, actor=actor, now=now, options=options)
    )


def rows_of(*values: dict[str, Any]) -> list[Row]:
    return [Row(number, each) for number, each in enumerate(values, start=2)]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": None}, ("name", "name_missing", False)),
        ({"name": "张三", "phones": ["123"]}, ("phones", "invalid_phone", False)),
        ({"name": "张三", "email": "nobody"}, ("email", "invalid_email", False)),
        (
            {"name": "张三", "identity_number": "110105194912310021"},
            ("identity_number", "invalid_identity", False),
        ),
        ({"name": "张三", "identity_number": IDENTITY}, ("identity_number", "identity_known", False)),
        ({"name": "张三", "phones": ["+8613800001234"]}, ("phones", "phone_known", True)),
        ({"name": "张三", "external_key": "K1"}, ("external_key", "key_known", True)),
        ({"name": "张三", "sex": "x"}, ("sex", "unknown_choice", False)),
        ({"name": "张三", "birth_date": date(2030, 1, 1)}, ("birth_date", "date_in_future", False)),
        (
            {"name": "张三", "known_since": datetime(2030, 1, 1, tzinfo=UTC)},
            ("known_since", "date_in_future", False),
        ),
    ],
)
def test_a_bad_row_is_told(
    company: OrgUnit, actor: Actor, now: datetime, values: dict[str, Any], problem: tuple[str, str, bool]
) -> None:
    make_customer(company, phone="13800001234", identity_number=IDENTITY, external_key="K1")

    problems = list(make_loader(company, actor, now).check(rows_of(values)))

    assert [(each.field_name, each.code, each.is_warning) for each in problems] == [problem]
    assert str(MESSAGES[problem[1]]) % problems[0].params


def test_a_key_or_identity_number_stands_once_in_a_file_also_over_batches(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    loader = make_loader(company, actor, now)
    row = {"name": "张三", "external_key": "K1", "identity_number": IDENTITY}
    first = list(loader.check([Row(2, row)]))

    problems = list(loader.check([Row(3, row)]))

    assert first == []
    assert [(each.code, each.params) for each in problems] == [
        ("doubled_in_file", {"value": "K1", "first_row": 2}),
        ("identity_doubled", {"row": 2}),
    ]


def test_a_file_of_acts_names_a_customer_in_several_rows_and_the_first_counts(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    loader = make_loader(company, actor, now, updates=True, keeps_first=True)
    first = rows_of(
        {"name": "张三", "external_key": "K1", "identity_number": IDENTITY},
        {"name": "张三丰", "external_key": "K1", "identity_number": IDENTITY},
        {"name": "李四", "external_key": "K2"},
    )
    second = [Row(5, {"name": "李小四", "external_key": "K2"}), Row(6, {"name": "无编号"})]

    problems, outcomes = list[Problem](), list[str]()
    for batch in (first, second):
        problems += list(loader.check(batch))
        outcomes += outcomes_of(loader.write(batch))

    assert problems == []
    assert outcomes == ["created", "skipped", "created", "skipped", "created"]
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["张三", "无编号", "李四"]


def test_a_phone_known_elsewhere_tells_no_number(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    clerk = make_actor(neighbour, VIEW_CUSTOMER, CHANGE_CUSTOMER)
    make_customer(company, phone="13800001234")

    problems = list(
        make_loader(neighbour, clerk, now).check(rows_of({"name": "张三", "phones": ["+8613800001234"]}))
    )

    assert [(each.code, each.params) for each in problems] == [("phone_known_elsewhere", {})]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": "王玮", "phones": ["+8613800001234"]}, ("phones", "same_person_phone")),
        ({"name": "王伟", "email": "wang@example.com"}, ("email", "same_person_email")),
        ({"name": "王伟", "birth_date": date(1980, 5, 1)}, ("birth_date", "same_person_birth_date")),
        ({"name": "赵敏", "phones": ["+8613800001234"]}, ("phones", "phone_known")),
        ({"name": "赵敏", "email": "wang@example.com"}, ("email", "email_known")),
        (
            {"name": "王伟", "phones": ["+8613800001234"], "identity_number": "440524188001010014"},
            ("phones", "phone_known"),
        ),
    ],
)
@pytest.mark.requirement("S140")
def test_who_may_already_be_recorded_is_told_before_a_row_is_written(
    company: OrgUnit, actor: Actor, now: datetime, values: dict[str, Any], problem: tuple[str, str]
) -> None:
    known = make_customer(
        company,
        name="王伟",
        phone="13800001234",
        emails=("wang@example.com",),
        birth_date=date(1980, 5, 1),
        identity_number=IDENTITY,
    )

    problems = list(make_loader(company, actor, now).check(rows_of(values)))

    assert [(each.field_name, each.code, each.params, each.is_warning) for each in problems] == [
        (*problem, {"number": known.number}, True)
    ]
    assert str(known.number) in str(MESSAGES[problem[1]]) % problems[0].params


def test_the_likeliest_of_several_is_told(company: OrgUnit, actor: Actor, now: datetime) -> None:
    make_customer(company, name="赵敏", phone="13800001234")
    likely = make_customer(company, name="王伟", phone="13800001234")

    problems = list(
        make_loader(company, actor, now).check(rows_of({"name": "王伟", "phones": ["+8613800001234"]}))
    )

    assert [(each.code, each.params) for each in problems] == [
        ("same_person_phone", {"number": likely.number})
    ]


def test_a_birth_date_of_somebody_elsewhere_is_not_told(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    clerk = make_actor(neighbour, VIEW_CUSTOMER, CHANGE_CUSTOMER)
    make_customer(company, name="王伟", birth_date=date(1980, 5, 1), emails=("wang@example.com",))
    rows = rows_of(
        {"name": "王伟", "birth_date": date(1980, 5, 1)}, {"name": "王伟", "email": "wang@example.com"}
    )

    problems = list(make_loader(neighbour, clerk, now).check(rows))

    assert [(each.row, each.code, each.params) for each in problems] == [(3, "email_known_elsewhere", {})]


@pytest.mark.requirement("S92")
def test_good_rows_become_customers_and_households(company: OrgUnit, actor: Actor, now: datetime) -> None:
    loader = make_loader(company, actor, now)
    long_ago = datetime(2019, 5, 1, tzinfo=UTC)
    rows = rows_of(
        {
            "name": "张三",
            "external_key": "K1",
            "household": "H1",
            "household_role": "head",
            "known_since": long_ago,
        },
        {"name": "李四", "household": "H1", "phones": ["+8613800001234", "+8613800005678"]},
        {"name": "大华公司", "kind": "company", "email": "a@b.example", "address": "深圳市福田区1号"},
    )

    outcomes = loader.write(rows)
    later = loader.write([Row(9, {"name": "张小三", "household": "H1"})])

    household = Household.objects.get()
    zhang = Customer.objects.get(external_key="K1")
    assert outcomes_of([*outcomes, *later]) == ["created"] * 4
    assert sorted(household.members.values_list("name", flat=True)) == ["张三", "张小三", "李四"]
    assert (zhang.source, zhang.created_at, zhang.household_role) == ("import", long_ago, "head")
    assert EventRecord.objects.get(customer_id=zhang.pk, type="customer.created").occurred_at == long_ago
    assert Customer.objects.get(name="大华公司").contact_points.count() == 2


def test_known_customers_stay_unless_they_are_to_be_updated(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    known = make_customer(company, name="张三", phone="13800001234", external_key="K1", note="old")
    rows = rows_of(
        {
            "name": "张三丰",
            "external_key": "K1",
            "phones": ["+8613800001234", "+8613800009999"],
            "note": "new",
        },
        {"name": "新人", "external_key": "K2"},
    )
    later = now + timedelta(days=1)

    kept = make_loader(company, actor, now).write(rows[:1])
    updated = make_loader(company, actor, later, updates=True).write(rows)

    known.refresh_from_db()
    event = EventRecord.objects.get(customer_id=known.pk, type="customer.changed")
    assert (outcomes_of(kept), outcomes_of(updated)) == (["skipped"], ["updated", "created"])
    assert (known.name, known.note, known.updated_at) == ("张三丰", "new", later)
    assert [point.value for point in known.contact_points.order_by("-is_primary")] == [
        "+8613800001234",
        "+8613800009999",
    ]
    assert event.payload == {"fields": ["name", "note", "phone"]}


def test_the_queries_do_not_grow_with_the_rows(company: OrgUnit, actor: Actor, now: datetime) -> None:
    make_customer(company, phone="13800000001")
    counts = []
    for batch in ([1], [1, 2, 3]):
        rows = [Row(i, {"name": "张", "external_key": f"K{i}", "phones": [f"+86138{i:08d}"]}) for i in batch]
        rows.append(Row(9, {"name": "王", "identity_number": IDENTITY}))
        loader = make_loader(company, actor, now)
        with CaptureQueriesContext(connection) as queries:
            list(loader.check(rows))
        counts.append(len(queries))

    assert counts == [5, 5]


def test_the_kind_offers_its_fields_and_words() -> None:
    kind = import_kinds["customers"]

    assert kind.permission == CHANGE_CUSTOMER
    assert kind.fields == FIELDS
    assert [each.name for each in kind.options] == ["update_known", "first_row_counts", "link_known"]


def test_the_key_of_a_merged_record_means_its_survivor(company: OrgUnit, actor: Actor, now: datetime) -> None:
    survivor = make_customer(company, external_key="K1")
    merge_customers(survivor, [make_customer(company, external_key="K2")], actor=actor, now=now)
    rows = rows_of({"name": "张三", "external_key": "K2", "note": "换了号码"})
    loader = make_loader(company, actor, now, updates=True)

    loader.check(rows)
    loader.write(rows)

    survivor.refresh_from_db()
    assert (Customer.objects.count(), survivor.note) == (2, "换了号码")


def test_a_row_about_a_merged_record_finds_its_survivor(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    survivor = make_customer(company, external_key="K1")
    merge_customers(survivor, [make_customer(company, external_key="K2")], actor=actor, now=now)

    found = find_customers(rows_of({"customer_key": "K2"}), actor)

    assert found[2].customer_id == survivor.pk


def test_of_two_keys_that_mean_one_customer_after_a_merge_the_first_row_counts(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    survivor = make_customer(company, external_key="K1")
    merge_customers(survivor, [make_customer(company, external_key="K2")], actor=actor, now=now)
    phones = {"phones": ["+8613800009999"]}
    rows = rows_of(
        {"name": "张三", "external_key": "K2", "note": "一", **phones},
        {"name": "张三", "external_key": "K1", "note": "二", **phones},
    )
    loader = make_loader(company, actor, now + timedelta(days=1), updates=True)

    problems = list(loader.check(rows))
    outcomes = outcomes_of(loader.write(rows))

    survivor.refresh_from_db()
    told = [(each.row, each.code, each.params, each.is_warning) for each in problems]
    assert (3, "customer_in_row", {"value": "K1", "first_row": 2}, True) in told
    assert not [each for each in problems if not each.is_warning]
    assert (outcomes, survivor.note) == (["updated", "skipped"], "一")

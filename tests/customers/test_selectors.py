"""Finding, listing and comparing customers."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.registrations import find_people
from hearth.customers.selectors import (
    CustomerFilters,
    Likeness,
    about_how_many,
    customer_list,
    customer_page_rows,
    duplicate_candidates,
)
from hearth.customers.selectors.likelihood import Particulars, compare_names, likelihood
from hearth.customers.services import note_contacts
from hearth.lib.pinyin import pinyin_key
from hearth.organization.models import OrgUnit
from hearth.properties.permissions import VIEW_PROPERTY
from tests.customers.builders import make_customer, make_home, make_household, make_profile, make_unit_role
from tests.organization.builders import make_actor, make_org_unit, make_user

pytestmark = pytest.mark.django_db


def names(actor: Actor, **filters: object) -> list[str]:
    rows = customer_list(actor, CustomerFilters(**filters))  # type: ignore[arg-type]
    return sorted(rows.values_list("name", flat=True))


@pytest.mark.parametrize(
    "text",
    ["欧阳娜娜", "娜娜", "ouyang", "oynn", "13800001234", "+86 138-0000-1234", "1234", "NANA@example.com"],
)
def test_a_customer_is_found_by_every_form(company: OrgUnit, actor: Actor, text: str) -> None:
    make_customer(company, name="欧阳娜娜", phone="13800001234", emails=("nana@example.com",))
    make_customer(company, name="王伟", phone="13900005678")

    assert names(actor, text=text) == ["欧阳娜娜"]


def test_a_customer_is_found_by_number(company: OrgUnit, actor: Actor) -> None:
    customer = make_customer(company, name="王伟", phone="13900005678")

    assert names(actor, text=f"#{customer.number}") == ["王伟"]


@pytest.mark.parametrize("text", ["7-1203", "7栋1203", "金色家园 7栋 1203"])
def test_the_search_finds_who_lives_at_an_address(company: OrgUnit, text: str) -> None:
    reader = make_actor(company, VIEW_CUSTOMER, VIEW_PROPERTY)
    customer = make_customer(company, name="王伟", phone="13900005678")
    make_unit_role(customer, make_home(company, number="1203"))

    hits = find_people(text, reader, 8)

    assert [(hit.title, hit.subtitle) for hit in hits] == [
        ("王伟", f"139****5678 · 深圳公司 · #{customer.number}")
    ]


def test_a_neighbour_finds_nobody(company: OrgUnit, neighbour: OrgUnit) -> None:
    stranger = make_actor(neighbour, VIEW_CUSTOMER, VIEW_PROPERTY)
    customer = make_customer(company, name="王伟", phone="13900005678")
    make_unit_role(customer, make_home(company, number="1203"))

    found = [find_people(text, stranger, 8) for text in ("王伟", "13900005678", "5678", "7-1203")]

    assert found == [[], [], [], []]
    assert names(stranger) == []


def test_each_filter_narrows_the_list(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    person = make_user()
    wang = make_customer(company, name="王伟", source="call", responsible_id=person.pk)
    make_customer(neighbour, name="大华公司", kind="company", at=now + timedelta(days=40))
    make_profile(wang, owner_stage="pre_owner", value_tier="top")
    make_unit_role(wang, make_home(company))

    assert names(actor, owner_stage="pre_owner", value_tier="top", source="call") == ["王伟"]
    assert names(actor, responsible_id=person.pk) == ["王伟"]
    assert names(actor, kind="company") == ["大华公司"]
    assert names(actor, org_unit_id=company.parent_id) == ["大华公司", "王伟"]
    assert names(actor, org_unit_id=neighbour.pk) == ["大华公司"]
    assert (names(actor, has_home=True), names(actor, has_home=False)) == (["王伟"], ["大华公司"])
    assert names(actor, created_to=date(2026, 3, 18)) == ["王伟"]
    assert names(actor, created_from=date(2026, 3, 19)) == ["大华公司"]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_the_list_costs_five_queries(company: OrgUnit, actor: Actor, rows: int) -> None:
    for _ in range(rows):
        customer = make_customer(company)
        make_profile(customer)
        make_unit_role(customer, make_home(company))

    with CaptureQueriesContext(connection) as queries:
        found = customer_page_rows(actor, CustomerFilters())

    assert len(queries) == 5
    assert [(row.homes, row.owner_stage, row.places) for row in found.rows] == [
        (1, "stable_owner", ["深圳公司"])
    ] * rows


@pytest.mark.parametrize("order", ["change", "name", "contact"])
def test_pages_follow_each_other_without_gap_over_ties(
    company: OrgUnit, actor: Actor, now: datetime, order: str
) -> None:
    customers = [make_customer(company, name="同名") for _ in range(5)]
    note_contacts([customers[0].pk, customers[1].pk], at=now)

    seen, cursor = [], ""
    for _ in range(3):
        found = customer_page_rows(actor, CustomerFilters(), order=order, cursor=cursor, limit=2)
        seen += [row.customer.pk for row in found.rows]
        cursor = found.next_cursor

    assert sorted(seen) == sorted(customer.pk for customer in customers)
    assert cursor == ""


def test_a_short_list_is_counted(company: OrgUnit, actor: Actor) -> None:
    make_customer(company)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer")

    count = about_how_many(actor, CustomerFilters())

    assert (count.number, count.is_exact) == (1, True)


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        ("张三", "张 三", "same_name"),
        ("张三丰", "章三丰", "same_sound"),
        ("欧阳娜娜", "欧阳那拉", ""),
        ("王小明", "王小朋", "similar_name"),
        ("张三丰", "张三", "shortened_name"),
        ("张伟明", "张伟东", ""),
        ("张三", "李三", ""),
        ("", "张三", ""),
    ],
)
def test_names_are_compared_by_letters_and_sound(left: str, right: str, alike: str) -> None:
    assert compare_names(pinyin_key(left), pinyin_key(right)) == alike


def test_the_same_phone_email_or_identity_number_tells_the_same_customer(
    company: OrgUnit, actor: Actor
) -> None:
    known = make_customer(
        company,
        name="王伟",
        phone="13900005678",
        emails=("wang@example.com",),
        identity_number="11010519491231002X",
    )

    by_phone = duplicate_candidates(Likeness(name="王伟", phones=("139 0000 5678",)), actor=actor)
    by_email = duplicate_candidates(Likeness(emails=("WANG@example.com",)), actor=actor)
    by_identity = duplicate_candidates(Likeness(identity_number="11010519491231002x"), actor=actor)

    found = [(each.customer, each.score, each.reasons) for each in (*by_phone, *by_email, *by_identity)]
    assert found == [
        (known, 1.0, ("same_phone", "same_name")),
        (known, 0.87, ("same_email",)),
        (known, 0.99, ("same_identity",)),
    ]


def test_weak_signs_count_only_beside_the_name(company: OrgUnit, actor: Actor) -> None:
    address = "深圳市福田区深南大道1号"
    known = make_customer(
        company, name="王小明", phone="13900005678", addresses=(address,), birth_date=date(1980, 5, 1)
    )
    unit = make_home(company)
    make_unit_role(known, unit)

    likenesses = [
        Likeness(name="王小朋", addresses=("深圳市 福田区深南大道1号",)),
        Likeness(name="王晓明", unit_id=unit.pk),
        Likeness(name="王小明", phones=("5678",)),
        Likeness(name="王小明", birth_date=date(1980, 5, 1)),
        Likeness(name="赵六", phones=("13700005678",), addresses=(address,), unit_id=unit.pk),
    ]
    found = [duplicate_candidates(likeness, actor=actor) for likeness in likenesses]

    assert [[each.reasons for each in candidates] for candidates in found] == [
        [("same_address", "similar_name")],
        [("same_unit", "same_sound")],
        [("same_last_four", "same_name")],
        [("same_birth_date", "same_name")],
        [],
    ]


def told(actor: Actor, **values: object) -> list[tuple[str, float, tuple[str, ...]]]:
    found = duplicate_candidates(Likeness(**values), actor=actor)  # type: ignore[arg-type]
    return [(each.customer.name if each.customer else "", each.score, each.reasons) for each in found]


def test_a_wife_with_her_husbands_phone_is_told_last(company: OrgUnit, actor: Actor) -> None:
    make_customer(company, name="李建国", sex="male", phone="13900005678")
    make_customer(company, name="赵民", sex="female", phone="13900005678")

    found = told(actor, name="赵敏", sex="female", phones=("13900005678",))

    assert found == [
        ("赵民", 1.0, ("same_phone", "same_sound")),
        ("李建国", 0.0, ("same_phone",)),
    ]


def test_another_identity_number_is_another_person(company: OrgUnit, actor: Actor) -> None:
    make_customer(company, name="王伟", phone="13900005678", identity_number="11010519491231002X")

    assert told(actor, name="王伟", phones=("13900005678",), identity_number="440524188001010014") == []


def test_a_name_that_sounds_the_same_counts_with_birth_date_household_or_project(
    company: OrgUnit, actor: Actor
) -> None:
    team = make_org_unit(company, kind=OrgUnit.Kind.PROJECT_TEAM)
    born = make_customer(company, name="王晓明", birth_date=date(1980, 5, 1))
    family = make_household(make_customer(company, name="赵敏"), make_customer(company, name="孙强"))
    make_customer(team, name="周洁")
    for _ in range(6):
        make_customer(team, name="张伟")

    assert told(actor, name="王小明", birth_date=born.birth_date) == [
        ("王晓明", 0.99, ("same_birth_date", "same_sound"))
    ]
    assert told(actor, name="赵民", household_id=family.pk) == [
        ("赵敏", 1.0, ("same_household", "same_sound"))
    ]
    assert told(actor, name="周杰", org_unit_id=team.pk) == [("周洁", 0.62, ("same_place", "same_sound"))]
    assert told(actor, name="张伟", org_unit_id=team.pk) == []
    assert told(actor, name="周杰", org_unit_id=company.pk) == []


def test_what_was_merged_into_another_is_no_candidate(company: OrgUnit, actor: Actor) -> None:
    kept = make_customer(company, name="王伟", phone="13900001111")
    gone = make_customer(company, name="王伟", phone="13900005678")
    Customer.objects.filter(pk=gone.pk).update(merged_into=kept)

    assert told(actor, name="王伟", phones=("13900005678",)) == []


@pytest.mark.parametrize(
    ("other", "is_likely"),
    [
        (Particulars(name_key=pinyin_key("王伟")), True),
        (Particulars(name_key=pinyin_key("王伟"), sex="female"), True),
        (Particulars(name_key=pinyin_key("赵敏")), False),
        (Particulars(name_key=pinyin_key("王玮"), birth_date=date(1980, 1, 5)), True),
        (Particulars(name_key=pinyin_key("王芳"), birth_date=date(2008, 7, 9)), False),
        (Particulars(name_key=pinyin_key("王伟"), identity=b"2"), False),
    ],
)
def test_what_both_know_speaks_for_and_against(other: Particulars, is_likely: bool) -> None:
    mine = Particulars(name_key=pinyin_key("王伟"), sex="male", birth_date=date(1980, 5, 1), identity=b"1")

    assert (likelihood({"same_phone"}, mine, other) > 0.5) is is_likely


@pytest.mark.requirement("S140")
def test_a_candidate_of_another_company_stays_nameless(company: OrgUnit, neighbour: OrgUnit) -> None:
    stranger = make_actor(neighbour, VIEW_CUSTOMER)
    make_customer(company, name="王伟", phone="13900005678")

    candidates = duplicate_candidates(Likeness(name="王伟", phones=("13900005678",)), actor=stranger)

    assert [(each.customer, each.reasons) for each in candidates] == [(None, ("same_phone",))]


def test_looking_for_duplicates_costs_the_same_for_any_number(company: OrgUnit, actor: Actor) -> None:
    likeness = Likeness(name="王伟", phones=("13900005678",), birth_date=date(1980, 5, 1))
    counts = []
    for _ in range(3):
        make_customer(company, name="王伟", phone="13900005678")
        with CaptureQueriesContext(connection) as queries:
            duplicate_candidates(likeness, actor=actor)
        counts.append(len(queries))

    assert counts == [5, 5, 5]


def test_homes_that_ended_do_not_count(company: OrgUnit, actor: Actor) -> None:
    customer = make_customer(company)
    role = make_unit_role(customer, make_home(company), valid_from=date(2020, 1, 1))
    role.valid_to = timezone.localdate() - timedelta(days=1)
    role.save()

    found = customer_page_rows(actor, CustomerFilters())

    assert [row.homes for row in found.rows] == [0]
    assert Customer.objects.count() == 1

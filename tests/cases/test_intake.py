"""A matter is taken in with who, what, when, where, why and how; the phone desk knows who is calling."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from hearth.cases.models import Case, CaseAccount, Cause
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.cases.services import CaseIsClosed, NewCase, open_case
from hearth.cases.services.accounts import Account, CategoryPutAside, DayUnlikely
from hearth.cases.services.retelling import keep_account
from hearth.channels.permissions import VIEW_INTERACTION
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.privacy.services import erase_person
from hearth.properties.permissions import VIEW_PROPERTY
from tests.cases.builders import NOW, cause_of, make_case
from tests.customers.builders import make_customer, make_home, make_unit_role
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
DAY = NOW.date()
TOLD = Account(
    happened_date=DAY - timedelta(days=1),
    spot="次卧飘窗下",
    persons="楼上住户",
    course="夜里下雨，早上发现地板泡水。",
    reason="外墙没有打胶",
    demand="compensation",
    demand_note="地板更换并补偿误工",
    expected_date=DAY + timedelta(days=7),
    others="楼下 301 也漏了",
)
AGENT = (SIGNED_IN, VIEW_CASE, CHANGE_CASE, VIEW_CUSTOMER, VIEW_PROPERTY, VIEW_INTERACTION)


def new_case(company: OrgUnit, **values: Any) -> NewCase:
    said = {
        "kind": "complaint",
        "title": "地板泡水",
        "body": "飘窗漏水",
        "channel": "phone",
        "opened_at": NOW,
    }
    return NewCase(org_unit_id=company.pk, **{**said, **values})


def sent(company: OrgUnit, **values: Any) -> dict[str, Any]:
    known = {"org_unit": company.pk, "kind": "complaint", "grade": "ordinary", "channel": "phone"}
    return {**known, "title": "地板泡水", "body": "飘窗漏水", **values}


def test_what_was_told_is_kept_with_the_case_and_its_category_names_the_topic(
    company: OrgUnit, actor: Actor
) -> None:
    category = cause_of()

    case = open_case(new_case(company, category_id=category.pk, account=TOLD), actor=actor, now=NOW)

    kept = CaseAccount.objects.get(case=case)
    assert {name: getattr(kept, name) for name in Account.__dataclass_fields__} == vars(TOLD)
    assert (case.category, case.topic) == (category, "渗漏")
    with pytest.raises(ProtectedError):
        category.delete()


def test_an_account_that_says_nothing_is_not_written(company: OrgUnit, actor: Actor) -> None:
    open_case(new_case(company, account=Account(spot="  ")), actor=actor, now=NOW)

    assert not CaseAccount.objects.exists()


@pytest.mark.parametrize(
    ("account", "field"),
    [
        (Account(happened_date=DAY + timedelta(days=1)), "happened_date"),
        (Account(happened_date=date(1989, 12, 31)), "happened_date"),
        (Account(expected_date=DAY - timedelta(days=1)), "expected_date"),
        (Account(expected_date=DAY + timedelta(days=731)), "expected_date"),
    ],
)
def test_days_that_cannot_be_are_refused_and_nothing_is_opened(
    company: OrgUnit, actor: Actor, account: Account, field: str
) -> None:
    with pytest.raises(DayUnlikely) as refused:
        open_case(new_case(company, account=account), actor=actor, now=NOW)

    assert refused.value.field == field
    assert not Case.objects.exists()


def test_nothing_is_taken_in_under_what_was_put_aside_and_what_has_it_keeps_it(
    company: OrgUnit, actor: Actor
) -> None:
    category = cause_of()
    case = open_case(new_case(company, category_id=category.pk), actor=actor, now=NOW)
    Cause.objects.filter(code="construction").update(is_active=False)

    with pytest.raises(CategoryPutAside):
        open_case(new_case(company, category_id=category.pk), actor=actor, now=NOW)
    keep_account(case, TOLD, category_id=category.pk, actor=actor, now=NOW)

    assert CaseAccount.objects.get().spot == "次卧飘窗下"


def test_what_was_told_is_completed_and_the_log_names_what_changed(company: OrgUnit, actor: Actor) -> None:
    case = make_case(company, account=Account(spot="客厅"))

    keep_account(case, TOLD, category_id=cause_of().pk, actor=actor, now=NOW)
    keep_account(case, TOLD, category_id=cause_of().pk, actor=actor, now=NOW)

    changes = EventRecord.objects.filter(type="cases.changed", subject_id=case.pk)
    assert [set(event.payload["changed"]) for event in changes] == [
        {*Account.__dataclass_fields__, "category"}
    ]
    case.refresh_from_db()
    assert (case.topic, case.account.others) == ("渗漏", "楼下 301 也漏了")


def test_who_may_not_change_cases_and_what_is_closed_stay_as_they_are(company: OrgUnit, actor: Actor) -> None:
    case = make_case(company)
    closed = make_case(company, reply="好", answered_at=NOW, closed_at=NOW)
    reader = actor_for(make_member(company, SIGNED_IN, VIEW_CASE), today=DAY)

    with pytest.raises(NotAllowed):
        keep_account(case, TOLD, category_id=None, actor=reader, now=NOW)
    with pytest.raises(CaseIsClosed):
        keep_account(closed, TOLD, category_id=None, actor=actor, now=NOW)

    assert not CaseAccount.objects.exists()


def test_an_agent_takes_a_matter_in_about_a_home_of_the_caller(client: Client, company: OrgUnit) -> None:
    customer = make_customer(company, name="王建国")
    role = make_unit_role(customer, make_home(company))
    sign_in(client, make_member(company, *AGENT))
    address = f"{reverse('cases:new')}?customer={customer.pk}&channel=phone&unit={role.unit_id}"

    shown = client.get(address).content.decode()
    answer = client.post(address, sent(company, unit=role.unit_id, spot="次卧", category=cause_of().pk))

    case = Case.objects.get()
    assert "王建国" in shown
    assert f'value="{role.unit_id}" selected' in shown
    assert answer.status_code == 303
    assert (case.customer, case.unit_id, case.project_id) == (customer, role.unit_id, role.unit.project_id)
    assert case.account.spot == "次卧"


def test_a_home_of_somebody_else_is_refused_with_the_words_kept(client: Client, company: OrgUnit) -> None:
    customer = make_customer(company)
    make_unit_role(customer, make_home(company))
    other = make_unit_role(make_customer(company), make_home(company))
    sign_in(client, make_member(company, *AGENT))

    answer = client.post(
        f"{reverse('cases:new')}?customer={customer.pk}", sent(company, unit=other.unit_id, spot="次卧")
    )

    assert answer.status_code == 422
    assert "次卧" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_day_that_cannot_be_is_told_beside_its_field(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, *AGENT))

    answer = client.post(reverse("cases:new"), sent(company, expected_date="2020-01-01"))

    assert answer.status_code == 422
    assert "<details open>" in answer.content.decode()
    assert not Case.objects.exists()


def test_the_page_of_a_case_shows_what_was_told_and_completes_it(client: Client, company: OrgUnit) -> None:
    case = make_case(company, account=TOLD, category_id=cause_of().pk)
    sign_in(client, make_member(company, *AGENT))

    shown = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    answer = client.post(reverse("cases:account", args=[case.pk]), {"spot": "主卧", "demand": "apology"})
    refused = client.post(reverse("cases:account", args=[case.pk]), {"happened_date": "2999-01-01"})

    assert all(words in shown for words in ("次卧飘窗下", "工程质量 · 渗漏", "楼下 301 也漏了"))
    assert (answer.status_code, refused.status_code) == (303, 422)
    assert (CaseAccount.objects.get().spot, CaseAccount.objects.get().demand) == ("主卧", "apology")


def test_the_desk_shows_who_calls_with_homes_and_what_is_open(client: Client, company: OrgUnit) -> None:
    customer = make_customer(company, name="王建国", phone="13800138000")
    role = make_unit_role(customer, make_home(company))
    case = make_case(company, customer=customer, title="电梯停运")
    sign_in(client, make_member(company, *AGENT))

    page = client.get(reverse("cases:desk"), {"number": "+86 138 0013 8000"}).content.decode()

    assert all(words in page for words in ("王建国", str(role.unit), "电梯停运", f"#{case.number}"))


def test_the_desk_tells_nothing_of_a_neighbours_customer(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    make_customer(neighbour, name="李春梅", phone="13800138000")
    sign_in(client, make_member(company, *AGENT))

    page = client.get(reverse("cases:desk"), {"number": "13800138000"}).content.decode()

    assert "李春梅" not in page
    assert "这里没有人用这个号码" in page


@pytest.mark.parametrize("number", ["abc", "1", "138001380001380013800138001380013800138000"])
def test_what_is_no_number_is_said_to_be_none(client: Client, company: OrgUnit, number: str) -> None:
    sign_in(client, make_member(company, *AGENT))

    answer = client.get(reverse("cases:desk"), {"number": number})

    assert answer.status_code == 422


def test_who_may_not_see_customers_asks_the_desk_in_vain(client: Client, company: OrgUnit) -> None:
    make_customer(company, name="王建国", phone="13800138000")
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CASE, CHANGE_CASE))

    answer = client.get(reverse("cases:desk"), {"number": "13800138000"})

    assert answer.status_code == 403


def test_the_desk_asks_the_same_of_the_database_for_one_and_three_callers(
    client: Client, company: OrgUnit
) -> None:
    sign_in(client, make_member(company, *AGENT))
    counts = []

    for number in (1, 2):
        for _ in range(number):
            customer = make_customer(company, phone="13800138000")
            make_unit_role(customer, make_home(company))
            make_case(company, customer=customer)
        counts.append(count_queries(client, f"{reverse('cases:desk')}?number=13800138000"))

    assert counts[0] == counts[1]


def test_the_list_is_narrowed_by_category_and_by_the_day_expected(
    signed_in: Client, company: OrgUnit
) -> None:
    make_case(company, title="厨房漏水", category_id=cause_of().pk, account=TOLD)
    make_case(company, title="合同问题", category_id=cause_of("contract-terms").pk)

    for asked in ({"category": "渗"}, {"category": "工程"}, {"category": "leak"}, {"expected": "2026-03-25"}):
        page = signed_in.get(reverse("cases:cases"), asked).content.decode()
        assert "厨房漏水" in page, asked
        assert "合同问题" not in page, asked


def test_what_was_told_goes_with_the_person_and_names_are_struck_out_of_others(
    company: OrgUnit, actor: Actor
) -> None:
    person = make_customer(company, name="王建国")
    own = make_case(company, customer=person, account=TOLD)
    other = make_case(company, customer=make_customer(company), account=Account(persons="王建国也在场"))

    erase_person(person, actor=actor, now=NOW)

    assert not any(
        getattr(CaseAccount.objects.get(case=own), name)
        for name in ("spot", "persons", "course", "reason", "demand_note", "others")
    )
    assert "王建国" not in CaseAccount.objects.get(case=other).persons

"""Editing a field where it is shown: the act behind it, who may, what locks it, conflicts, and the way back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import models
from django.test import Client

from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.customers.origins import Basis, Origin
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.services.origins import state_field_origin
from hearth.lists.definitions import lists
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.cases.builders import NOW, make_case
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer, make_home
from tests.lists.editing import SEEN_AT_FIRST, address_of, events_of, open_editor, save, text_of
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
CUSTOMER_RIGHTS = (SIGNED_IN, VIEW_CUSTOMER, CHANGE_CUSTOMER)


def test_a_field_is_saved_by_the_act_of_its_app_which_writes_its_event_once(
    signed_in: Client, company: OrgUnit
) -> None:
    customer = make_customer(company, source="call")
    address = address_of(customer, "customers", "source")

    shown = open_editor(signed_in, address)
    answer = save(signed_in, address, "web")

    customer.refresh_from_db()
    user_id = int(signed_in.session["_auth_user_id"])
    assert (shown["value"], shown["initial-value"], shown["version"]) == ("call", "call", SEEN_AT_FIRST)
    assert (answer.status_code, customer.source) == (200, "web")
    assert "网络" in text_of(answer)
    assert events_of("customer.changed") == [{"fields": ["source"], "by": user_id}]
    assert f'"row": "{customer.pk}"' in answer.headers["HX-Trigger"]


def test_every_editable_field_of_every_list_opens_and_saves(
    signed_in: Client, company: OrgUnit, administrator: Any
) -> None:
    customer, case, home = make_customer(company), make_case(company), make_home(company)
    contract = make_contract(make_home(company), customer)
    rows: dict[str, models.Model] = {
        "customers": customer,
        "cases": case,
        "homes": home,
        "contracts": contract,
    }
    for code, key in (("customer", "c"), ("case", "k"), ("unit", "u"), ("contract", "v")):
        make_field(company, object_code=code, key=f"{key}_text")
    values = {
        "name": "王五", "kind": "company", "sex": "female", "birth_date": "1980-02-29",
        "occupation": "教师", "source": "web", "household_role": "head", "note": "爱喝茶\n不接晚上电话",
        "responsible": str(administrator.pk), "grade": "hot", "assignee": str(administrator.pk),
        "state": "available", "custom_c_text": "甲", "custom_k_text": "乙", "custom_u_text": "丙",
        "custom_v_text": "丁",
    }  # fmt: skip
    actor = Actor.system("test")

    saved = {}
    for key, row in rows.items():
        for field in lists[key].extended(actor).fields:
            address = f"/lists/{key}/{row.pk}/fields/{field.key}/"
            answer = save(signed_in, address, values[field.key])
            saved[field.key] = (answer.status_code, "hx-swap-oob" in text_of(answer))

    assert saved == dict.fromkeys(values, (200, True))
    read = {
        field.key: field.read(definition.whole().get(pk=rows[key].pk))
        for key, definition in ((key, lists[key].extended(actor)) for key in rows)
        for field in definition.fields
    }
    assert {key: str(getattr(value, "pk", value)) for key, value in read.items()} == values


def test_the_same_value_writes_nothing_and_offers_no_way_back(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company, source="call")

    answer = save(signed_in, address_of(customer, "customers", "source"), "call")

    assert (answer.status_code, "hx-swap-oob" in text_of(answer)) == (200, False)
    assert events_of("customer.changed") == []


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("source", "smoke", "smoke"),
        ("birth_date", "2026-02-30", "有效的日期"),
        ("name", " ", "必填"),
        ("custom_rooms", "many", "这不是数字"),
        ("responsible", "0", "选择一个有效的选项"),
    ],
)
def test_a_bad_value_stays_in_the_editor_with_the_reason(
    signed_in: Client, company: OrgUnit, field: str, value: str, reason: str
) -> None:
    make_field(company, key="rooms", kind="number")
    customer = make_customer(company)

    answer = save(signed_in, address_of(customer, "customers", field), value)

    assert answer.status_code == 422
    assert reason in text_of(answer)
    assert "HX-Retarget" not in answer.headers
    assert events_of("customer.changed") == []


def test_who_may_not_change_is_offered_nothing(client: Client, company: OrgUnit) -> None:
    customer = make_customer(company, source="call")
    address = address_of(customer, "customers", "source")
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER))

    pages = [
        text_of(client.get(page)) for page in ("/customers/?columns=source", f"/customers/{customer.pk}/")
    ]
    answers = [client.get(address), client.post(address, {"value": "web"}), client.get(f"{address}shown/")]
    undo = client.post(f"{address}undo/", {"value": "web"})

    assert ["data-inline" in page or "data-lock" in page for page in pages] == [False, False]
    assert [answer.status_code for answer in [*answers, undo]] == [403] * 4
    customer.refresh_from_db()
    assert customer.source == "call"


def test_a_neighbour_does_not_learn_that_the_row_exists(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    address = address_of(make_customer(company), "customers", "source")
    sign_in(client, make_member(neighbour, *CUSTOMER_RIGHTS))

    answers = [client.get(address), client.post(address, {"value": "web"}), client.get(f"{address}shown/")]

    assert [answer.status_code for answer in answers] == [404] * 3


def test_a_right_elsewhere_shows_a_lock_with_the_reason(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    customer = make_customer(company, source="call")
    reader = make_member(company, SIGNED_IN, VIEW_CUSTOMER)
    sign_in(client, give(reader, neighbour, VIEW_CUSTOMER, CHANGE_CUSTOMER))
    address = address_of(customer, "customers", "source")

    shown = text_of(client.get("/customers/?columns=source"))
    answer = client.post(address, {"value": "web", "initial-value": "call", "version": SEEN_AT_FIRST})

    assert 'data-lock="无权在该处修改"' in shown
    assert (answer.status_code, "无权在该处修改" in text_of(answer)) == (422, True)
    customer.refresh_from_db()
    assert customer.source == "call"


def give(user: Any, place: OrgUnit, *rights: str) -> Any:
    """Let a person hold the role of another as well."""
    user.memberships.add(make_member(place, *rights).memberships.get())
    return user


def test_what_is_settled_is_locked_in_words(signed_in: Client, company: OrgUnit) -> None:
    case = make_case(company, answered_at=NOW, closed_at=NOW, reply="好")
    home = make_home(company)
    Unit.objects.filter(pk=home.pk).update(state="delivered")
    make_contract(make_home(company), make_customer(company))

    cases, homes, contracts = (
        text_of(signed_in.get(page)) for page in ("/cases/", "/homes/units/", "/contracts/")
    )
    refused = save(signed_in, address_of(case, "cases", "grade"), "hot", {"version": ""})

    assert 'data-lock="已关闭"' in cases
    assert 'data-lock="已交付的房源不能再变更状态"' in homes
    assert contracts.count('data-lock="签约时已确定') == 4
    assert (refused.status_code, "已关闭" in text_of(refused)) == (422, True)
    assert Case.objects.get().grade == case.grade


def test_blocked_and_masked_values_are_not_sent_to_an_editor(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company, note="秘密", phone="13800001234")
    blocked = Origin(source="partner", purpose="marketing", basis=Basis.NONE)
    state_field_origin(customer, "note", blocked, actor=Actor.system(), now=LATER)
    address = address_of(customer, "customers", "note")

    answers = [
        signed_in.get(address),
        signed_in.get(f"{address}shown/"),
        save(signed_in, address, "x", {"version": ""}),
    ]
    phone = signed_in.get(address_of(customer, "customers", "phone"))

    assert [answer.status_code for answer in answers] == [422, 200, 422]
    assert ["秘密" in text_of(answer) for answer in answers] == [False] * 3
    assert phone.status_code == 404
    assert Customer.objects.get().note == "秘密"


def test_roles_and_places_of_a_custom_field_hold_where_it_is_edited(
    signed_in: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    make_field(company, key="secret", change_roles=["nobody_has_it"], view_roles=[])
    make_field(neighbour, key="elsewhere")
    customer = make_customer(company)

    shown = text_of(signed_in.get("/customers/?columns=custom_secret,custom_elsewhere"))
    answers = [
        signed_in.get(address_of(customer, "customers", name))
        for name in ("custom_secret", "custom_elsewhere")
    ]

    assert "此字段仅限部分角色修改" in shown
    assert "该组织的记录没有此字段" in shown
    assert [answer.status_code for answer in answers] == [422, 422]


def test_the_look_at_a_row_and_the_page_of_a_customer_offer_the_same_fields(
    signed_in: Client, company: OrgUnit
) -> None:
    customer = make_customer(company)
    make_field(company, key="rooms", kind="number")

    beside = text_of(signed_in.get(f"/lists/customers/peek/{customer.pk}/"))
    page = text_of(signed_in.get(f"/customers/{customer.pk}/"))
    card = text_of(signed_in.get(f"/custom-fields/customer/{customer.pk}/card/"))

    offered = {name for text in (beside, page, card) for name in re.findall(r'data-inline="([^"]+)"', text)}
    assert {"source", "responsible", "kind", "custom_rooms"} <= set(
        re.findall(r'data-inline="([^"]+)"', beside)
    )
    assert {"name", "birth_date", "note"} <= set(re.findall(r'data-inline="([^"]+)"', page))
    assert re.findall(r'data-inline="([^"]+)"', card) == ["custom_rooms"]
    assert offered >= {"name", "custom_rooms"}


@pytest.mark.parametrize("rows", [1, 3])
def test_locks_of_a_page_cost_one_query_for_any_number_of_rows(
    client: Client, company: OrgUnit, rows: int
) -> None:
    for _ in range(rows):
        make_customer(company)
    columns = "source,kind,occupation,responsible"

    counts = []
    for rights in ((SIGNED_IN, VIEW_CUSTOMER), CUSTOMER_RIGHTS):
        sign_in(client, make_member(company, *rights))
        counts.append(count_queries(client, "/customers/", columns=columns))

    assert counts[1] - counts[0] == 1


def test_an_editor_and_a_value_alone_keep_their_budget(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company)

    assert count_queries(signed_in, address_of(customer, "customers", "source")) == 6
    assert count_queries(signed_in, f"{address_of(customer, 'customers', 'source')}shown/") == 6

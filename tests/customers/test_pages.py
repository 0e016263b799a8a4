"""Pages of customers, as a browser sees them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer, Reveal, UnitRole
from hearth.customers.permissions import CHANGE_CUSTOMER, REVEAL_CONTACT, VIEW_CUSTOMER
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer, make_home, make_household, make_unit_role
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
LIST = "/customers/"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def form_of(company: OrgUnit, **values: object) -> dict[str, object]:
    return {"kind": "person", "name": "张三", "household": "none", "org_unit": company.pk, **values}


@pytest.mark.parametrize(("language", "word"), [("en", "Last contact"), ("zh-hans", "最近联系")])
def test_the_list_shows_the_customers_in_the_readers_language(
    signed_in: Client, company: OrgUnit, language: str, word: str
) -> None:
    signed_in.cookies["hearth_language"] = language
    make_customer(company, name="张三丰", phone="13800001234")

    response = signed_in.get(LIST)

    assert response.status_code == 200
    assert "张三丰" in text_of(response)
    assert word in text_of(response)


@pytest.mark.parametrize(
    ("filters", "sentence"), [("", "No customers yet"), ("?q=nobody", "Nothing fits these filters")]
)
def test_an_empty_list_says_why(signed_in: Client, filters: str, sentence: str) -> None:
    signed_in.cookies["hearth_language"] = "en"

    assert sentence in text_of(signed_in.get(LIST + filters))


def test_the_list_can_be_narrowed_without_loading_the_page(signed_in: Client, company: OrgUnit) -> None:
    make_customer(company, name="张三丰")
    make_customer(company, name="李四")

    response = signed_in.get(f"{LIST}?q=zsf", headers={"HX-Request": "true", "HX-Target": "list"})

    assert "张三丰" in text_of(response)
    assert "李四" not in text_of(response)
    assert "<html" not in text_of(response)


def test_the_exact_number_comes_on_demand(signed_in: Client, company: OrgUnit) -> None:
    make_customer(company)

    assert ">1<" in text_of(signed_in.get("/lists/customers/count/"))


def test_a_reader_without_the_right_sees_masks_only(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER))
    make_customer(company, phone="13800001234")

    shown = text_of(client.get(LIST))

    assert "138****1234" in shown
    assert "13800001234" not in shown


def test_a_customer_is_recorded_with_several_phones(signed_in: Client, company: OrgUnit) -> None:
    values = form_of(company, phones=["13800001234", "", "021-66668888"], household="new")

    response = signed_in.post("/customers/new/", values)

    customer = Customer.objects.get(name="张三")
    assert response.headers["Location"] == reverse("workspace:customer", args=[customer.pk])
    assert customer.contact_points.count() == 2
    assert customer.household is not None


def test_a_customer_joins_the_household_of_another(signed_in: Client, company: OrgUnit) -> None:
    other = make_customer(company, name="李四")
    values = form_of(company, household="existing", household_member=str(other.number))

    signed_in.post("/customers/new/", values)

    other.refresh_from_db()
    assert other.household is not None
    assert other.household == Customer.objects.get(name="张三").household


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"phones": ["12"]}, "It is too short."),
        ({"identity_number": "110105194912310021"}, "Its last character does not fit the others."),
        ({"household": "existing"}, "Say whose household it is."),
        ({"household": "existing", "household_member": "nobody"}, "This means nobody here"),
        ({"org_unit": ""}, "This field is required."),
    ],
)
def test_a_bad_form_comes_back_with_the_reason(
    signed_in: Client, company: OrgUnit, values: dict[str, object], sentence: str
) -> None:
    signed_in.cookies["hearth_language"] = "en"

    response = signed_in.post("/customers/new/", form_of(company, **values))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Customer.objects.count() == 0


@pytest.mark.requirement("S140")
def test_a_likely_duplicate_is_shown_before_it_is_recorded(signed_in: Client, company: OrgUnit) -> None:
    signed_in.cookies["hearth_language"] = "en"
    known = make_customer(company, name="张三", phone="13800001234")
    values = form_of(company, phones=["13800001234"])

    refused = signed_in.post("/customers/new/", values)
    accepted = signed_in.post("/customers/new/", {**values, "create_anyway": "1"})

    assert refused.status_code == 422
    assert "same phone · same name" in text_of(refused)
    assert reverse("workspace:customer", args=[known.pk]) in text_of(refused)
    assert accepted.status_code == 303
    assert Customer.objects.count() == 2


def test_a_hint_comes_while_typing_and_hides_other_companies(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    sign_in(client, make_member(neighbour, SIGNED_IN, VIEW_CUSTOMER, CHANGE_CUSTOMER))
    client.cookies["hearth_language"] = "en"
    make_customer(company, name="张三", phone="13800001234")

    shown = text_of(client.post("/customers/new/hint/", {"name": "张三", "phones": "13800001234"}))

    assert "A customer known in another company" in shown
    assert "张三" not in shown


def test_a_customer_is_changed(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company, name="张三")
    values = {"kind": "person", "name": "张三丰", "unchanged_since": customer.updated_at.isoformat()}

    shown = signed_in.get(f"/customers/{customer.pk}/edit/")
    response = signed_in.post(f"/customers/{customer.pk}/edit/", values)

    customer.refresh_from_db()
    assert (shown.status_code, response.status_code) == (200, 303)
    assert customer.name == "张三丰"


def test_an_older_form_does_not_overwrite_a_newer_change(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company, name="张三")
    values = {"kind": "person", "name": "张三丰", "unchanged_since": "2020-01-01T00:00:00+00:00"}

    response = signed_in.post(f"/customers/{customer.pk}/edit/", values)

    customer.refresh_from_db()
    assert (response.status_code, customer.name) == (422, "张三")


def test_contacts_are_added_preferred_and_removed(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company, phone="13800001234")
    bad = signed_in.post(f"/customers/{customer.pk}/contacts/", {"kind": "email", "value": "nobody"})
    signed_in.post(f"/customers/{customer.pk}/contacts/", {"kind": "phone", "value": "13800005678"})
    first, second = customer.contact_points.order_by("id")

    signed_in.post(f"/customers/contacts/{second.pk}/prefer/")
    signed_in.post(f"/customers/contacts/{first.pk}/remove/")

    assert bad.status_code == 422
    assert [(point.value, point.is_primary) for point in customer.contact_points.all()] == [
        ("+8613800005678", True)
    ]


def test_a_household_is_joined_and_left(signed_in: Client, company: OrgUnit) -> None:
    customer, other = make_customer(company), make_customer(company)
    household = make_household(other)
    address = f"/customers/{customer.pk}/household"

    unknown = signed_in.post(f"{address}/join/", {"member": "nobody"})
    signed_in.post(f"{address}/join/", {"member": str(other.number)})
    joined = household.members.count()
    signed_in.post(f"{address}/leave/")

    assert (unknown.status_code, joined, household.members.count()) == (422, 2, 1)


@pytest.mark.requirement("S60")
def test_a_masked_phone_is_uncovered_with_a_reason(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER, REVEAL_CONTACT))
    customer = make_customer(company, phone="13800001234", identity_number="11010519491231002X")
    address = f"/customers/contacts/{customer.contact_points.get().pk}/reveal/"

    without = client.post(address, {"reason": ""})
    shown = client.post(address, {"reason": "agreed call back"})
    identity = client.post(f"/customers/{customer.pk}/identity/reveal/", {"reason": "contract"})

    assert without.status_code == 422
    assert "13800001234" not in text_of(without)
    assert "13800001234" in text_of(shown)
    assert shown.headers["Cache-Control"] == "no-store"
    assert "11010519491231002X" in text_of(identity)
    assert Reveal.objects.count() == 2


def test_a_neighbour_gets_no_page_of_a_customer(client: Client, company: OrgUnit, neighbour: OrgUnit) -> None:
    rights = (SIGNED_IN, VIEW_CUSTOMER, CHANGE_CUSTOMER, REVEAL_CONTACT)
    sign_in(client, make_member(neighbour, *rights))
    customer = make_customer(company)
    point = customer.contact_points.get()

    statuses = [
        client.get(f"/customers/{customer.pk}/edit/").status_code,
        client.post(f"/customers/{customer.pk}/contacts/").status_code,
        client.post(f"/customers/{customer.pk}/household/leave/").status_code,
        client.post(f"/customers/contacts/{point.pk}/remove/").status_code,
        client.post(f"/customers/contacts/{point.pk}/reveal/", {"reason": "curious"}).status_code,
        client.post(f"/customers/{customer.pk}/identity/reveal/", {"reason": "curious"}).status_code,
    ]

    assert statuses == [404] * 6


@pytest.mark.requirement("S110")
def test_who_lived_here_is_told_for_two_days_and_corrections_keep_the_past(
    signed_in: Client, company: OrgUnit
) -> None:
    signed_in.cookies["hearth_language"] = "en"
    role = make_unit_role(make_customer(company, name="王租"), make_home(company), role="tenant")
    address = f"/customers/homes/roles/{role.pk}/"

    refused = signed_in.post(address, {"kind": "owner", "reason": ""})
    corrected = signed_in.post(address, {"kind": "owner", "reason": "合同"})

    assert (refused.status_code, corrected.status_code) == (422, 303)
    history = f"/customers/homes/{role.unit_id}/history/"
    before = text_of(signed_in.get(history, {"on": "2026-03-18", "known_on": "2026-03-18"}))
    today = text_of(signed_in.get(history))
    assert "<td>tenant</td>" in before
    assert "<td>owner</td>" in today
    assert "合同" in today


def test_a_role_that_never_was_is_withdrawn(signed_in: Client, company: OrgUnit) -> None:
    role = make_unit_role(make_customer(company), make_home(company))

    signed_in.post(
        f"/customers/homes/roles/{role.pk}/", {"kind": "owner", "reason": "房号录错", "withdraw": "1"}
    )

    assert not UnitRole.objects.exists()


def test_a_home_is_linked_by_its_address(signed_in: Client, company: OrgUnit) -> None:
    customer, unit = make_customer(company), make_home(company, building="7栋", number="1203")
    make_home(company, building="8栋", number="1203")
    address = f"/customers/{customer.pk}/homes/add/"

    unclear = signed_in.post(address, {"home": "1203", "role": "tenant"})
    linked = signed_in.post(address, {"home": "7-1203", "role": "tenant", "valid_from": "2026-01-01"})
    again = signed_in.post(address, {"home": "7-1203", "role": "tenant"})

    assert (unclear.status_code, linked.status_code, again.status_code) == (422, 303, 422)
    assert UnitRole.objects.get().unit == unit


def test_the_history_of_a_home_takes_the_same_queries_for_any_number(
    signed_in: Client, company: OrgUnit
) -> None:
    unit = make_home(company)
    make_unit_role(make_customer(company), unit)
    address = f"/customers/homes/{unit.pk}/history/"

    with_one = count_queries(signed_in, address)
    for _number in range(2):
        make_unit_role(make_customer(company), unit)

    assert count_queries(signed_in, address) == with_one

"""Two people edit a row where it is shown, and one takes a change back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.services import update_customer
from hearth.organization.models import OrgUnit
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer
from tests.lists.editing import address_of, events_of, fields_of, open_editor, save, text_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def change_beside(customer: Customer, **values: Any) -> None:
    update_customer(customer, actor=Actor.system("test"), now=LATER, **values)


def test_two_changes_of_different_fields_both_stand(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company, source="call", occupation="医生")
    address = address_of(customer, "customers", "source")
    seen = open_editor(signed_in, address)

    change_beside(customer, occupation="教师")
    answer = save(signed_in, address, "web", seen)

    customer.refresh_from_db()
    assert (answer.status_code, customer.source, customer.occupation) == (200, "web", "教师")


def test_an_editor_that_was_left_alone_does_not_take_a_newer_value_back(
    signed_in: Client, company: OrgUnit
) -> None:
    customer = make_customer(company, source="call")
    address = address_of(customer, "customers", "source")
    seen = open_editor(signed_in, address)

    change_beside(customer, source="web")
    answer = save(signed_in, address, "call", seen)

    customer.refresh_from_db()
    assert (answer.status_code, customer.source) == (200, "web")


@pytest.mark.parametrize(("keep", "kept"), [("original", "call"), ("theirs", "web"), ("mine", "event")])
def test_two_changes_of_one_field_are_put_to_the_second_person(
    signed_in: Client, company: OrgUnit, keep: str, kept: str
) -> None:
    customer = make_customer(company, source="call")
    address = address_of(customer, "customers", "source")
    seen = open_editor(signed_in, address)

    change_beside(customer, source="web")
    asked = save(signed_in, address, "event", seen)
    unchanged = Customer.objects.get().source
    dialog = fields_of(text_of(asked))
    answer = signed_in.post(address, {**dialog, "keep-value": keep, "settle": "1"})

    assert (asked.status_code, asked.headers["HX-Retarget"], unchanged) == (422, "#edit-dialog", "web")
    assert re.findall(r"data-side>([^<]*)<", text_of(asked)) == ["来电", "网络", "活动"]
    assert (answer.status_code, Customer.objects.get().source) == (200, kept)


def test_a_third_change_during_the_choice_is_a_conflict_again(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company, source="call")
    address = address_of(customer, "customers", "source")
    seen = open_editor(signed_in, address)
    change_beside(customer, source="web")
    dialog = fields_of(text_of(save(signed_in, address, "event", seen)))

    change_beside(customer, source="referral")
    answer = signed_in.post(address, {**dialog, "keep-value": "mine", "settle": "1"})

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#edit-dialog")
    assert Customer.objects.get().source == "referral"


def test_a_change_is_undone_by_the_same_act(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company, source="call")
    address = address_of(customer, "customers", "source")
    toast = fields_of(text_of(save(signed_in, address, "web")))

    answer = signed_in.post(f"{address}undo/", toast)

    assert (answer.status_code, "已撤销更改" in text_of(answer)) == (200, True)
    assert Customer.objects.get().source == "call"
    assert len(events_of("customer.changed")) == 2


def test_a_change_is_not_undone_once_somebody_changed_it_again(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company, source="call")
    address = address_of(customer, "customers", "source")
    toast = fields_of(text_of(save(signed_in, address, "web")))

    change_beside(customer, source="referral")
    answer = signed_in.post(f"{address}undo/", toast)

    assert (answer.status_code, "未撤销" in text_of(answer)) == (422, True)
    assert Customer.objects.get().source == "referral"


def test_what_the_act_refuses_is_not_undone_either(signed_in: Client, company: OrgUnit) -> None:
    case = make_case(company)
    address = address_of(case, "cases", "grade")
    toast = fields_of(text_of(save(signed_in, address, "hot")))

    Case.objects.update(state="closed", closed_at=LATER)
    answer = signed_in.post(f"{address}undo/", toast)

    assert (answer.status_code, "已关闭" in text_of(answer)) == (422, True)
    assert Case.objects.get().grade == "hot"

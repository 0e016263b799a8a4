"""Pages of families, as a browser sees them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.families.models import NeedProfile, Relationship
from hearth.families.services import NeedValues, state_needs
from hearth.organization.models import OrgUnit
from hearth.workspace.timeline import timeline_of
from tests.customers.builders import NOW, SYSTEM, make_customer
from tests.families.builders import make_relationship
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(signed_in: Client) -> None:
    """Read the pages in English."""
    signed_in.cookies["hearth_language"] = "en"


@pytest.fixture
def customer(company: OrgUnit) -> Customer:
    """The customer whose page is open."""
    return make_customer(company, name="王小明")


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.requirement("S18")
def test_a_relative_is_added_and_ended_on_the_card(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    father = make_customer(company, name="王父", phone="13800001234")

    added = signed_in.post(
        reverse("families:relate", args=[customer.pk]),
        {"who": "13800001234", "what": "parent", "valid_from": "1990-05-01"},
    )
    relationship = Relationship.objects.get()
    ended = signed_in.post(reverse("families:end", args=[customer.pk, relationship.pk]))

    assert (relationship.customer, relationship.other) == (father, customer)
    assert "The family as a picture" in text_of(added)
    assert "王父" in text_of(added)
    assert "The family as a picture" not in text_of(ended)
    assert Relationship.objects.get().valid_to is not None


def test_the_other_direction_can_be_chosen_too(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    child = make_customer(company, name="王小小", phone="13800001234")

    signed_in.post(reverse("families:relate", args=[customer.pk]), {"who": "13800001234", "what": "parent~"})

    relationship = Relationship.objects.get()
    assert (relationship.customer, relationship.other) == (customer, child)


def test_those_whom_a_text_may_mean_are_offered_but_not_the_customer(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    other = make_customer(company, name="王小明")
    address = reverse("families:people", args=[customer.pk])

    offered = text_of(signed_in.get(address, {"who": "wangxiaoming"}))

    assert offered.count('type="radio"') == 1
    assert f"#{other.number}" in offered
    assert "Nothing found" in text_of(signed_in.get(address, {"who": "nobody-at-all"}))
    assert "radio" not in text_of(signed_in.get(address, {"who": ""}))


def test_who_was_chosen_among_several_is_related(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    chosen, _namesake = (make_customer(company, name="李秀英") for _number in range(2))

    signed_in.post(
        reverse("families:relate", args=[customer.pk]),
        {"who": "李秀英", "person": str(chosen.pk), "what": "parent"},
    )

    assert Relationship.objects.get().customer == chosen


def test_nobody_beyond_the_readers_view_can_be_chosen(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    own, stranger = make_customer(company), make_customer(neighbour)
    sign_in(client, make_member(company, VIEW_CUSTOMER, CHANGE_CUSTOMER))

    answer = client.post(
        reverse("families:relate", args=[own.pk]), {"who": "x", "person": str(stranger.pk), "what": "agent"}
    )

    assert answer.status_code == 422
    assert not Relationship.objects.exists()


@pytest.mark.parametrize(
    ("who", "sentence"), [("nobody-at-all", "several people"), ("", "required"), ("me", "themselves")]
)
def test_a_refusal_stands_at_the_field(
    signed_in: Client, customer: Customer, who: str, sentence: str
) -> None:
    who = f"#{customer.number}" if who == "me" else who

    answer = signed_in.post(reverse("families:relate", args=[customer.pk]), {"who": who, "what": "agent"})

    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_figures_stand_in_the_form_without_needless_zeros(signed_in: Client, customer: Customer) -> None:
    values = NeedValues(budget_to_amount=Decimal(5_600_000), area_from=Decimal("89.50"))
    state_needs(customer, values, actor=SYSTEM, now=NOW)

    page = text_of(signed_in.get(reverse("families:needs", args=[customer.pk])))

    assert 'value="5600000"' in page
    assert 'value="89.5"' in page


def test_ending_twice_is_refused_in_words(signed_in: Client, company: OrgUnit, customer: Customer) -> None:
    relationship = make_relationship(make_customer(company), customer, kind="payer")
    address = reverse("families:end", args=[customer.pk, relationship.pk])

    signed_in.post(address)
    answer = signed_in.post(address)

    assert answer.status_code == 422
    assert "already ended" in text_of(answer)


def test_the_card_takes_the_same_queries_for_any_number(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    address = reverse("families:card", args=[customer.pk])
    make_relationship(make_customer(company), customer, kind="agent")

    with_one = count_queries(signed_in, address)
    for _number in range(2):
        make_relationship(make_customer(company), customer, kind="agent")

    assert count_queries(signed_in, address) == with_one


@pytest.mark.requirement("S10")
@pytest.mark.requirement("S125")
def test_needs_are_stated_on_a_page_that_shows_what_changed(signed_in: Client, customer: Customer) -> None:
    address = reverse("families:state-needs", args=[customer.pk])
    first = {
        "purpose": "first_home",
        "budget_to_amount": "2000000",
        "motives": ["marriage"],
        "rating_price": "5",
    }

    signed_in.post(address, first)
    seen = NeedProfile.objects.get()
    signed_in.post(address, {**first, "purpose": "upgrade", "follows": str(seen.pk)})

    page = text_of(signed_in.get(reverse("families:needs", args=[customer.pk])))
    assert NeedProfile.objects.newest_first()[0].value_ratings == {"price": 5}
    assert '<del class="text-secondary">first home</del>' in page
    assert '<ins class="text-decoration-none">better home</ins>' in page
    assert "Version 2" in page
    card = text_of(signed_in.get(reverse("families:card", args=[customer.pk])))
    assert "better home" in card


def test_a_range_turned_around_stands_at_its_field(signed_in: Client, customer: Customer) -> None:
    answer = signed_in.post(
        reverse("families:state-needs", args=[customer.pk]),
        {"budget_from_amount": "3000000", "budget_to_amount": "2000000"},
    )

    assert answer.status_code == 422
    assert "The upper end lies below the lower end." in text_of(answer)


def test_a_reader_sees_needs_without_a_form(client: Client, company: OrgUnit, customer: Customer) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER))

    page = text_of(client.get(reverse("families:needs", args=[customer.pk])))

    assert "<fieldset" not in page


def test_the_timeline_names_the_relative_and_what_changed(
    signed_in: Client, company: OrgUnit, customer: Customer
) -> None:
    make_relationship(
        make_customer(company, name="王父"), customer, kind="parent", valid_from=date(1990, 5, 1)
    )
    for purpose in ("first_home", "upgrade"):
        signed_in.post(reverse("families:state-needs", args=[customer.pk]), {"purpose": purpose})

    entries = timeline_of(customer, SYSTEM).entries

    summaries = {entry.event.type: entry.detail.summary for entry in entries if entry.detail}
    assert summaries["relationship.started"].endswith("· 王父")
    assert "need.changed" in summaries

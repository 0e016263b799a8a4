"""When the sample may not be loaded, and the page before it is."""

import pytest
from django.test import Client

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.demo.services import RealCustomersExist, SizeNotPossible, clear_demo, load_demo
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.demo.conftest import NOW
from tests.organization.builders import make_group, make_user_with_everything, sign_in

ACTOR = Actor.system("test")
pytestmark = pytest.mark.django_db


def test_real_customers_are_not_mixed_with_samples(company: OrgUnit) -> None:
    make_customer(company)

    with pytest.raises(RealCustomersExist):
        load_demo(60, today=NOW.date(), actor=ACTOR, now=NOW)


@pytest.mark.parametrize("households", [59, 1_000_001])
def test_a_city_too_small_or_too_large_is_refused(households: int) -> None:
    with pytest.raises(SizeNotPossible):
        load_demo(households, today=NOW.date(), actor=ACTOR, now=NOW)


def test_loading_and_removing_need_the_right(db: None) -> None:
    with pytest.raises(NotAllowed):
        load_demo(60, today=NOW.date(), actor=Actor.nobody(), now=NOW)
    with pytest.raises(NotAllowed):
        clear_demo(actor=Actor.nobody(), now=NOW)


def test_the_page_offers_to_load_where_nothing_is(client: Client) -> None:
    sign_in(client, make_user_with_everything(make_group()))

    assert client.get("/demo/banner/").content == b""
    assert 'action="/demo/load/"' in client.get("/demo/").content.decode()
    assert client.post("/demo/load/", {"households": "5"}).status_code == 422
    assert client.post("/demo/load/", {"households": "60"}).status_code == 303
    assert "<progress" in client.get("/demo/").content.decode()

"""Pages of what is on sale."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import User
from hearth.inventory.models import PriceList, ReleaseBatch
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.inventory.builders import (
    hold_for,
    make_approved,
    make_batch,
    make_consultant,
    make_prices,
    make_sale,
    make_second,
    make_tower,
    queue_up,
)
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
FORMS = {"rule-TOTAL_FORMS": "2", "rule-INITIAL_FORMS": "0"}
RULE = {"rule-0-label": "楼层差", "rule-0-lowest_floor": "2", "rule-0-per_floor": "50"}


def test_a_batch_is_prepared_and_submitted_on_its_page(signed_in: Client, company: OrgUnit) -> None:
    building = make_tower(company)
    begun = signed_in.post(
        reverse("inventory:new_batch"),
        {
            "project": building.project_id,
            "name": "首批",
            "permit_number": "许1",
            "opens_at": "2026-03-18T09:00",
        },
    )
    batch = ReleaseBatch.objects.get()

    signed_in.post(
        reverse("inventory:add_homes", args=[batch.pk]), {"building": building.pk, "lowest_floor": "2"}
    )
    answer = signed_in.post(reverse("inventory:submit_batch", args=[batch.pk]))
    own = signed_in.post(reverse("inventory:approve_batch", args=[batch.pk]))

    batch.refresh_from_db()
    assert (
        begun.headers["Location"] == answer.headers["Location"] == reverse("inventory:batch", args=[batch.pk])
    )
    assert (batch.state, batch.homes.count()) == ("submitted", 4)
    assert own.status_code == 422


def test_a_second_person_approves_on_the_page(client: Client, company: OrgUnit) -> None:
    batch = make_batch(company)
    make_approved(make_prices(batch))
    ReleaseBatch.objects.update(state="submitted")
    sign_in(client, make_second(company))

    shown = client.get(reverse("inventory:batch", args=[batch.pk])).content.decode()
    client.post(reverse("inventory:approve_batch", args=[batch.pk]))

    batch.refresh_from_db()
    assert reverse("inventory:approve_batch", args=[batch.pk]) in shown
    assert batch.state == "approved"


def test_prices_are_written_with_their_rules(signed_in: Client, company: OrgUnit) -> None:
    batch = make_batch(company)
    terms = {"base_amount": "30000", "step": "100", "valid_from_date": "2026-03-18"}

    wrong = signed_in.post(
        reverse("inventory:new_prices", args=[batch.pk]), {**terms, **FORMS, "rule-0-per_floor": "50"}
    )
    signed_in.post(reverse("inventory:new_prices", args=[batch.pk]), {**terms, **FORMS, **RULE})
    prices = PriceList.objects.get()
    shown = signed_in.get(reverse("inventory:price_list", args=[prices.pk])).content.decode()
    signed_in.post(reverse("inventory:submit_prices", args=[prices.pk]))

    prices.refresh_from_db()
    assert wrong.status_code == 422
    assert prices.rules == [{"label": "楼层差", "lowest_floor": 2, "per_floor": "50"}]
    assert "¥2,689,500" in shown
    assert (prices.state, prices.prices.count()) == ("submitted", 6)


def test_the_plan_says_state_and_price_of_each_home_in_words(signed_in: Client, company: OrgUnit) -> None:
    units = make_sale(company)

    shown = signed_in.get(reverse("inventory:plan", args=[units[0].building_id])).content.decode()

    assert shown.count("可售") >= len(units)
    assert "¥2,770,000" in shown


def test_a_home_shows_its_price_and_how_it_came_about(signed_in: Client, company: OrgUnit) -> None:
    unit = make_sale(company)[-2]

    shown = signed_in.get(reverse("inventory:home", args=[unit.pk])).content.decode()

    assert "¥2,770,000" in shown
    assert "楼层差 50" in shown
    assert "江景 900" in shown


@pytest.mark.parametrize(("floors", "lines"), [(1, 1), (3, 4)])
def test_the_plan_asks_as_much_for_one_home_as_for_twelve(
    client: Client, company: OrgUnit, floors: int, lines: int
) -> None:
    units = make_sale(company, floors=floors, lines=lines)
    sign_in(client, make_member(company, "core.signed_in", "properties.view", "inventory.view"))

    assert count_queries(client, reverse("inventory:plan", args=[units[0].building_id])) == 9


def test_who_only_looks_is_offered_no_act(client: Client, company: OrgUnit, now: datetime) -> None:
    batch = make_batch(company)
    sign_in(client, make_member(company, "core.signed_in", "properties.view", "inventory.view"))

    shown = client.get(reverse("inventory:batch", args=[batch.pk])).content.decode()
    refused = client.post(reverse("inventory:submit_batch", args=[batch.pk]))

    assert reverse("inventory:submit_batch", args=[batch.pk]) not in shown
    assert refused.status_code == 403


def test_a_home_is_held_on_its_page_and_who_comes_second_is_offered_another(
    client: Client, company: OrgUnit, administrator: User
) -> None:
    unit, nearest, *_others = make_sale(company)
    now_free = timezone.now()
    ReleaseBatch.objects.update(opens_at=now_free)
    first, second = make_customer(company), make_customer(company)
    sign_in(client, administrator)

    address = reverse("inventory:hold", args=[unit.pk])
    taken = client.post(address, {"who": f"#{first.number}"})
    refused = client.post(address, {"who": f"#{second.number}"})

    assert taken.headers["Location"] == reverse("inventory:home", args=[unit.pk])
    assert refused.status_code == 422
    assert reverse("inventory:home", args=[nearest.pk]) in refused.content.decode()


def test_a_holder_of_another_company_is_not_named(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    unit = make_sale(company)[0]
    hold_for(make_customer(neighbour, name="青枫浦"), unit, now=timezone.now())
    sign_in(client, make_consultant(company))

    shown = client.get(reverse("inventory:home", args=[unit.pk])).content.decode()

    assert "暂留" in shown
    assert "青枫浦" not in shown


def test_the_queue_shows_numbers_and_gives_the_next(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    batch = make_batch(company)
    queue_up(make_customer(neighbour, name="青枫浦"), batch)
    sign_in(client, make_consultant(company))
    customer = make_customer(company)
    address = reverse("inventory:queue", args=[batch.pk])

    given = client.post(address, {"who": f"#{customer.number}", "amount": "50000"})
    twice = client.post(address, {"who": f"#{customer.number}"})
    nobody = client.post(address, {"who": "无此人"})
    shown = client.get(address).content.decode()

    assert given.headers["Location"] == address
    assert (twice.status_code, nobody.status_code) == (422, 422)
    assert "号码为 2" in twice.content.decode()
    assert customer.name in shown
    assert "青枫浦" not in shown

"""Pages of repairs, for planners."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.organization.models import OrgUnit
from hearth.repairs.models import RepairOrder, RepairSlot, SparePart
from hearth.repairs.services import cancel_repair
from tests.customers.builders import make_customer
from tests.organization.builders import sign_in
from tests.query_counts import count_queries
from tests.repairs.builders import (
    SYSTEM,
    booked_today,
    make_booked,
    make_delivered,
    make_engineer,
    make_order,
    make_part,
    make_planner,
    make_repair_case,
    make_repaired,
    make_slot,
    make_visit,
    png,
    signed_by,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def soon() -> datetime:
    """A moment on the server's clock that lies ahead."""
    return timezone.now() + timedelta(hours=2)


def test_an_order_is_made_from_the_page_of_its_case(client: Client, company: OrgUnit) -> None:
    home = make_delivered(company)
    case = make_repair_case(company, home)
    sign_in(client, make_planner(company))

    card = client.get(reverse("repairs:of_case", args=[case.pk])).content.decode()
    empty = client.post(
        reverse("repairs:new", args=[case.pk]), {"unit": home.pk, "part": "roof", "fault": ""}
    )
    sent = client.post(
        reverse("repairs:new", args=[case.pk]), {"unit": home.pk, "part": "roof", "fault": "屋面渗漏"}
    )

    row = RepairOrder.objects.get()
    assert reverse("repairs:new", args=[case.pk]) in card
    assert empty.status_code == 422
    assert sent.headers["Location"] == reverse("repairs:order", args=[row.pk])
    assert (
        reverse("repairs:order", args=[row.pk])
        in client.get(reverse("repairs:of_case", args=[case.pk])).content.decode()
    )


def test_a_case_without_home_offers_those_of_its_customer(client: Client, company: OrgUnit) -> None:
    customer, home = make_customer(company), make_delivered(company)
    customer.unit_roles.create(unit=home, role="owner", created_at=timezone.now(), updated_at=timezone.now())
    case = make_repair_case(company, customer=customer)
    bare = make_repair_case(company)
    sign_in(client, make_planner(company))

    offered = client.get(reverse("repairs:new", args=[case.pk])).content.decode()
    none = client.get(reverse("repairs:new", args=[bare.pk])).content.decode()

    assert str(home.pk) in offered
    assert 'role="alert"' in none


def test_the_page_books_moves_cancels_and_says_why_not(
    client: Client, company: OrgUnit, soon: datetime
) -> None:
    order, other = make_order(company), make_order(company)
    engineer = make_engineer(company)
    slot = make_slot(company, engineer, starts_at=soon)
    near = make_slot(company, engineer, starts_at=soon + timedelta(hours=2))
    sign_in(client, make_planner(company))
    address = reverse("repairs:order", args=[order.pk])

    shown = client.get(address).content.decode()
    booked = client.post(reverse("repairs:book", args=[order.pk]), {"slot": slot.pk})
    full = client.post(reverse("repairs:book", args=[other.pk]), {"slot": slot.pk})
    unread = client.post(reverse("repairs:book", args=[other.pk]), {"slot": "x"})
    cancelled = client.post(reverse("repairs:cancel", args=[order.pk]), {"because": "业主撤回"})

    assert str(slot.pk) in shown
    assert (booked.status_code, full.status_code, unread.status_code, cancelled.status_code) == (
        303,
        422,
        422,
        303,
    )
    assert f"{timezone.localtime(near.starts_at):%Y-%m-%d %H:%M}" in full.content.decode()
    assert RepairOrder.objects.get(pk=order.pk).state == "cancelled"


def test_the_page_shows_what_was_done_and_takes_our_signature(client: Client, company: OrgUnit) -> None:
    part = make_part(company, "角阀")
    order = make_booked(company)
    visit = make_visit(
        order, before=[png()], parts={part.pk: Decimal(2)}, signatures=signed_by("engineer", "owner")
    )
    sign_in(client, make_planner(company))

    shown = client.get(reverse("repairs:order", args=[order.pk])).content.decode()
    photo = client.get(reverse("repairs:photo", args=[visit.photos.get().pk]))
    drawing = client.get(reverse("repairs:signature", args=[order.sign_offs.first().pk]))  # type: ignore[union-attr]
    for answer in (photo, drawing):
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    signed = client.post(reverse("repairs:supervise", args=[order.pk]))
    again = client.post(reverse("repairs:supervise", args=[order.pk]))

    assert "重做防水" in shown
    assert "2 个 × ¥35.50 = ¥71.00" in shown
    assert (photo.headers["Content-Type"], drawing.headers["Content-Type"]) == ("image/png", "image/png")
    assert (signed.status_code, again.status_code) == (303, 422)
    assert RepairOrder.objects.get(pk=order.pk).state == "signed"


def test_a_repeat_is_marked_on_page_and_list_and_found_by_the_filter(
    client: Client, company: OrgUnit
) -> None:
    home = make_delivered(company)
    first = make_repaired(company, unit=home)
    second = make_order(company, unit=home, now=first.created_at + timedelta(days=3))
    sign_in(client, make_planner(company))

    page = client.get(reverse("repairs:order", args=[second.pk])).content.decode()
    before = client.get(reverse("repairs:order", args=[first.pk])).content.decode()
    repeats = client.get(reverse("repairs:repairs"), {"repeat": "yes"}).content.decode()
    others = client.get(reverse("repairs:repairs"), {"repeat": "no"}).content.decode()

    assert reverse("repairs:order", args=[first.pk]) in page
    assert reverse("repairs:order", args=[second.pk]) in before
    assert (str(second.pk) in repeats, str(first.pk) in repeats) == (True, False)
    assert (str(second.pk) in others, str(first.pk) in others) == (False, True)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"warranty": "yes"}, "wet_room"),
        ({"warranty": "no"}, "blocked_pipe"),
        ({"part": "wet_room"}, "wet_room"),
        ({"q": "地漏"}, "blocked_pipe"),
        ({"state": "cancelled"}, "blocked_pipe"),
    ],
)
def test_the_list_is_narrowed(client: Client, company: OrgUnit, asked: dict[str, str], found: str) -> None:
    orders = {
        part: make_order(company, part=part, fault=fault)
        for part, fault in (("wet_room", "渗漏"), ("blocked_pipe", "地漏堵"))
    }
    cancel_repair(orders["blocked_pipe"], "自行疏通", actor=SYSTEM, now=timezone.now())
    sign_in(client, make_planner(company))

    body = client.get(reverse("repairs:repairs"), asked).content.decode()

    assert [part for part, order in orders.items() if str(order.pk) in body] == [found]


def test_the_board_of_a_day_shows_who_goes_where_and_cuts_days(
    client: Client, company: OrgUnit, soon: datetime
) -> None:
    engineer = make_engineer(company)
    order = booked_today(company, engineer)
    free = make_slot(company, engineer, starts_at=soon + timedelta(days=40))
    sign_in(client, make_planner(company, "organization.view"))
    monday = timezone.localdate() + timedelta(days=7)
    until = monday + timedelta(days=4)
    days = {"org_unit": company.pk, "engineer": engineer.pk, "first_date": monday, "last_date": until}
    days |= {"minutes": 90, "capacity": 1}

    today = client.get(reverse("repairs:day")).content.decode()
    far = client.get(
        reverse("repairs:day"), {"day": timezone.localdate(free.starts_at).isoformat()}
    ).content.decode()
    cut = client.post(reverse("repairs:cut_days"), days)
    wrong = client.post(reverse("repairs:cut_days"), {**days, "minutes": 3})
    removed = client.post(reverse("repairs:remove_slot", args=[free.pk]))
    kept = client.post(reverse("repairs:remove_slot", args=[order.slot_id]))

    assert reverse("repairs:order", args=[order.pk]) in today
    assert reverse("repairs:remove_slot", args=[free.pk]) in far
    assert (cut.status_code, wrong.status_code, removed.status_code, kept.status_code) == (303, 422, 303, 422)
    assert RepairSlot.objects.filter(starts_at__date__gte=monday).count() >= 6


def test_what_was_visited_and_is_not_finished_is_booked_again_on_its_page(
    client: Client, company: OrgUnit
) -> None:
    order, now = make_booked(company, now=timezone.now()), timezone.now()
    make_visit(order, is_finished=False, now=now, came_at=now)
    slot = make_slot(company, make_engineer(company), starts_at=now + timedelta(days=1))
    sign_in(client, make_planner(company))

    shown = client.get(reverse("repairs:order", args=[order.pk])).context
    booked = client.post(reverse("repairs:book", args=[order.pk]), {"slot": str(slot.pk)})

    order.refresh_from_db()
    assert (bool(shown["book_form"]), bool(shown["cancel_form"])) == (True, True)
    assert (booked.status_code, order.state, order.slot) == (303, "booked", slot)


def test_an_unreadable_day_is_today(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_planner(company))

    today = client.get(reverse("repairs:day")).context["day"]
    for asked in ("x", "2026-02-31", "9999-12-31", "0001-01-01"):
        shown = client.get(reverse("repairs:day"), {"day": asked})
        assert (shown.status_code, shown.context["day"]) == (200, today)


def test_days_out_of_our_time_are_refused_and_not_cut(client: Client, company: OrgUnit) -> None:
    engineer = make_engineer(company)
    sign_in(client, make_planner(company, "organization.view"))
    days = {"org_unit": company.pk, "engineer": engineer.pk, "minutes": 90, "capacity": 1}

    for day in ("0001-01-01", "9999-12-31"):
        sent = client.post(reverse("repairs:cut_days"), {**days, "first_date": day, "last_date": day})
        assert sent.status_code == 422

    assert not RepairSlot.objects.exists()


def test_parts_are_added_and_changed(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_planner(company, "organization.view"))
    given = {
        "org_unit": company.pk,
        "name": "角阀",
        "measure": "个",
        "price_amount": "35.50",
        "is_active": "on",
    }

    added = client.post(reverse("repairs:new_part"), given)
    doubled = client.post(reverse("repairs:new_part"), given)
    row = SparePart.objects.get()
    changed = client.post(
        reverse("repairs:part", args=[row.pk]), {**given, "price_amount": "40", "is_active": ""}
    )

    row.refresh_from_db()
    assert (added.status_code, doubled.status_code, changed.status_code) == (303, 422, 303)
    assert (row.price_amount, row.is_active) == (Decimal(40), False)
    assert "角阀" in client.get(reverse("repairs:parts")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("repairs:repairs", 9), ("repairs:day", 6), ("repairs:my_day", 10), ("repairs:parts", 5)],
)
def test_pages_cost_as_many_queries_with_one_row_as_with_three(
    client: Client, company: OrgUnit, name: str, queries: int, number: int
) -> None:
    engineer = make_planner(company, "repairs.work", "customers.view")
    for _number in range(number):
        booked_today(company, engineer, customer=make_customer(company))
        make_part(company)
    sign_in(client, engineer)

    assert count_queries(client, reverse(name)) == queries

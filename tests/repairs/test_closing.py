"""What follows when every repair of a case is signed off: its handler is told, and offered how it was settled."""

import pytest
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import Notification, User
from hearth.cases.models import Case
from hearth.organization.models import OrgUnit
from hearth.repairs.models import RepairOrder
from hearth.repairs.services import NewRepair, book_repair, cancel_repair, order_repair, supervise
from tests.cases.builders import cause_of
from tests.exports.builders import actor_of
from tests.organization.builders import make_member, sign_in
from tests.repairs.builders import (
    ALL,
    LATER,
    NOW,
    SYSTEM,
    make_booked,
    make_engineer,
    make_order,
    make_planner,
    make_slot,
    make_visit,
    signed_by,
)

pytestmark = pytest.mark.django_db
HANDLE = ("core.signed_in", "cases.view", "cases.change", "core.view_events", "properties.view")


def _two(place: OrgUnit, handler: User) -> list[RepairOrder]:
    """Write two booked repairs of one case that somebody handles."""
    first = make_order(place, cause=cause_of(), contractor="三建")
    Case.objects.filter(pk=first.case_id).update(assignee=handler)
    second = order_repair(first.case, NewRepair(first.unit, "roof", "漏"), actor=SYSTEM, now=NOW)
    for order in (first, second):
        book_repair(order, make_slot(place, make_engineer(place)), actor=SYSTEM, now=NOW)
    return [first, second]


def _told(user: User) -> int:
    return Notification.objects.filter(user=user, kind="repairs.all_signed").count()


def test_with_the_last_repair_signed_the_handler_of_the_case_is_told(company: OrgUnit) -> None:
    handler = make_member(company, *HANDLE)
    first, second = _two(company, handler)

    make_visit(first, signatures=signed_by(*ALL))
    one = _told(handler)
    make_visit(second, signatures=signed_by("engineer", "owner"))
    two = _told(handler)
    supervise(second, actor=actor_of(make_planner(company)), now=LATER)

    assert (one, two, _told(handler)) == (0, 0, 1)
    assert str(first.case_id) in Notification.objects.get(kind="repairs.all_signed").url


def test_a_repair_that_is_not_made_holds_the_case_up_no_longer(company: OrgUnit) -> None:
    handler = make_member(company, *HANDLE)
    first, second = _two(company, handler)

    make_visit(first, signatures=signed_by(*ALL))
    cancel_repair(second, "业主自行处理", actor=SYSTEM, now=LATER)

    assert _told(handler) == 1


def test_nobody_is_told_of_a_closed_case_what_they_did_themselves_or_what_nobody_repaired(
    company: OrgUnit,
) -> None:
    handler = make_planner(company)
    cancelled, closed, own = (make_booked(company) for _number in range(3))
    Case.objects.update(assignee=handler)
    Case.objects.filter(pk=closed.case_id).update(state="closed", answered_at=NOW, closed_at=NOW)

    cancel_repair(cancelled, "业主撤回", actor=SYSTEM, now=NOW)
    make_visit(closed, signatures=signed_by(*ALL))
    make_visit(own, signatures=signed_by("engineer", "owner"))
    supervise(own, actor=actor_of(handler), now=LATER)

    assert _told(handler) == 0


def test_the_page_of_the_case_offers_what_the_repairs_did_as_its_solution(
    client: Client, company: OrgUnit
) -> None:
    handler = make_member(company, *HANDLE, "repairs.view")
    first, second = _two(company, handler)
    address = reverse("cases:case", args=[first.case_id])
    sign_in(client, handler)

    make_visit(first, note="更换角阀", signatures=signed_by(*ALL))
    early = client.get(address).context
    make_visit(second, note="补做防水", signatures=signed_by(*ALL))
    page = client.get(address)

    form = page.context["settlement_form"]
    assert (early["offer"], early["settlement_form"].initial) == (None, {"cause": None})
    assert form.initial["solution"] == f"{first}: 更换角阀\n{second}: 补做防水"
    assert (form.initial["cause"], form.initial["party"]) == (cause_of(), "contractor")
    assert form.initial["party_name"] == "三建"
    assert str(second) in form.initial["proof"]
    assert "维修已全部签字确认" in page.content.decode()
    said = {**form.initial, "cause": cause_of().pk}
    assert client.post(reverse("cases:settle", args=[first.case_id]), said).status_code == 303
    assert client.get(address).context["offer"] is None


def test_who_sees_no_repairs_is_offered_none_of_their_words(client: Client, company: OrgUnit) -> None:
    order = make_booked(company)
    make_visit(order, note="更换角阀", signatures=signed_by(*ALL))
    sign_in(client, make_member(company, *HANDLE))

    page = client.get(reverse("cases:case", args=[order.case_id]))

    assert page.context["offer"] is None
    assert "更换角阀" not in page.content.decode()

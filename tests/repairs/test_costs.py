"""What parts used in repairs cost the cases they belong to."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from hearth.cases.models import Case, CostLine
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.repairs.models import RepairVisit, SparePart
from hearth.repairs.services import (
    AboutPart,
    PartUnlikely,
    cancel_repair,
    correct_parts,
    keep_part,
    report_visit,
    sign_later,
)
from hearth.repairs.services.ordering import TooLateForThat
from tests.cases.builders import settle
from tests.exports.builders import actor_of
from tests.organization.builders import make_actor, sign_in
from tests.repairs.builders import (
    ALL,
    LATER,
    NOW,
    SYSTEM,
    make_booked,
    make_engineer,
    make_part,
    make_planner,
    make_visit,
    reported,
    signed_by,
)

pytestmark = pytest.mark.django_db


def _standing(case: Case) -> list[Decimal]:
    rows = CostLine.objects.filter(case=case, struck_out_at=None)
    return sorted(rows.values_list("amount", flat=True))


def _signed(place: OrgUnit, parts: Sequence[SparePart]) -> RepairVisit:
    """Write a visit that used two of each part, signed by all."""
    quantities = {part.pk: Decimal(2) for part in parts}
    return make_visit(make_booked(place), parts=quantities, signatures=signed_by(*ALL))


def test_with_the_third_signature_each_part_with_a_price_is_a_cost_of_the_case(company: OrgUnit) -> None:
    engineer, valve, seal = make_engineer(company), make_part(company, "角阀"), make_part(company, price="0")
    order, actor = make_booked(company, engineer), actor_of(engineer)
    settle(order.case, has_no_cost=True)

    first, rest = {valve.pk: Decimal("1.50")}, {valve.pk: Decimal(2), seal.pk: Decimal(3)}
    report_visit(order, reported(is_finished=False, parts=first), actor=actor, now=LATER)
    said = reported(parts=rest, signatures=signed_by("engineer", "owner"))
    report_visit(order, said, actor=actor, now=LATER)
    before = _standing(order.case)
    for _number in range(2):
        sign_later(order, "supervisor", signed_by("supervisor")["supervisor"], actor=actor, now=LATER)

    lines = CostLine.objects.order_by("amount")
    assert before == []
    assert [(line.kind, line.amount, line.note) for line in lines] == [
        ("repair", Decimal("53.25"), f"{order} 角阀 1.5个"),
        ("repair", Decimal("71.00"), f"{order} 角阀 2个"),
    ]
    assert {line.user for line in lines} == {engineer}
    assert EventRecord.objects.filter(type="cases.cost_noted", subject_id=order.case_id).count() == 2
    assert not order.case.settlements.get().has_no_cost


def test_a_case_closed_meanwhile_costs_what_was_used_all_the_same(company: OrgUnit) -> None:
    part, order = make_part(company), make_booked(company)
    Case.objects.filter(pk=order.case_id).update(state="closed", answered_at=NOW, closed_at=NOW)

    make_visit(order, parts={part.pk: Decimal(1)}, signatures=signed_by(*ALL))

    assert _standing(order.case) == [Decimal("35.50")]


def test_parts_put_right_strike_out_what_they_cost_and_keep_their_price(company: OrgUnit) -> None:
    stays, fewer, gone, new = parts = [make_part(company) for _number in range(4)]
    visit = _signed(company, parts[:3])
    for part in parts:
        about = AboutPart(part.name, "个", Decimal(40), is_active=part == new)
        keep_part(company, about, part=part, actor=SYSTEM, now=LATER)
    wanted = {stays.pk: Decimal(2), fewer.pk: Decimal(1), new.pk: Decimal(1)}
    untouched = visit.used_parts.get(part=stays).cost_line

    for _number in range(2):
        correct_parts(visit, wanted, actor=actor_of(make_planner(company)), now=LATER)

    assert _standing(visit.order.case) == [Decimal("35.50"), Decimal("40.00"), Decimal("71.00")]
    assert CostLine.objects.exclude(struck_out_at=None).count() == 2
    assert visit.used_parts.get(part=stays).cost_line == untouched
    assert not visit.used_parts.filter(part=gone).exists()
    event = EventRecord.objects.get(type="repairs.parts_corrected", subject_id=visit.order_id)
    assert event.amount == Decimal("146.50")


def test_a_line_struck_out_by_hand_stays_struck_out(company: OrgUnit) -> None:
    stays, other = make_part(company), make_part(company)
    visit = _signed(company, [stays, other])
    CostLine.objects.update(struck_out_at=NOW)

    correct_parts(visit, {stays.pk: Decimal(2), other.pk: Decimal(1)}, actor=SYSTEM, now=LATER)

    assert _standing(visit.order.case) == [Decimal("35.50")]
    assert set(CostLine.objects.exclude(struck_out_at=None).values_list("struck_out_at", flat=True)) == {NOW}


def test_parts_put_right_before_the_signatures_cost_nothing_yet(company: OrgUnit) -> None:
    part, order = make_part(company), make_booked(company)
    visit = make_visit(order, parts={part.pk: Decimal(20)})

    correct_parts(visit, {part.pk: Decimal(2)}, actor=SYSTEM, now=LATER)
    before = _standing(order.case)
    for signer, signature in signed_by(*ALL).items():
        sign_later(order, signer, signature, actor=SYSTEM, now=LATER)

    assert (before, _standing(order.case)) == ([], [Decimal("71.00")])


def test_parts_are_put_right_by_who_may_and_with_what_can_be(company: OrgUnit, neighbour: OrgUnit) -> None:
    part, foreign = make_part(company), make_part(neighbour)
    dear = make_part(company, price="999999.99")
    visit = _signed(company, [part])

    for actor in (make_actor(company, "repairs.work"), actor_of(make_planner(neighbour))):
        with pytest.raises(NotAllowed):
            correct_parts(visit, {}, actor=actor, now=LATER)
    for key, quantity in (
        (foreign.pk, "1"),
        (uuid4(), "1"),
        (part.pk, "0"),
        (part.pk, "NaN"),
        (part.pk, "0.001"),
        (dear.pk, "1001"),
    ):
        with pytest.raises(PartUnlikely):
            correct_parts(visit, {key: Decimal(quantity)}, actor=SYSTEM, now=LATER)

    assert _standing(visit.order.case) == [Decimal("71.00")]


def test_parts_of_a_repair_that_was_cancelled_stay(company: OrgUnit) -> None:
    part, order = make_part(company), make_booked(company)
    visit = make_visit(order, is_finished=False, parts={part.pk: Decimal(1)})
    cancel_repair(order, "业主改请他人", actor=SYSTEM, now=LATER)

    with pytest.raises(TooLateForThat):
        correct_parts(visit, {}, actor=SYSTEM, now=LATER)

    assert visit.used_parts.count() == 1


def test_the_page_of_an_order_leads_to_putting_its_parts_right(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    one, two, more = (make_part(company) for _number in range(3))
    visit = _signed(company, [one, two])
    address = reverse("repairs:correct_parts", args=[visit.pk])
    sign_in(client, make_planner(company))

    shown = client.get(reverse("repairs:order", args=[visit.order_id]))
    said = {f"used_{one.pk}": "3", f"used_{two.pk}": "", "part": str(more.pk)}
    refused = client.post(address, {**said, "quantity": ""})
    kept = client.post(address, {**said, "quantity": "1"})

    assert address in shown.content.decode()
    assert (refused.status_code, kept.status_code) == (422, 303)
    assert dict(visit.used_parts.values_list("part", "quantity")) == {one.pk: Decimal(3), more.pk: Decimal(1)}
    sign_in(client, make_planner(neighbour))
    assert client.get(address).status_code == 404


def test_who_may_not_change_repairs_is_not_led_there(client: Client, company: OrgUnit) -> None:
    visit = _signed(company, [make_part(company)])
    address = reverse("repairs:correct_parts", args=[visit.pk])
    sign_in(client, make_engineer(company))

    shown = client.get(reverse("repairs:order", args=[visit.order_id]))

    assert address not in shown.content.decode()
    assert client.get(address).status_code == 403

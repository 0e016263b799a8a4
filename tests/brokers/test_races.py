"""Several register or confirm one number in the same moment; commits are real."""

from datetime import timedelta

import pytest

from hearth.brokers.models import ChannelRegistration, Commission, CommissionSheet, RegistrationConflict
from hearth.brokers.services import (
    confirm_visit,
    decide_conflict,
    earn_commission,
    make_settlement,
    object_to_refusal,
    pay_settlement,
)
from hearth.core.models import EventRecord
from hearth.leads.models import Lead
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.sales.models import Contract
from tests.brokers.builders import (
    LATER,
    NOW,
    PHONE,
    SYSTEM,
    TODAY,
    make_broker,
    make_conflict,
    make_decider,
    make_earned,
    make_project,
    make_rule,
    make_settler,
    make_visited,
    register,
    sign_for,
    write_sheet,
)
from tests.customers.builders import make_customer
from tests.inventory.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def states() -> list[str]:
    return sorted(ChannelRegistration.objects.values_list("state", flat=True))


def test_of_three_who_register_one_number_at_once_one_holds_it(company: OrgUnit) -> None:
    project = make_project(company)
    brokers = [make_broker(company) for _number in range(3)]

    came = at_once([lambda by=by: register(by, project) for by in brokers])  # type: ignore[misc]

    assert came == {"": 3}
    assert states() == ["invalid", "invalid", "waiting"]


def test_of_one_broker_who_presses_twice_at_once_one_registration_comes(company: OrgUnit) -> None:
    project, broker = make_project(company), make_broker(company)

    came = at_once([lambda: register(broker, project)] * 2)

    assert came == {"": 1, "registered_by_you": 1}


def test_a_visit_that_is_noted_twice_at_once_confirms_once_and_makes_one_lead(company: OrgUnit) -> None:
    project = make_project(company)
    register(make_broker(company), project)
    customer = make_customer(company, phone=PHONE)

    came = at_once([lambda: confirm_visit(customer.pk, project, at=LATER, actor=SYSTEM, now=LATER)] * 2)

    assert came == {"": 2}
    assert (states(), Lead.objects.count()) == (["visited"], 1)


def test_of_two_who_decide_at_once_one_does(company: OrgUnit) -> None:
    conflict = make_conflict(company)
    deciders = [actor_for(make_decider(company), today=TODAY) for _number in range(2)]

    came = at_once(
        [
            lambda by=by: decide_conflict(conflict, awarded_to=None, reason="x", actor=by, now=LATER)  # type: ignore[misc]
            for by in deciders
        ]
    )

    assert came == {"": 1, "conflict": 1}


def test_of_two_who_object_at_once_one_conflict_comes(company: OrgUnit) -> None:
    project = make_project(company)
    register(make_broker(company), project)
    second = register(make_broker(company), project, now=NOW + timedelta(minutes=1))

    came = at_once([lambda: object_to_refusal(second, claim="我的", actor=SYSTEM, now=LATER)] * 2)

    assert came == {"": 1, "conflict": 1}
    assert RegistrationConflict.objects.count() == 1


def test_a_contract_that_is_told_of_twice_at_once_earns_once(company: OrgUnit) -> None:
    project = make_project(company)
    row = make_visited(company, project=project)
    sign_for(row)
    make_rule(project)
    contract = Contract.objects.select_related("unit").get()

    came = at_once([lambda: earn_commission(contract, actor=SYSTEM, now=LATER)] * 3)

    assert came == {"": 3}
    assert Commission.objects.count() == 1


def test_of_two_who_make_a_sheet_at_once_one_does_and_each_line_stands_on_one(company: OrgUnit) -> None:
    line = make_earned(company, payable_percent="0")
    makers = [actor_for(make_settler(company), today=TODAY) for _number in range(2)]

    came = at_once([lambda by=by: make_settlement(line.partner, actor=by, now=LATER) for by in makers])  # type: ignore[misc]

    assert came == {"": 1, "sheet_open": 1}
    assert CommissionSheet.objects.get().total_amount == line.amount


def test_a_payment_that_is_noted_twice_at_once_pays_once(company: OrgUnit) -> None:
    sheet, maker = write_sheet(company), actor_for(make_settler(company), today=TODAY)
    same = {"paid_date": TODAY, "actor": maker, "now": LATER}

    came = at_once([lambda: pay_settlement(sheet, payment_number="FK-1", **same)] * 2)  # type: ignore[arg-type]

    assert came == {"": 2}
    assert EventRecord.objects.filter(type="brokers.settlement_paid").count() == 1

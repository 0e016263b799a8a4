"""Pages of partners, registrations, conflicts and commissions."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from hearth.brokers.models import Broker, ChannelRegistration, CommissionRule, CommissionSheet, Partner
from hearth.brokers.selectors import sides_of
from hearth.organization.models import OrgUnit
from tests.brokers.builders import (
    PHONE,
    SEE,
    make_approver,
    make_broker,
    make_conflict,
    make_decider,
    make_desk,
    make_earned,
    make_keeper,
    make_partner,
    make_project,
    make_registration,
    make_settler,
    register,
    write_sheet,
)
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db


def test_a_partner_is_added_with_a_broker_whose_link_is_shown_once(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_keeper(company))
    new = {
        "org_unit": company.pk,
        "kind": "agency",
        "name": "安家中介",
        "active_from_date": "2026-01-01",
    }

    added = client.post("/brokers/partners/new/", new)
    partner = Partner.objects.get()
    address = f"/brokers/partners/{partner.pk}/"
    client.post(f"{address}brokers/", {"name": "陈经纪", "phone": PHONE, "active_from_date": "2026-01-01"})
    broker = Broker.objects.get()
    renewed = client.post(f"/brokers/brokers/{broker.pk}/link/")
    later = client.get(address)

    assert (added.status_code, added.headers["Location"]) == (303, address)
    assert "/p/b/" in renewed.content.decode()
    assert "/p/b/" not in later.content.decode()
    assert PHONE not in later.content.decode()
    assert "138****5678" in later.content.decode()


def test_who_recommends_is_a_customer_on_record(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_keeper(company))
    partner = make_partner(company, kind="referral")
    customer = make_customer(company, name="欧阳推荐")
    address = f"/brokers/partners/{partner.pk}/brokers/"

    unknown = client.post(address, {"who": "无此人", "active_from_date": "2026-01-01"})
    added = client.post(address, {"who": "欧阳推荐", "active_from_date": "2026-01-01"})

    assert (unknown.status_code, added.status_code) == (422, 303)
    assert Broker.objects.get().customer_id == customer.pk


def test_the_desk_registers_for_a_broker_and_reads_why_another_is_invalid(
    client: Client, company: OrgUnit
) -> None:
    sign_in(client, make_desk(company))
    project = make_project(company)
    register(make_broker(company), project, now=timezone.now())
    new = {
        "broker": make_broker(company).pk,
        "project": project.pk,
        "customer_name": "王小明",
        "phone": PHONE,
        "planned_date": localdate().isoformat(),
        "has_consent": "on",
    }

    sent = client.post("/brokers/registrations/new/", new)
    wrong = client.post("/brokers/registrations/new/", {**new, "phone": "1"})
    shown = client.get(sent.headers["Location"]).content.decode()

    row = ChannelRegistration.objects.get(way="desk")
    assert (sent.status_code, wrong.status_code) == (303, 422)
    assert str(row.get_because_display()) in shown
    assert "138****5678" in shown
    assert PHONE not in shown


def test_a_conflict_is_decided_on_its_page(client: Client, company: OrgUnit) -> None:
    conflict = make_conflict(company)
    second = sides_of(conflict)[1].registration
    address = f"/brokers/conflicts/{conflict.pk}/"
    sign_in(client, make_decider(company))

    listed = client.get("/brokers/conflicts/").content.decode()
    silent = client.post(address, {"awarded_to": str(second.pk), "reason": ""})
    decided = client.post(address, {"awarded_to": str(second.pk), "reason": "照片为证"})
    shown = client.get(address).content.decode()

    conflict.refresh_from_db()
    assert second.broker.name in listed
    assert (silent.status_code, decided.status_code) == (422, 303)
    assert conflict.awarded_to_id == second.pk
    assert "照片为证" in shown


def test_who_only_sees_conflicts_does_not_decide(client: Client, company: OrgUnit) -> None:
    conflict = make_conflict(company)
    sign_in(client, make_member(company, *SEE))

    answer = client.post(f"/brokers/conflicts/{conflict.pk}/", {"awarded_to": "house", "reason": "x"})

    conflict.refresh_from_db()
    assert (answer.status_code, conflict.is_waiting) == (422, True)


@pytest.mark.parametrize(
    ("steps", "status"), [("1: 1.5\n6：2", 303), ("1.5", 303), ("eins", 422), ("2: 1", 422)]
)
def test_a_rule_is_written_in_lines(client: Client, company: OrgUnit, steps: str, status: int) -> None:
    sign_in(client, make_settler(company, "brokers.change_commission"))
    new = {
        "project": make_project(company).pk,
        "kind": "percent",
        "steps": steps,
        "payable_percent": "30",
        "valid_from_date": "2026-01-01",
    }

    answer = client.post("/brokers/rules/new/", new)

    assert answer.status_code == status
    assert CommissionRule.objects.count() == (status == 303)


def test_a_sheet_goes_from_the_partner_over_a_second_person_to_the_payment(company: OrgUnit) -> None:
    line = make_earned(company, payable_percent="0")
    maker, second = (sign_in(Client(), user) for user in (make_settler(company), make_approver(company)))

    partner = maker.get(f"/brokers/partners/{line.partner_id}/").content.decode()
    made = maker.post(f"/brokers/partners/{line.partner_id}/settlements/")
    sheet = CommissionSheet.objects.get()
    address = f"/brokers/settlements/{sheet.pk}/"
    empty = maker.post(f"/brokers/partners/{line.partner_id}/settlements/")
    steps = [
        maker.post(f"{address}submit/"),
        second.post(f"{address}return/", {"because": "补附件"}),
        maker.post(f"{address}submit/"),
        second.post(f"{address}approve/"),
        maker.post(f"{address}pay/", {"payment_number": "FK-1", "paid_date": localdate().isoformat()}),
    ]
    sheet.refresh_from_db()
    tomorrow = (localdate() + timedelta(days=1)).isoformat()
    again = maker.post(f"{address}pay/", {"payment_number": "FK-2", "paid_date": tomorrow})

    assert str(line.amount) in partner
    assert (made.status_code, empty.status_code, again.status_code) == (303, 422, 422)
    assert [step.status_code for step in steps] == [303] * 5
    assert (sheet.state, sheet.payment_number) == ("paid", "FK-1")


@pytest.mark.parametrize(
    ("address", "make"),
    [
        ("/brokers/registrations/", make_registration),
        ("/brokers/partners/", make_broker),
        ("/brokers/conflicts/", make_conflict),
        ("/brokers/settlements/", write_sheet),
    ],
)
def test_a_list_asks_as_much_for_three_rows_as_for_one(
    client: Client, company: OrgUnit, address: str, make: object
) -> None:
    sign_in(client, make_settler(company))
    make(company)  # type: ignore[operator]
    one = count_queries(client, address)

    for _number in range(2):
        make(company)  # type: ignore[operator]

    assert count_queries(client, address) == one

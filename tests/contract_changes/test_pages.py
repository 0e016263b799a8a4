"""Pages of changes of contracts."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from hearth.contract_changes.kinds import Wanted, kinds
from hearth.contract_changes.models import ChangeRequest
from hearth.organization.models import OrgUnit
from hearth.sales.models import Contract
from tests.contract_changes.builders import (
    make_approved,
    make_approver,
    make_asker,
    make_carried_out,
    make_paid,
    make_request,
    set_bands,
)
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import sign_in
from tests.query_counts import count_queries, tell_the_planner

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(client: Client, company: OrgUnit) -> Client:
    """A browser of somebody who asks for changes at the company."""
    return sign_in(client, make_asker(company))


@pytest.mark.requirement("S39")
def test_a_discount_is_asked_for_approved_and_carried_out_in_the_browser(
    asking: Client, company: OrgUnit
) -> None:
    contract, approver = make_paid(company), make_approver(company)
    set_bands(company, {"kind": "discount", "steps": ["city_company"]})

    asked = asking.post(
        reverse("contract_changes:ask", args=[contract.pk, "discount"]),
        {"total_amount": "1950000.50", "reason": "同层成交价更低"},
    )
    request = ChangeRequest.objects.get()
    page = asking.get(reverse("contract_changes:request", args=[request.pk])).content.decode()
    second = sign_in(Client(), approver)
    approved = second.post(reverse("contract_changes:approve", args=[request.pk]), {"comment": "同意"})
    done = asking.post(reverse("contract_changes:carry_out", args=[request.pk]))
    after = asking.get(reverse("contract_changes:request", args=[request.pk])).content.decode()
    card = asking.get(reverse("contract_changes:of_contract", args=[contract.pk])).content.decode()

    assert asked.headers["Location"] == reverse("contract_changes:request", args=[request.pk])
    assert [answer.status_code for answer in (asked, approved, done)] == [303, 303, 303]
    assert "¥2,000,000.00" in page
    assert "¥1,950,000.50" in page
    assert "-¥49,999.50" in page
    assert reverse("contract_changes:carry_out", args=[request.pk]) not in page
    assert "已执行" in after
    assert "同意" in after
    assert "折扣" in card
    contract.refresh_from_db()
    assert contract.total_amount == Decimal("1950000.50")


def test_a_swap_names_the_home_by_building_and_room(asking: Client, company: OrgUnit) -> None:
    contract, home = make_paid(company), make_home(company)
    address = reverse("contract_changes:ask", args=[contract.pk, "unit_swap"])
    asked = {
        "building": home.building_id,
        "number": "HT-NEW",
        "total_amount": "2100000",
        "reason": "要大一点",
    }

    wrong = asking.post(address, {**asked, "room": "9999"})
    right = asking.post(address, {**asked, "room": home.number})

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "invalid-feedback" in wrong.content.decode()
    request = ChangeRequest.objects.get()
    page = asking.get(reverse("contract_changes:request", args=[request.pk])).content.decode()
    assert home.address in page
    assert contract.unit.address in page


def test_owners_are_named_by_what_is_known_of_them(asking: Client, company: OrgUnit) -> None:
    contract, other = make_paid(company), make_customer(company, name="欧阳青枫")

    added = asking.post(
        reverse("contract_changes:ask", args=[contract.pk, "owner_added"]),
        {"who": "欧阳青枫", "reason": "夫妻"},
    )
    request = make_carried_out(ChangeRequest.objects.get())
    form = asking.get(reverse("contract_changes:ask", args=[contract.pk, "owner_removed"])).content.decode()
    removed = asking.post(
        reverse("contract_changes:ask", args=[contract.pk, "owner_removed"]),
        {"owner": str(other.pk), "reason": "离婚"},
    )

    assert (added.status_code, removed.status_code) == (303, 303)
    assert "欧阳青枫" in form
    page = asking.get(reverse("contract_changes:request", args=[request.pk])).content.decode()
    assert "欧阳青枫" in page


def test_a_refusal_stands_beside_the_field_it_speaks_of(asking: Client, company: OrgUnit) -> None:
    contract = make_paid(company)
    address = reverse("contract_changes:ask", args=[contract.pk, "discount"])

    answer = asking.post(address, {"total_amount": "2000001", "reason": "便宜一点"})
    empty = asking.post(address, {"total_amount": "", "reason": ""})
    unknown = asking.get(reverse("contract_changes:ask", args=[contract.pk, "moon"]))

    assert (answer.status_code, empty.status_code, unknown.status_code) == (422, 422, 404)
    assert "折扣后的总价须大于零" in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_each_kind_has_a_form(asking: Client, company: OrgUnit) -> None:
    contract = make_paid(company)

    answers = {
        kind: asking.get(reverse("contract_changes:ask", args=[contract.pk, kind])).status_code
        for kind in kinds
    }

    assert answers == dict.fromkeys(kinds, 200)


def test_a_refusal_without_a_word_stays_on_the_page(client: Client, company: OrgUnit) -> None:
    request = make_request(company)
    browser = sign_in(client, make_approver(company))

    silent = browser.post(reverse("contract_changes:refuse", args=[request.pk]), {"comment": ""})
    said = browser.post(reverse("contract_changes:refuse", args=[request.pk]), {"comment": "理由不足"})
    late = browser.post(reverse("contract_changes:approve", args=[request.pk]), {"comment": ""})

    assert (silent.status_code, said.status_code, late.status_code) == (422, 303, 422)
    assert "请说明不同意的原因" in silent.content.decode()
    request.refresh_from_db()
    assert request.state == "refused"


def test_a_request_is_withdrawn_and_another_asked_for(asking: Client, company: OrgUnit) -> None:
    request = make_request(company)
    card = reverse("contract_changes:of_contract", args=[request.contract_id])
    ask = reverse("contract_changes:ask", args=[request.contract_id, "discount"])
    before = asking.get(card).content.decode()

    answer = asking.post(reverse("contract_changes:withdraw", args=[request.pk]))
    after = asking.get(card).content.decode()

    assert answer.status_code == 303
    assert ask not in before
    assert ask in after


def test_a_stale_request_says_so_and_offers_nothing(asking: Client, company: OrgUnit) -> None:
    request = make_approved(make_request(company))
    Contract.objects.filter(pk=request.contract_id).update(version=2)

    page = asking.get(reverse("contract_changes:request", args=[request.pk])).content.decode()
    answer = asking.post(reverse("contract_changes:carry_out", args=[request.pk]))

    assert "请撤回后重新申请" in page
    assert reverse("contract_changes:carry_out", args=[request.pk]) not in page
    assert answer.status_code == 422


def test_the_list_shows_what_waits_for_me(client: Client, company: OrgUnit) -> None:
    waiting, approved = make_request(company), make_approved(make_request(company))
    browser = sign_in(client, make_approver(company))

    page = browser.get(reverse("contract_changes:requests"), {"waits": "me"}).content.decode()

    assert waiting.contract.number in page
    assert approved.contract.number not in page


def test_the_list_is_empty_before_the_first_change_and_says_what_to_do(asking: Client) -> None:
    page = asking.get(reverse("contract_changes:requests")).content.decode()

    assert "还没有合同变更" in page
    assert reverse("sales:contracts") in page


def test_the_list_costs_the_same_with_one_and_three_changes(signed_in: Client, company: OrgUnit) -> None:
    counts = []

    for extra in (1, 2):
        for _ in range(extra):
            make_request(company)
        tell_the_planner()
        counts.append(count_queries(signed_in, reverse("contract_changes:requests")))

    assert counts[0] == counts[1]
    assert counts[0] <= 13


def test_a_request_costs_the_same_with_one_and_three_steps(signed_in: Client, company: OrgUnit) -> None:
    counts = []

    for steps in (["group"], ["group"] * 3):
        set_bands(company, {"kind": "any", "steps": steps})
        request = make_request(company)
        counts.append(count_queries(signed_in, reverse("contract_changes:request", args=[request.pk])))

    assert counts[0] == counts[1]
    assert counts[0] <= 14


def test_a_contract_is_filed_and_shows_what_it_said_before(asking: Client, company: OrgUnit) -> None:
    contract = make_carried_out(make_request(company)).contract
    filing = {"filing_number": "深网签2026001", "filed_date": contract.signed_date.isoformat()}
    filed = asking.post(reverse("sales:file", args=[contract.pk]), filing)

    page = asking.get(reverse("sales:contract", args=[contract.pk])).content.decode()

    assert filed.status_code == 303
    assert "¥2,000,000.00" in page
    assert "V2" in page
    assert reverse("contract_changes:of_contract", args=[contract.pk]) in page
    assert reverse("sales:file", args=[contract.pk]) not in page


def test_who_sees_contracts_but_no_changes_is_shown_none(client: Client, company: OrgUnit) -> None:
    request = make_request(company)
    user = make_approver(company)
    role = user.memberships.get().role
    role.permissions = [right for right in role.permissions if not right.startswith("contract_changes")]
    role.save()
    browser = sign_in(client, user)

    page = browser.get(reverse("sales:contract", args=[request.contract_id])).content.decode()
    direct = browser.get(reverse("contract_changes:request", args=[request.pk]))

    assert reverse("contract_changes:of_contract", args=[request.contract_id]) not in page
    assert direct.status_code == 403


def test_who_sees_no_customers_reads_no_names(client: Client, company: OrgUnit) -> None:
    contract, other = make_paid(company), make_customer(company, name="欧阳青枫")
    request = make_request(company, contract=contract, kind="name_change", wanted=Wanted(customer=other))
    address = reverse("contract_changes:request", args=[request.pk])
    user = make_approver(company)
    browser = sign_in(client, user)
    seen = browser.get(address).content.decode()

    role = user.memberships.get().role
    role.permissions = [right for right in role.permissions if right != "customers.view"]
    role.save()
    hidden = browser.get(address).content.decode()

    assert "欧阳青枫" in seen
    assert "欧阳青枫" not in hidden
    assert "您无权查看" in hidden

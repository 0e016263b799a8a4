"""Settling, closing and calling back are acts of different people, and each says what is missing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import User
from hearth.cases.models import CallBack, Case, Cause, CostLine, Escalation, Settlement
from hearth.cases.permissions import CHANGE_CASE, CHANGE_CAUSES, OVERSEE_CASE, VIEW_CASE
from hearth.cases.services import (
    CaseIsClosed,
    ClosingIncomplete,
    CostUnlikely,
    HandlerCallsBack,
    HandlerCloses,
    NotAChoice,
    NotSettled,
    OwnPosition,
    ProofMissing,
    RatingUnlikely,
    SolutionMissing,
    approve_position,
    call_back,
    close_case,
    note_cost,
    settle_case,
    strike_out_cost,
)
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit, Setting
from hearth.organization.selectors import actor_for
from tests.cases.builders import NOW, cause_of, make_case, make_cost, settle, settled
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
HANDLE = (SIGNED_IN, VIEW_CASE, CHANGE_CASE)


def actor_of(user: User) -> Actor:
    return actor_for(user, today=NOW.date())


@pytest.fixture
def handler(company: OrgUnit) -> Actor:
    return actor_of(make_member(company, *HANDLE))


@pytest.fixture
def desk(company: OrgUnit) -> Actor:
    """Somebody of customer service, who closes and calls back."""
    return actor_of(make_member(company, *HANDLE))


@pytest.fixture
def boss(company: OrgUnit) -> Actor:
    return actor_of(make_member(company, *HANDLE, OVERSEE_CASE))


def make_answered(company: OrgUnit, **values: Any) -> Case:
    return make_case(company, reply="好", answered_at=NOW, **values)


@pytest.mark.requirement("S131")
def test_a_complaint_is_settled_closed_and_asked_after_by_different_people(
    company: OrgUnit, handler: Actor, desk: Actor
) -> None:
    case = make_answered(company)

    settle(case, actor=handler)
    with pytest.raises(HandlerCloses):
        close_case(case, actor=handler, now=NOW)
    close_case(case, actor=desk, now=NOW)
    with pytest.raises(HandlerCallsBack):
        call_back(case, actor=handler, rating=5, now=NOW)
    called = call_back(case, actor=desk, rating=3, note="可以", now=NOW)

    assert (called.state, called.is_satisfied, called.called_back_at) == ("closed", True, NOW)
    types = list(EventRecord.objects.order_by("position").values_list("type", flat=True))
    assert types[-3:] == ["cases.settled", "cases.closed", "cases.called_back"]


@pytest.mark.requirement("S131")
def test_closing_says_what_is_missing_until_nothing_is(
    company: OrgUnit, handler: Actor, desk: Actor, boss: Actor
) -> None:
    case = make_answered(company)

    def missing() -> str:
        with pytest.raises(ClosingIncomplete) as refusal:
            close_case(case, actor=desk, now=NOW)
        return str(refusal.value.params["missing"])

    at_first = missing()
    settle(case, actor=handler, outcome="final", has_no_cost=False)
    settled_so_far = missing()
    approve_position(case, actor=boss, now=NOW)
    approved = missing()
    line = make_cost(case)
    strike_out_cost(line, actor=handler, now=NOW)
    struck_out = missing()
    make_cost(case)
    closed = close_case(case, actor=desk, now=NOW)

    assert at_first == "处理结果"
    assert settled_so_far == "最终立场的审批, 费用（或注明无费用）"
    assert approved == struck_out == "费用（或注明无费用）"
    assert closed.state == "closed"


@pytest.mark.parametrize("kind", ["enquiry", "repair", "suggestion", "praise"])
def test_what_is_no_complaint_closes_with_an_answer(company: OrgUnit, desk: Actor, kind: str) -> None:
    assert close_case(make_answered(company, kind=kind), actor=desk, now=NOW).state == "closed"


def test_a_place_may_ask_for_less(company: OrgUnit, desk: Actor) -> None:
    Setting.objects.create(org_unit=company, key="cases.close_in_full", value=False, updated_at=NOW)

    assert close_case(make_answered(company), actor=desk, now=NOW).state == "closed"


@pytest.mark.requirement("S131")
def test_a_bad_rating_opens_the_case_again_and_tells_the_next_level(
    company: OrgUnit, handler: Actor, desk: Actor
) -> None:
    case = make_answered(company)
    settle(case, actor=handler)
    close_case(case, actor=desk, now=NOW)

    reopened = call_back(case, actor=desk, rating=2, note="又漏了", now=NOW)

    assert (reopened.state, reopened.closed_at, reopened.called_back_at) == ("open", None, None)
    assert list(CallBack.objects.values_list("rating", "note", "has_reopened")) == [(2, "又漏了", True)]
    assert Settlement.objects.get().withdrawn_at == NOW
    assert Escalation.objects.filter(case=case, because="customer").count() == 1
    assert case.signals.get().what == "dissatisfied"
    with pytest.raises(ClosingIncomplete):
        close_case(case, actor=desk, now=NOW)
    settle(case, actor=handler, solution="整根更换")
    close_case(case, actor=desk, now=NOW)
    assert call_back(case, actor=desk, rating=5, now=NOW).is_satisfied is True
    assert CallBack.objects.count() == 2


def test_what_cannot_be_is_refused_and_leaves_nothing(company: OrgUnit, handler: Actor, desk: Actor) -> None:
    case = make_answered(company)
    aside = cause_of("price")
    Cause.objects.filter(pk=aside.pk).update(is_active=False)

    refused: list[tuple[type[DomainError], Callable[[], object]]] = [
        (SolutionMissing, lambda: settle(case, actor=handler, solution=" ")),
        (NotAChoice, lambda: settle(case, actor=handler, outcome="perhaps")),
        (NotAChoice, lambda: settle(case, actor=handler, party="nobody")),
        (NotAChoice, lambda: settle(case, actor=handler, cause=aside)),
        (ProofMissing, lambda: settle(case, actor=handler, proof=" ")),
        (NotSettled, lambda: approve_position(case, actor=Actor.system(), now=NOW)),
        (CostUnlikely, lambda: make_cost(case, "0")),
        (CostUnlikely, lambda: make_cost(case, "-1")),
        (CostUnlikely, lambda: make_cost(case, "1.005")),
        (CostUnlikely, lambda: make_cost(case, "1e12")),
        (NotAChoice, lambda: make_cost(case, kind="dinner")),
        (RatingUnlikely, lambda: call_back(case, actor=desk, rating=0, now=NOW)),
        (RatingUnlikely, lambda: call_back(case, actor=desk, rating=6, now=NOW)),
    ]
    for refusal, act in refused:
        with pytest.raises(refusal):
            act()

    assert (Settlement.objects.count(), CostLine.objects.count(), CallBack.objects.count()) == (0, 0, 0)


def test_a_final_position_is_approved_by_somebody_above_who_did_not_take_it(
    company: OrgUnit, handler: Actor, boss: Actor
) -> None:
    case = make_answered(company)
    settle(case, actor=boss, outcome="final")

    with pytest.raises(NotAllowed):
        approve_position(case, actor=handler, now=NOW)
    with pytest.raises(OwnPosition):
        approve_position(case, actor=boss, now=NOW)
    other = actor_of(make_member(company, *HANDLE, OVERSEE_CASE))
    approve_position(case, actor=other, now=NOW)

    assert Settlement.objects.get().approved_by_id == other.user_id
    with pytest.raises(IntegrityError), transaction.atomic():
        Settlement.objects.update(approved_by=boss.user_id)


def test_nobody_without_the_right_and_nobody_next_door_settles(company: OrgUnit, neighbour: OrgUnit) -> None:
    case = make_answered(company)
    line = make_cost(case)

    for place, rights in ((neighbour, HANDLE), (company, (SIGNED_IN, VIEW_CASE))):
        actor = actor_of(make_member(place, *rights, OVERSEE_CASE))
        acts: list[Callable[[], object]] = [
            lambda: settle_case(case, settled(), actor=actor, now=NOW),  # noqa: B023  (called at once)
            lambda: approve_position(case, actor=actor, now=NOW),  # noqa: B023
            lambda: note_cost(case, kind="gift", amount=Decimal(1), is_charged=False, actor=actor, now=NOW),  # noqa: B023
            lambda: strike_out_cost(line, actor=actor, now=NOW),  # noqa: B023
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act()

    assert Settlement.objects.count() == 0


def test_nothing_is_said_of_a_closed_case(company: OrgUnit, handler: Actor, desk: Actor) -> None:
    case = make_answered(company, kind="repair")
    line = make_cost(case)
    close_case(case, actor=desk, now=NOW)

    with pytest.raises(CaseIsClosed):
        settle(case, actor=handler)
    with pytest.raises(CaseIsClosed):
        make_cost(case)
    with pytest.raises(CaseIsClosed):
        strike_out_cost(line, actor=handler, now=NOW)


def test_what_was_said_before_is_withdrawn_and_its_file_goes_on_proving(
    company: OrgUnit, handler: Actor
) -> None:
    case = make_answered(company)
    settle(case, actor=handler, proof="", evidence_file=SimpleUploadedFile("三方签字.pdf", b"%PDF-1.7"))

    second = settle(case, actor=handler, solution="再次粉刷", proof="")

    assert second.evidence_file is not None
    assert Settlement.objects.standing().get() == second
    assert Settlement.objects.count() == 2


def test_the_page_leads_from_the_settlement_to_the_call_back(client: Client, company: OrgUnit) -> None:
    case = make_answered(company)
    handler, desk = (sign_in(each, make_member(company, *HANDLE)) for each in (client, Client()))
    said = {
        "solution": "更换水管",
        "outcome": "agreed",
        "cause": cause_of().pk,
        "party": "contractor",
    }
    file = {"evidence_file": SimpleUploadedFile("签字.pdf", b"%PDF-1.7")}

    def ask(browser: Client, name: str, values: dict[str, Any] | None = None) -> int:
        return browser.post(reverse(f"cases:{name}", args=[case.pk]), values or {}).status_code

    early = desk.post(reverse("cases:close", args=[case.pk]))
    statuses = [
        ask(handler, "settle", {**said, "solution": ""}),
        ask(handler, "settle", said | file),
        ask(handler, "cost", {"kind": "repair", "amount": "-1"}),
        ask(handler, "cost", {"kind": "repair", "amount": "1200.50", "is_charged": "on"}),
        ask(handler, "close"),
        ask(desk, "close"),
        ask(desk, "call_back", {"rating": "1", "note": "又漏了"}),
    ]
    page = desk.get(reverse("cases:case", args=[case.pk])).content.decode()
    kept = desk.get(reverse("cases:evidence", args=[Settlement.objects.get().pk]))

    assert early.status_code == 422
    assert "处理结果" in early.content.decode()
    assert statuses == [422, 303, 422, 303, 422, 303, 303]
    assert [text for text in ("1200.50", "又漏了", "重新打开", "更换水管") if text not in page] == []
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert kept.getvalue() == b"%PDF-1.7"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_lines(client: Client, company: OrgUnit, rows: int) -> None:
    case = make_answered(company)
    for _number in range(rows):
        settle(case)
        make_cost(case)
        CallBack.objects.create(case=case, rating=4, created_at=NOW, updated_at=NOW)

    assert count_queries(sign_in(client, make_member(company, *HANDLE)), f"/cases/{case.pk}/") == 24


def test_the_group_adds_causes_in_two_levels_and_puts_them_aside(
    client: Client, group: OrgUnit, company: OrgUnit
) -> None:
    leak = cause_of()
    browser = sign_in(client, make_member(group, *HANDLE, CHANGE_CAUSES))
    named = {
        "code": "construction-noise",
        "name_zh": "隔音",
        "name_en": "Noise",
        "position": 9,
        "is_active": "on",
    }

    added = browser.post("/cases/causes/new/", {**named, "parent": leak.parent_id})
    third = browser.post("/cases/causes/new/", {**named, "code": "x", "parent": leak.pk})
    nested = browser.post(f"/cases/causes/{leak.parent_id}/", {**named, "parent": cause_of("design").pk})
    put_aside = {"name_zh": "渗漏", "name_en": "Leak", "position": 0, "parent": leak.parent_id}
    aside = browser.post(f"/cases/causes/{leak.pk}/", put_aside)
    shown = browser.get("/cases/causes/").content.decode()
    local = sign_in(Client(), make_member(company, *HANDLE, CHANGE_CAUSES)).get("/cases/causes/")

    statuses = [answer.status_code for answer in (added, third, nested, aside, local)]
    assert statuses == [303, 422, 422, 303, 403]
    assert "隔音" in shown
    assert Cause.objects.in_use().filter(code="construction-noise", parent=leak.parent_id).exists()
    assert not Cause.objects.in_use().filter(pk=leak.pk).exists()

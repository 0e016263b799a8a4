"""Changing many rows at once: who may, what is left out and why, what became of each row, and back again."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.cases.lists import CASES
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.customers.lists import CUSTOMERS
from hearth.customers.models import Customer
from hearth.lists import bulk
from hearth.lists.bulk import BulkAction, Selection, action_of
from hearth.lists.definitions import ListDefinition
from hearth.lists.jobs import change_back, change_many
from hearth.lists.models import BulkRow, BulkRun
from hearth.lists.permissions import CHANGE_MANY
from hearth.lists.services.bulk import (
    CannotUndo,
    NothingToChange,
    TooManyRows,
    select_rows,
    start_bulk,
    undo_bulk,
)
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.organization.selectors import actor_for
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer
from tests.lists.builders import make_run
from tests.organization.builders import make_actor, make_member, make_user, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
RIGHTS = (
    "organization.view",
    "cases.view",
    "cases.change",
    "customers.view",
    "customers.change",
    CHANGE_MANY,
)


def assign(definition: ListDefinition[Any]) -> BulkAction:
    found = action_of(definition, "assign")
    assert found is not None
    return found


def select(definition: ListDefinition[Any], ids: list[UUID], person: User | None, actor: Actor) -> Selection:
    values = {"person": person.pk if person else None}
    return select_rows(definition, assign(definition), ids, values=values, actor=actor)


def outcomes(run: BulkRun) -> list[tuple[str, str]]:
    return list(BulkRow.objects.filter(run=run).order_by("id").values_list("outcome", "reason"))


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_rows_that_cannot_change_are_left_out_with_the_reason(company: OrgUnit, neighbour: OrgUnit) -> None:
    person = make_member(company)
    actor = make_actor(company, *RIGHTS)
    cases = [
        make_case(company),
        make_case(company, answered_at=NOW, closed_at=NOW, reply="好"),
        make_case(neighbour),
    ]
    mine, theirs = make_customer(company, responsible_id=person.pk), make_customer(neighbour)

    of_cases = select(CASES, [case.pk for case in cases], person, actor)
    of_customers = select(CUSTOMERS, [mine.pk, theirs.pk], person, actor)

    assert of_cases.fits == 1
    assert sorted(of_cases.left_out) == sorted([cases[1].pk, cases[2].pk])
    assert (of_customers.fits, sorted(of_customers.left_out)) == (0, sorted([mine.pk, theirs.pk]))


def test_more_rows_than_one_can_answer_for_are_refused(
    company: OrgUnit, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hearth.lists.services.bulk.MOST_ROWS", 1)

    with pytest.raises(TooManyRows):
        select(CASES, [make_case(company).pk, make_case(company).pk], None, actor)


def test_many_rows_are_changed_by_those_who_may_alone(company: OrgUnit, now: datetime) -> None:
    case = make_case(company)
    values = {"person": make_member(company).pk}
    selection = Selection([case.pk], {})

    for rights in [("cases.change",), (CHANGE_MANY,)]:
        with pytest.raises(NotAllowed):
            start_bulk(
                CASES, assign(CASES), selection, values=values, actor=make_actor(company, *rights), now=now
            )
    with pytest.raises(NothingToChange):
        start_bulk(
            CASES,
            assign(CASES),
            Selection([case.pk], {case.pk: "closed"}),
            values=values,
            actor=make_actor(company, *RIGHTS),
            now=now,
        )

    assert BulkRun.objects.count() == 0


def test_a_job_changes_each_row_and_tells_which_it_could_not(company: OrgUnit, neighbour: OrgUnit) -> None:
    owner, person = make_member(company, *RIGHTS), make_member(company)
    cases = [
        make_case(company),
        make_case(company, answered_at=NOW, closed_at=NOW, reply="好"),
        make_case(neighbour),
    ]
    run = make_run(owner, *(case.pk for case in cases), person=person)

    change_many(run_id=str(run.pk))
    change_many(run_id=str(run.pk))

    run.refresh_from_db()
    assert run.state == "done"
    assert outcomes(run) == [
        ("changed", ""),
        ("refused", "该工单已关闭。"),
        ("refused", "您已看不到此行。"),
    ]
    assert list(Case.objects.order_by("number").values_list("assignee", flat=True)) == [person.pk, None, None]
    events = EventRecord.objects.filter(type="lists.many_changed")
    assert [(event.subject_id, event.payload["rows"]) for event in events] == [(run.pk, 1)]
    assert EventRecord.objects.filter(type="cases.changed").count() == 1


def test_a_worker_that_finds_another_at_the_rows_does_not_call_them_done(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, person = make_member(company, *RIGHTS), make_member(company)
    run = make_run(owner, make_case(company).pk, person=person)
    with monkeypatch.context() as patch:
        patch.setattr("hearth.lists.services.bulk._portion", lambda *_rest, **_named: False)
        change_many(run_id=str(run.pk))
    run.refresh_from_db()
    meanwhile = run.state

    change_many(run_id=str(run.pk))

    run.refresh_from_db()
    assert (meanwhile, run.state, outcomes(run)) == ("running", "done", [("changed", "")])


def test_rights_lost_meanwhile_count(company: OrgUnit) -> None:
    owner, person = make_member(company, *RIGHTS), make_member(company)
    run = make_run(owner, make_case(company).pk, person=person)
    owner.is_active = False
    owner.save()

    change_many(run_id=str(run.pk))

    assert [outcome for outcome, _reason in outcomes(run)] == ["refused"]


def test_the_right_to_change_many_is_asked_at_a_place_of_each_row(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    person = make_member(company)
    owner = make_member(company, *RIGHTS)
    one_by_one = make_member(neighbour, *(right for right in RIGHTS if right != CHANGE_MANY))
    Membership.objects.filter(user=one_by_one).update(user=owner)
    actor = actor_for(owner, today=localdate())
    cases = [make_case(company), make_case(neighbour)]
    customers = [make_customer(company), make_customer(neighbour)]

    of_cases = select(CASES, [case.pk for case in cases], person, actor)
    of_customers = select(CUSTOMERS, [customer.pk for customer in customers], person, actor)
    run = make_run(owner, *(case.pk for case in cases), person=person)
    change_many(run_id=str(run.pk))

    assert (list(of_cases.left_out), list(of_customers.left_out)) == ([cases[1].pk], [customers[1].pk])
    assert [outcome for outcome, _reason in outcomes(run)] == ["changed", "refused"]


def test_the_right_to_change_many_is_asked_again_when_the_job_runs(company: OrgUnit, now: datetime) -> None:
    owner, person = make_member(company, *RIGHTS), make_member(company)
    case = make_case(company)
    run = make_run(owner, case.pk, person=person)
    change_many(run_id=str(run.pk))
    undo_bulk(run, actor=actor_for(owner, today=localdate()), now=now)
    late = make_run(owner, make_case(company).pk, person=person)
    held = [right for right in RIGHTS if right != CHANGE_MANY]
    Role.objects.filter(memberships__user=owner).update(permissions=held)

    change_back(run_id=str(run.pk))
    change_many(run_id=str(late.pk))

    assert [outcomes(each)[0][0] for each in (run, late)] == ["kept", "refused"]
    assert Case.objects.get(pk=case.pk).assignee == person


def test_a_change_is_taken_back_where_nothing_changed_since(company: OrgUnit, now: datetime) -> None:
    owner, before, person = make_member(company, *RIGHTS), make_member(company), make_member(company)
    customers = [make_customer(company, responsible_id=before.pk) for _ in range(2)]
    run = make_run(owner, *(customer.pk for customer in customers), person=person, object_key="customers")
    actor = actor_for(owner, today=localdate())
    with pytest.raises(CannotUndo):
        undo_bulk(run, actor=actor, now=now)
    change_many(run_id=str(run.pk))
    Customer.objects.filter(pk=customers[1].pk).update(responsible=owner)

    undo_bulk(run, actor=actor, now=now)
    change_back(run_id=str(run.pk))

    run.refresh_from_db()
    with pytest.raises(CannotUndo):
        undo_bulk(run, actor=actor, now=now)
    assert run.state == "undone"
    assert [outcome for outcome, _reason in outcomes(run)] == ["undone", "kept"]
    assert list(Customer.objects.order_by("number").values_list("responsible", flat=True)) == [
        before.pk,
        owner.pk,
    ]


def test_chosen_rows_are_changed_in_the_browser_after_a_look(client: Client, company: OrgUnit) -> None:
    owner, person = make_member(company, SIGNED_IN, *RIGHTS), make_member(company)
    browser = sign_in(client, owner)
    browser.cookies["hearth_language"] = "en"
    cases = [
        make_case(company),
        make_case(company, kind="repair"),
        make_case(company, answered_at=NOW, closed_at=NOW, reply="好"),
    ]
    address = "/lists/cases/change/assign/?kind=complaint"

    asked = browser.post(address, {"rows": f"{cases[0].pk},{cases[2].pk},nonsense"})
    looked = browser.post(address, {"all": "yes", "person": person.pk, "step": "look"})
    nobody = browser.post(address, {"rows": str(cases[2].pk), "person": person.pk, "step": "do"})
    wrong = browser.post(address, {"all": "yes", "person": "0", "step": "look"})
    done = browser.post(address, {"all": "yes", "person": person.pk, "step": "do"})

    run = BulkRun.objects.get()
    assert "2 rows" in text_of(asked)
    assert "1 row will change." in text_of(looked)
    assert "Left out: 1 (closed)" in text_of(looked)
    assert [nobody.status_code, wrong.status_code, done.status_code] == [422, 422, 303]
    assert done.headers["Location"] == f"/lists/runs/{run.pk}/"
    assert "every 2s" in text_of(browser.get(done.headers["Location"]))

    change_many(run_id=str(run.pk))
    shown = text_of(browser.get(f"/lists/runs/{run.pk}/"))
    assert cases[0].title in shown
    assert browser.post(f"/lists/runs/{run.pk}/undo/").status_code == 303
    change_back(run_id=str(run.pk))
    assert Case.objects.filter(assignee__isnull=False).count() == 0


def test_boxes_stand_before_rows_for_those_who_may_do_something_with_many(
    client: Client, company: OrgUnit
) -> None:
    make_case(company)
    reader = sign_in(client, make_member(company, SIGNED_IN, "cases.view"))
    plain = text_of(reader.get("/cases/"))
    handler = sign_in(client, make_member(company, SIGNED_IN, "cases.view", "cases.change"))
    one_by_one = text_of(handler.get("/cases/"))
    refused = handler.post("/lists/cases/change/assign/", {"all": "yes"})
    changer = sign_in(client, make_member(company, SIGNED_IN, *RIGHTS))
    many = text_of(changer.get("/cases/"))

    # A handler may open a group complaint of rows, and change none of them at once.
    assert ['name="row"' in page for page in (plain, one_by_one, many)] == [False, True, True]
    assert ["list-action-assign" in page for page in (plain, one_by_one, many)] == [False, False, True]
    assert refused.status_code == 403


def test_a_run_is_shown_to_who_asked_alone(client: Client, company: OrgUnit) -> None:
    run = make_run(make_user())
    other = sign_in(client, make_member(company, SIGNED_IN, *RIGHTS))

    assert other.get(f"/lists/runs/{run.pk}/").status_code == 404
    assert other.post(f"/lists/runs/{run.pk}/undo/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_a_run_costs_the_same_for_any_number_of_rows(
    signed_in: Client, administrator: User, company: OrgUnit, rows: int
) -> None:
    run = make_run(administrator, *(make_case(company).pk for _ in range(rows)))

    assert count_queries(signed_in, f"/lists/runs/{run.pk}/") == 10


def test_a_change_is_offered_once_for_a_list() -> None:
    assert bulk.action_of(CASES, "assign") is assign(CASES)
    assert bulk.action_of(CASES, "forget") is None

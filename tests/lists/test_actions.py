"""What can be done to many rows at once beside assigning them: each by the act of its app, and back again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.custom_fields.models import FieldDefinition
from hearth.customers.models import Customer, DuplicatePair
from hearth.lists.bulk import Selection, action_of, actions_for, openings_for
from hearth.lists.definitions import ListDefinition, lists
from hearth.lists.jobs import change_back, change_many
from hearth.lists.models import BulkRow, BulkRun
from hearth.lists.permissions import CHANGE_MANY
from hearth.lists.services.bulk import CannotUndo, select_rows, start_bulk, undo_bulk
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.properties.models import Unit
from hearth.tasks.models import Task
from tests.cases.builders import NOW, make_case, settle
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer, make_home
from tests.lists.builders import make_run
from tests.organization.builders import make_member, sign_in
from tests.tasks.builders import DUE, make_colleague, make_task

pytestmark = pytest.mark.django_db
RIGHTS = (
    SIGNED_IN,
    "organization.view",
    "cases.view",
    "cases.change",
    "customers.view",
    "customers.change",
    "tasks.view",
    "tasks.change",
    CHANGE_MANY,
)


def actor_of(user: User) -> Actor:
    return actor_for(user, today=localdate())


def definition_of(key: str, user: User) -> ListDefinition[Any]:
    return lists[key].extended(actor_of(user))


def select(
    key: str, action_key: str, values: Mapping[str, Any], user: User, ids: Sequence[UUID]
) -> Selection:
    definition = definition_of(key, user)
    action = action_of(definition, action_key)
    assert action is not None
    return select_rows(definition, action, ids, values=values, actor=actor_of(user))


def change(key: str, action_key: str, values: Mapping[str, Any], user: User, ids: Sequence[UUID]) -> BulkRun:
    """Have rows changed, also those that a look would leave out, and let the job run."""
    definition = definition_of(key, user)
    action = action_of(definition, action_key)
    assert action is not None
    run = start_bulk(definition, action, Selection(ids, {}), values=values, actor=actor_of(user), now=NOW)
    change_many(run_id=str(run.pk))
    run.refresh_from_db()
    return run


def take_back(run: BulkRun, user: User) -> None:
    undo_bulk(run, actor=actor_of(user), now=NOW)
    change_back(run_id=str(run.pk))


def outcomes(run: BulkRun) -> list[str]:
    return list(BulkRow.objects.filter(run=run).order_by("id").values_list("outcome", flat=True))


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def owner(company: OrgUnit) -> User:
    return make_member(company, *RIGHTS)


def test_the_grade_of_cases_is_set_and_taken_back_where_it_stands(company: OrgUnit, owner: User) -> None:
    closed: dict[str, Any] = {"answered_at": NOW, "closed_at": NOW, "reply": "好"}
    cases = [make_case(company), make_case(company, grade="hot"), make_case(company, **closed)]
    ids = [case.pk for case in cases]

    looked = select("cases", "grade", {"value": "hot"}, owner, ids)
    run = change("cases", "grade", {"value": "hot"}, owner, ids)
    Case.objects.filter(pk=ids[1]).update(grade="major")
    take_back(run, owner)

    assert sorted(looked.left_out) == sorted([ids[1], ids[2]])
    assert list(Case.objects.order_by("number").values_list("grade", flat=True)) == [
        "ordinary",
        "major",
        "ordinary",
    ]
    assert outcomes(run) == ["undone", "kept", "refused"]


def test_answered_cases_are_closed_for_good(company: OrgUnit, owner: User) -> None:
    cases = [make_case(company, answered_at=NOW, reply="好"), make_case(company)]
    ids = [case.pk for case in cases]
    settle(cases[0])

    looked = select("cases", "close", {}, owner, ids)
    run = change("cases", "close", {}, owner, ids)

    assert list(looked.left_out) == [ids[1]]
    assert outcomes(run) == ["changed", "refused"]
    assert list(Case.objects.order_by("number").values_list("state", flat=True)) == ["closed", "open"]
    with pytest.raises(CannotUndo):
        undo_bulk(run, actor=actor_of(owner), now=NOW)


def test_a_custom_field_is_set_for_those_that_have_it_and_taken_back(
    company: OrgUnit, neighbour: OrgUnit, owner: User
) -> None:
    make_field(company, key="club", kind="choice", choices=["金卡", "银卡"])
    mine, same, theirs = make_customer(company), make_customer(company), make_customer(neighbour)
    Customer.objects.filter(pk=same.pk).update(custom={"club": "金卡"})
    ids = [mine.pk, same.pk, theirs.pk]

    looked = select("customers", "custom-club", {"value": "金卡"}, owner, ids)
    run = change("customers", "custom-club", {"value": "金卡"}, owner, ids[:2])
    after = list(Customer.objects.order_by("number").values_list("custom", flat=True))
    Customer.objects.filter(pk=same.pk).update(custom={"club": "银卡"})
    take_back(run, owner)

    assert sorted(looked.left_out) == sorted([same.pk, theirs.pk])
    assert after == [{"club": "金卡"}, {"club": "金卡"}, {}]
    assert list(Customer.objects.order_by("number").values_list("custom", flat=True)) == [
        {},
        {"club": "银卡"},
        {},
    ]
    assert EventRecord.objects.filter(type="custom_values.changed").count() == 2


def test_a_label_is_added_to_those_a_record_has_and_taken_away_again(company: OrgUnit, owner: User) -> None:
    make_field(company, key="labels", kind="choices", choices=["老业主", "团购", "媒体"])
    customers = [make_customer(company) for _ in range(3)]
    ids = [each.pk for each in customers]
    for customer, kept in zip(customers, (["媒体"], ["团购"], None), strict=True):
        Customer.objects.filter(pk=customer.pk).update(custom={"labels": kept} if kept else {})

    looked = select("customers", "custom-labels-add", {"choice": "团购"}, owner, ids)
    added = change("customers", "custom-labels-add", {"choice": "团购"}, owner, ids)
    with_label = list(Customer.objects.order_by("number").values_list("custom", flat=True))
    Customer.objects.filter(pk=ids[2]).update(custom={"labels": ["老业主", "团购"]})
    take_back(added, owner)

    assert list(looked.left_out) == [ids[1]]
    assert with_label == [{"labels": ["团购", "媒体"]}, {"labels": ["团购"]}, {"labels": ["团购"]}]
    assert list(Customer.objects.order_by("number").values_list("custom", flat=True)) == [
        {"labels": ["媒体"]},
        {"labels": ["团购"]},
        {"labels": ["老业主"]},
    ]


def test_a_label_is_removed_and_comes_back_where_it_is_still_gone(company: OrgUnit, owner: User) -> None:
    make_field(company, key="labels", kind="choices", choices=["老业主", "团购"])
    customers = [make_customer(company) for _ in range(2)]
    ids = [each.pk for each in customers]
    Customer.objects.update(custom={"labels": ["老业主", "团购"]})

    removed = change("customers", "custom-labels-remove", {"choice": "团购"}, owner, ids)
    Customer.objects.filter(pk=ids[1]).update(custom={"labels": ["团购"]})
    take_back(removed, owner)

    assert outcomes(removed) == ["undone", "kept"]
    assert list(Customer.objects.order_by("number").values_list("custom", flat=True)) == [
        {"labels": ["老业主", "团购"]},
        {"labels": ["团购"]},
    ]


def test_a_field_of_other_roles_or_a_sealed_one_is_not_offered(company: OrgUnit, owner: User) -> None:
    make_field(company, key="open")
    make_field(company, key="sealed", is_sensitive=True)
    make_field(company, key="foreign", change_roles=["auditor"])

    offered = [each.key for each in actions_for(definition_of("customers", owner), actor_of(owner))]

    assert [key for key in offered if key.startswith("custom-")] == ["custom-open"]


def test_a_field_out_of_use_leaves_every_row_as_it_was(company: OrgUnit, owner: User) -> None:
    make_field(company, key="club")
    customer = make_customer(company)
    run = make_run(owner, customer.pk, object_key="customers")
    BulkRun.objects.filter(pk=run.pk).update(action_key="custom-club", values={"value": "x"})
    FieldDefinition.objects.update(is_active=False)

    change_many(run_id=str(run.pk))

    run.refresh_from_db()
    customer.refresh_from_db()
    assert (run.state, outcomes(run), customer.custom) == ("done", ["refused"], {})


def task_values(user: User, **more: Any) -> dict[str, Any]:
    return {
        "title": "回访",
        "due": "2026-04-01",
        "assignee": user.pk,
        "role": None,
        "note": "",
        "priority": 3,
        **more,
    }


def test_a_task_is_given_for_each_customer_and_dropped_when_taken_back(
    company: OrgUnit, neighbour: OrgUnit, owner: User
) -> None:
    customers = [make_customer(company), make_customer(company), make_customer(neighbour)]
    ids, values = [each.pk for each in customers], task_values(owner)

    looked = select("customers", "task", values, owner, ids)
    run = change("customers", "task", values, owner, ids[:2])
    given = list(Task.objects.order_by("id").values_list("customer", "title", "org_unit", "assignee"))
    done = Task.objects.get(customer=customers[1])
    Task.objects.filter(pk=done.pk).update(state="done", closed_at=NOW)
    take_back(run, owner)

    assert list(looked.left_out) == [ids[2]]
    assert given == [(pk, "回访", company.pk, owner.pk) for pk in ids[:2]]
    assert outcomes(run) == ["undone", "kept"]
    assert list(Task.objects.order_by("id").values_list("state", flat=True)) == ["dropped", "done"]


def test_a_task_for_each_case_is_about_it(company: OrgUnit, owner: User) -> None:
    case = make_case(company, customer=make_customer(company))

    change("cases", "task", task_values(owner), owner, [case.pk])

    task = Task.objects.get()
    assert (task.about_kind, task.about_id, task.customer_id) == ("case", case.pk, case.customer_id)


def test_tasks_are_done_moved_and_passed_on_together(company: OrgUnit, owner: User) -> None:
    colleague = make_colleague(company)
    tasks = [make_task(company, assignee=owner), make_task(company, assignee=colleague)]
    ids = [task.pk for task in tasks]

    moved = change("tasks", "postpone", {"value": "2026-05-01"}, owner, ids)
    passed = change("tasks", "assign", {"person": colleague.pk}, owner, ids)
    done = change("tasks", "complete", {}, owner, ids)
    after = list(Task.objects.order_by("id").values_list("state", "due_date", "assignee"))
    for run in (done, passed, moved):
        take_back(run, owner)

    assert [(state, str(day), person) for state, day, person in after] == [
        ("done", "2026-05-01", colleague.pk)
    ] * 2
    assert list(Task.objects.order_by("id").values_list("state", "due_date", "assignee")) == [
        ("open", DUE, owner.pk),
        ("open", DUE, colleague.pk),
    ]


def test_tasks_of_others_are_left_out_for_who_gives_none(company: OrgUnit) -> None:
    reader = make_member(company, SIGNED_IN, "tasks.view", CHANGE_MANY)
    own, other = make_task(company, assignee=reader), make_task(company)

    looked = select("tasks", "complete", {}, reader, [own.pk, other.pk])

    assert list(looked.left_out) == [other.pk]


def test_chosen_customers_are_brought_to_the_page_that_judges_them(client: Client, company: OrgUnit) -> None:
    merger = sign_in(client, make_member(company, SIGNED_IN, "customers.view", "customers.merge_customer"))
    customers = [make_customer(company, name="王伟") for _ in range(3)]
    rows = ",".join(str(each.pk) for each in customers)

    shown = text_of(merger.get("/customers/"))
    alone = merger.post("/lists/customers/open/merge/", {"rows": str(customers[0].pk)})
    answer = merger.post("/lists/customers/open/merge/", {"rows": rows})

    pairs = DuplicatePair.objects.all()
    assert "/lists/customers/open/merge/" in shown
    assert "/lists/customers/change/" not in shown
    assert (alone.status_code, answer.status_code) == (422, 303)
    assert {frozenset((pair.first_id, pair.second_id)) for pair in pairs} == {
        frozenset((customers[0].pk, other.pk)) for other in customers[1:]
    }
    assert answer.headers["Location"] in [f"/customers/duplicates/?pair={pair.pk}" for pair in pairs]


def test_a_pair_that_can_never_be_one_suggests_nothing(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    user = make_member(company, SIGNED_IN, "customers.view", "customers.merge_customer")
    sample, real = make_customer(company), make_customer(company)
    Customer.objects.filter(pk=sample.pk).update(is_sample=True)

    answer = sign_in(client, user).post(
        "/lists/customers/open/merge/", {"rows": f"{sample.pk},{real.pk},{make_customer(neighbour).pk}"}
    )

    assert (answer.status_code, DuplicatePair.objects.count()) == (422, 0)


def test_a_page_for_chosen_rows_asks_for_its_right(client: Client, company: OrgUnit) -> None:
    reader = make_member(company, SIGNED_IN, "customers.view")

    answer = sign_in(client, reader).post("/lists/customers/open/merge/", {"rows": ""})

    assert openings_for(lists["customers"], actor_of(reader)) == []
    assert answer.status_code == 404


def test_a_change_of_very_many_rows_is_typed(
    client: Client, company: OrgUnit, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hearth.lists.views.many.TYPED_ABOVE", 1)
    for _ in range(2):
        make_case(company)
    browser = sign_in(client, owner)
    asked = {"all": "yes", "value": "hot"}
    address = "/lists/cases/change/grade/"

    looked = text_of(browser.post(address, {**asked, "step": "look"}))
    refused = [
        browser.post(address, {**asked, "step": "do", "typed": typed}).status_code
        for typed in ("", "3", "two")
    ]
    done = browser.post(address, {**asked, "step": "do", "typed": " 2 "})

    assert 'name="typed"' in looked
    assert refused == [422] * 3
    assert (done.status_code, BulkRun.objects.count()) == (303, 1)


def test_a_change_that_stays_says_so_before_it_is_done(client: Client, company: OrgUnit, owner: User) -> None:
    case = make_case(company, answered_at=NOW, reply="好", kind="repair")
    browser = sign_in(client, owner)

    looked = text_of(browser.post("/lists/cases/change/close/", {"rows": case.pk, "step": "look"}))
    graded = {"rows": case.pk, "step": "look", "value": "hot"}
    other = text_of(browser.post("/lists/cases/change/grade/", graded))
    run = change("cases", "close", {}, owner, [case.pk])
    shown = text_of(browser.get(f"/lists/runs/{run.pk}/"))

    assert ["无法撤销" in text for text in (looked, other)] == [True, False]
    assert "/undo/" not in shown


def test_what_became_of_each_row_is_a_file_that_runs_no_formula(
    client: Client, company: OrgUnit, owner: User
) -> None:
    cases = [make_case(company, title="=1+1"), make_case(company, title="旧工单", grade="hot")]
    run = change("cases", "grade", {"value": "major"}, owner, [case.pk for case in cases])
    Case.objects.filter(pk=cases[1].pk).update(org_unit=company.parent)

    answer = sign_in(client, owner).get(f"/lists/runs/{run.pk}/file/")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="cases-{run.pk}.csv"'
    assert lines[1:] == [f"'=1+1,已更改,,{cases[0].pk}", f",已更改,,{cases[1].pk}"]


def test_homes_are_released_together_but_none_of_a_sale(company: OrgUnit) -> None:
    seller = make_member(company, SIGNED_IN, "properties.view", "properties.change", CHANGE_MANY)
    homes = [make_home(company, number=str(number)) for number in range(3)]
    ids = [home.pk for home in homes]
    for home, state in zip(homes, ("planned", "held", "contracted"), strict=True):
        Unit.objects.filter(pk=home.pk).update(state=state)

    looked = select("homes", "state", {"value": "available"}, seller, ids)
    run = change("homes", "state", {"value": "available"}, seller, ids[:2])
    released = list(Unit.objects.order_by("number").values_list("state", flat=True))
    Unit.objects.filter(pk=ids[1]).update(state="subscribed")
    take_back(run, seller)

    assert list(looked.left_out) == [ids[2]]
    assert released == ["available", "available", "contracted"]
    assert list(Unit.objects.order_by("number").values_list("state", flat=True)) == [
        "planned",
        "subscribed",
        "contracted",
    ]

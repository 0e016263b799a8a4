"""The plan of a group complaint, its team, and what is said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import EventRecord
from hearth.group_cases.models import GroupCase, GroupStep, PlanStep, Statement, TeamMember
from hearth.group_cases.plans import SHIPPED, sync_plan
from hearth.group_cases.services import (
    ApprovedBefore,
    CannotSeeIt,
    GroupIsClosed,
    NewerVersion,
    NotInTeam,
    NotToPublish,
    OwnWords,
    StepIsDone,
    WordsMissing,
    approve_statement,
    close_group_case,
    finish_step,
    join_team,
    keep_plan_step,
    leave_team,
    note_sign,
    publish_reply,
    write_statement,
)
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from tests.cases.builders import NOW
from tests.group_cases.builders import (
    SYSTEM,
    join,
    make_complaint,
    make_group_case,
    make_statement,
    make_step,
    plan_step_of,
)
from tests.organization.builders import DAY, make_actor, make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
RIGHTS = ("cases.view", "cases.change")
OVERSEES = (*RIGHTS, "cases.oversee")


def codes_of(group: GroupCase) -> set[str]:
    return set(GroupStep.objects.filter(group_case=group).values_list("plan_step__code", flat=True))


def shipped(*levels: str) -> set[str]:
    return {code for code, level, *_rest in SHIPPED if level in levels}


def test_the_plan_begins_with_the_level_and_grows_with_it(company: OrgUnit) -> None:
    sync_plan()
    group = make_group_case(company, 4)
    below = codes_of(group)

    join(group, make_complaint(company))
    at_ordinary = codes_of(group)
    note_sign(group, actor=SYSTEM, what="media", seen_at=NOW, now=NOW)

    assert below == set()
    assert at_ordinary == shipped("ordinary")
    assert codes_of(group) == shipped("ordinary", "major", "crisis")
    script = GroupStep.objects.get(group_case=group, plan_step__code="script")
    assert script.due_at == NOW + timedelta(hours=24)


def test_shipping_the_plan_again_changes_nothing_that_the_group_changed() -> None:
    step = plan_step_of("script")
    step.hours, step.is_active = 8, False
    step.save()

    sync_plan()

    step.refresh_from_db()
    assert (step.hours, step.is_active, PlanStep.objects.count()) == (8, False, len(SHIPPED))


def test_a_step_that_was_put_aside_begins_no_more(company: OrgUnit, group: OrgUnit) -> None:
    step = plan_step_of("script")
    step.is_active = False
    keep_plan_step(step, actor=SYSTEM, now=NOW)

    assert "script" not in codes_of(make_group_case(company, 5))


def test_the_plan_is_changed_for_the_whole_group_alone(company: OrgUnit, group: OrgUnit) -> None:
    step = plan_step_of()
    with pytest.raises(NotAllowed):
        keep_plan_step(step, actor=make_actor(company, "group_cases.change_plan"), now=NOW)
    keep_plan_step(step, actor=make_actor(group, "group_cases.change_plan"), now=NOW)
    assert EventRecord.objects.filter(type="group_cases.plan_changed").count() == 1


def test_a_step_is_done_once_and_says_whether_in_time(company: OrgUnit) -> None:
    step = make_step(company)

    finish_step(
        step, actor=make_actor(company, *RIGHTS), note="张工带队", now=step.due_at + timedelta(minutes=1)
    )

    event = EventRecord.objects.get(type="group_cases.step_done")
    assert event.payload["is_in_time"] is False
    with pytest.raises(StepIsDone):
        finish_step(step, actor=SYSTEM, now=NOW)


def test_a_colleague_has_a_role_in_the_team_once(company: OrgUnit) -> None:
    group, user = make_group_case(company), make_member(company, "cases.view")

    first = join_team(group, user, role="lawyer", actor=SYSTEM, now=NOW)
    again = join_team(group, user, role="lawyer", actor=SYSTEM, now=NOW)
    other = join_team(group, user, role="spokesperson", actor=SYSTEM, now=NOW)
    leave_team(first, actor=SYSTEM, now=NOW)

    assert first == again
    assert list(TeamMember.objects.present()) == [other]
    with pytest.raises(NotInTeam):
        leave_team(first, actor=SYSTEM, now=NOW)


def test_who_may_not_see_the_group_complaint_is_not_in_its_team(company: OrgUnit, neighbour: OrgUnit) -> None:
    group = make_group_case(company)
    for user in (make_member(neighbour, "cases.view"), make_member(company, "customers.view")):
        with pytest.raises(CannotSeeIt):
            join_team(group, user, role="lawyer", actor=SYSTEM, now=NOW)


def by(user: User) -> Actor:
    return actor_for(user, today=DAY)


def test_a_script_has_versions_and_each_is_approved_by_somebody_else(company: OrgUnit) -> None:
    group = make_group_case(company)
    writer, overseer = make_actor(company, *OVERSEES), make_actor(company, *OVERSEES)
    first = make_statement(group, actor=writer)
    with pytest.raises(OwnWords):
        approve_statement(first, actor=writer, now=NOW)
    approve_statement(first, actor=overseer, now=NOW)

    second = make_statement(group, actor=writer, text="原因已查明：外窗批次 A-17。")

    assert (first.version, second.version) == (1, 2)
    assert list(Statement.objects.approved()) == [first]
    with pytest.raises(ApprovedBefore):
        approve_statement(approve_statement(second, actor=overseer, now=NOW), actor=overseer, now=NOW)


def test_only_the_latest_version_is_approved(company: OrgUnit) -> None:
    group = make_group_case(company)
    first = make_statement(group)
    make_statement(group)

    with pytest.raises(NewerVersion):
        approve_statement(first, actor=SYSTEM, now=NOW)


def test_who_does_not_answer_for_cases_approves_nothing(company: OrgUnit) -> None:
    statement = make_statement(make_group_case(company))

    with pytest.raises(NotAllowed):
        approve_statement(statement, actor=make_actor(company, *RIGHTS), now=NOW)


def test_the_database_lets_nobody_approve_their_own_words(company: OrgUnit) -> None:
    user = make_member(company, *OVERSEES)
    statement = make_statement(make_group_case(company), actor=by(user))

    with pytest.raises(IntegrityError, match="nobody_approves_their_own_statement"), transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(approved_at=NOW, approved_by=user)


def test_a_reply_is_published_when_it_is_approved_and_once(company: OrgUnit) -> None:
    group = make_group_case(company)
    reply = make_statement(group, kind="reply")
    with pytest.raises(NotToPublish):
        publish_reply(reply, actor=SYSTEM, where="官网", now=NOW)
    approve_statement(reply, actor=SYSTEM, now=NOW)

    published = publish_reply(reply, actor=SYSTEM, where="官网", now=NOW)

    assert (published.published_at, published.published_where) == (NOW, "官网")
    refusals: list[tuple[type[DomainError], Callable[[], object]]] = [
        (NotToPublish, lambda: publish_reply(reply, actor=SYSTEM, where="官网", now=NOW)),
        (WordsMissing, lambda: publish_reply(reply, actor=SYSTEM, where=" ", now=NOW)),
        (WordsMissing, lambda: write_statement(group, actor=SYSTEM, kind="reply", text=" ", now=NOW)),
    ]
    for refusal, act in refusals:
        with pytest.raises(refusal):
            act()


def test_a_script_is_never_published(company: OrgUnit) -> None:
    script = approve_statement(make_statement(make_group_case(company)), actor=SYSTEM, now=NOW)

    with pytest.raises(NotToPublish):
        publish_reply(script, actor=SYSTEM, where="官网", now=NOW)
    with pytest.raises(IntegrityError, match="only_an_approved_reply_is_published"), transaction.atomic():
        Statement.objects.filter(pk=script.pk).update(published_at=NOW)


def test_a_closed_group_complaint_takes_no_words_and_no_team(company: OrgUnit) -> None:
    step = make_step(company)
    group = close_group_case(step.group_case, actor=SYSTEM, outcome="和解", now=NOW)
    acts: list[Callable[[], object]] = [
        lambda: make_statement(group),
        lambda: finish_step(step, actor=SYSTEM, now=NOW),
        lambda: join_team(group, make_member(company, "cases.view"), role="lawyer", actor=SYSTEM, now=NOW),
    ]

    for act in acts:
        with pytest.raises(GroupIsClosed):
            act()


def address(group: GroupCase, name: str = "desk", **more: object) -> str:
    return reverse(f"group_cases:{name}", kwargs={"group_id": group.pk, **more})


def test_every_act_of_the_desk_is_done_on_its_page(
    signed_in: Client, company: OrgUnit, client: Client
) -> None:
    step = make_step(company)
    group = step.group_case
    user = make_member(company, *OVERSEES, "core.signed_in")
    answers = [
        signed_in.post(address(group, "step_done", step_id=step.pk), {"note": "已完成"}),
        signed_in.post(address(group, "team"), {"role": "spokesperson", "user": user.pk}),
        signed_in.post(address(group, "write", kind="reply"), {"text": "我们正在处理。"}),
    ]
    reply = Statement.objects.get()
    own = signed_in.post(address(group, "approve", statement_id=reply.pk))
    other = sign_in(Client(), user)
    answers += [
        other.post(address(group, "approve", statement_id=reply.pk)),
        other.post(address(group, "publish", statement_id=reply.pk), {"where": "官网"}),
        other.post(address(group, "team_leave", member_id=TeamMember.objects.get().pk)),
    ]

    shown = signed_in.get(address(group))

    assert [answer.status_code for answer in answers] == [303] * len(answers)
    assert own.status_code == 422
    assert "官网" in shown.content.decode()
    assert TeamMember.objects.present().count() == 0


def test_the_desk_asks_the_database_as_often_for_many_steps_as_for_few(
    signed_in: Client, company: OrgUnit
) -> None:
    few, many = make_group_case(company), make_step(company).group_case
    for number in range(3):
        join_team(many, make_member(company, "cases.view"), role="lawyer", actor=SYSTEM, now=NOW)
        make_statement(many, text=f"第 {number} 版")

    assert count_queries(signed_in, address(few)) == count_queries(signed_in, address(many)) == 8


def test_the_plan_is_read_and_changed_on_its_pages(signed_in: Client, company: OrgUnit) -> None:
    step = plan_step_of("script")
    sent = {
        "code": "script",
        "name_zh": "统一口径",
        "name_en": "Single script",
        "level": "ordinary",
        "role": "spokesperson",
        "hours": 12,
        "position": 3,
        "is_active": "on",
    }

    changed = signed_in.post(reverse("group_cases:plan_step", args=[step.pk]), sent)
    added = signed_in.post(reverse("group_cases:new_plan_step"), sent | {"code": "calm"})
    refused = signed_in.post(reverse("group_cases:new_plan_step"), sent | {"code": "late", "hours": 0})

    step.refresh_from_db()
    assert (changed.status_code, added.status_code, refused.status_code) == (303, 303, 422)
    assert step.hours == 12
    assert "统一口径" in signed_in.get(reverse("group_cases:plan")).content.decode()

"""Meetings about a group complaint, promises, and what was said."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import Notification
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import EventRecord
from hearth.group_cases.models import (
    Attendance,
    Commitment,
    GroupHousehold,
    GroupMeeting,
    GroupStep,
    NegotiationEntry,
)
from hearth.group_cases.services import (
    CannotSeeIt,
    DuePast,
    GroupIsClosed,
    KeptBefore,
    MeetingHasEnded,
    NobodyThere,
    OfferUnlikely,
    WordsMissing,
    attend_meeting,
    close_group_case,
    end_meeting,
    give_commitment,
    keep_commitment,
    note_negotiation,
    tell_of_overdue,
)
from hearth.organization.models import OrgUnit
from tests.cases.builders import NOW
from tests.customers.builders import make_customer
from tests.group_cases.builders import (
    SYSTEM,
    make_commitment,
    make_complaint,
    make_group_case,
    make_meeting,
    make_step,
)
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
RIGHTS = ("cases.view", "cases.change")


def test_a_meeting_notes_colleagues_households_and_others_once_each(company: OrgUnit) -> None:
    group = make_group_case(company)
    meeting, household = make_meeting(group), GroupHousehold.objects.get()
    user = make_member(company, "cases.view")

    for _each in range(2):
        attend_meeting(meeting, user=user, actor=SYSTEM, now=NOW)
        attend_meeting(meeting, household=household, actor=SYSTEM, now=NOW)
    attend_meeting(meeting, name="街道办王主任", actor=SYSTEM, now=NOW)

    sides = Attendance.objects.order_by("id").values_list("side", flat=True)
    assert list(sides) == ["ours", "households", "outside"]


def test_who_is_nobody_or_two_at_once_or_of_another_group_is_not_there(company: OrgUnit) -> None:
    meeting = make_meeting(make_group_case(company))
    other = make_group_case(company, cases=[make_complaint(company)])
    foreign = GroupHousehold.objects.get(group_case=other)
    user = make_member(company, "cases.view")
    acts: list[Callable[[], object]] = [
        lambda: attend_meeting(meeting, actor=SYSTEM, now=NOW),
        lambda: attend_meeting(meeting, user=user, name="x", actor=SYSTEM, now=NOW),
        lambda: attend_meeting(meeting, household=foreign, actor=SYSTEM, now=NOW),
    ]

    for act in acts:
        with pytest.raises(NobodyThere):
            act()


def test_an_ended_meeting_notes_nobody_and_tells_how_much_was_promised(company: OrgUnit) -> None:
    group = make_group_case(company)
    meeting = make_meeting(group)
    make_commitment(group, meeting=meeting)
    attend_meeting(meeting, name="记者", actor=SYSTEM, now=NOW)

    end_meeting(meeting, actor=SYSTEM, now=NOW)

    event = EventRecord.objects.get(type="group_cases.meeting_ended")
    assert (event.payload["people"], event.payload["commitments"]) == (1, 1)
    with pytest.raises(MeetingHasEnded):
        attend_meeting(meeting, name="y", actor=SYSTEM, now=NOW)
    with pytest.raises(MeetingHasEnded):
        end_meeting(meeting, actor=SYSTEM, now=NOW)


def test_what_is_promised_has_a_day_and_somebody_who_keeps_it(company: OrgUnit, neighbour: OrgUnit) -> None:
    group = make_group_case(company)
    stranger = make_member(neighbour, "cases.view")
    refusals: list[tuple[type[DomainError], Callable[[], object]]] = [
        (WordsMissing, lambda: make_commitment(group, what=" ")),
        (DuePast, lambda: make_commitment(group, due_date=date(2026, 3, 17))),
        (CannotSeeIt, lambda: make_commitment(group, responsible=stranger)),
        (NotAllowed, lambda: make_commitment(group, actor=make_actor(company, "cases.view"))),
    ]

    for refusal, act in refusals:
        with pytest.raises(refusal):
            act()
    assert make_commitment(group, due_date=date(2026, 3, 18)).due_date == date(2026, 3, 18)


def test_a_promise_is_kept_once_also_after_the_group_complaint_was_closed(company: OrgUnit) -> None:
    group = make_group_case(company)
    commitment = make_commitment(group)
    close_group_case(group, actor=SYSTEM, outcome="和解", now=NOW)

    keep_commitment(commitment, actor=make_actor(company, *RIGHTS), note="全部完成", now=NOW)

    assert EventRecord.objects.get(type="group_cases.commitment_kept").payload["is_in_time"] is True
    with pytest.raises(KeptBefore):
        keep_commitment(commitment, actor=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        keep_commitment(commitment, actor=make_actor(company, "cases.view"), now=NOW)


def test_who_keeps_an_overdue_promise_and_who_watches_hear_of_it_once(company: OrgUnit) -> None:
    keeper = make_member(company, "cases.view")
    overseer = make_member(company, "cases.view", "cases.oversee")
    commitment = make_commitment(make_group_case(company), responsible=keeper)
    kept = make_commitment(commitment.group_case, responsible=keeper)
    keep_commitment(kept, actor=SYSTEM, now=NOW)

    on_the_day = tell_of_overdue(now=NOW + timedelta(days=2))
    after = tell_of_overdue(now=NOW + timedelta(days=3))
    again = tell_of_overdue(now=NOW + timedelta(days=4))

    assert (on_the_day, after, again) == (0, 1, 0)
    told = Notification.objects.filter(kind="group_cases.overdue_commitment")
    assert set(told.values_list("user", flat=True)) == {keeper.pk, overseer.pk}
    assert told.count() == 2


def test_a_colleague_who_left_is_not_told(company: OrgUnit) -> None:
    keeper = make_member(company, "cases.view")
    make_commitment(make_group_case(company), responsible=keeper)
    keeper.is_active = False
    keeper.save(update_fields=["is_active"])

    assert tell_of_overdue(now=NOW + timedelta(days=3)) == 1
    assert not Notification.objects.exists()


def test_an_overdue_step_of_the_plan_is_told_once(company: OrgUnit) -> None:
    step = make_step(company)
    steps = GroupStep.objects.count()
    make_member(company, "cases.view", "cases.oversee")

    assert tell_of_overdue(now=step.due_at) == 0
    assert tell_of_overdue(now=NOW + timedelta(days=30)) == steps
    assert tell_of_overdue(now=NOW + timedelta(days=31)) == 0


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "1000000000"])
def test_an_offer_is_an_amount_to_the_cent(company: OrgUnit, amount: str) -> None:
    group = make_group_case(company)

    with pytest.raises(OfferUnlikely):
        note_negotiation(group, actor=SYSTEM, side="ours", text="补偿", offer_amount=Decimal(amount), now=NOW)


def test_a_closed_group_complaint_takes_no_promise_and_no_meeting(company: OrgUnit) -> None:
    group, user = make_group_case(company), make_member(company, "cases.view")
    close_group_case(group, actor=SYSTEM, outcome="和解", now=NOW)
    acts: list[Callable[[], object]] = [
        lambda: make_meeting(group),
        lambda: give_commitment(
            group, actor=SYSTEM, what="x", responsible=user, due_date=date(2026, 4, 1), now=NOW
        ),
        lambda: note_negotiation(group, actor=SYSTEM, side="ours", text="x", now=NOW),
    ]

    for act in acts:
        with pytest.raises(GroupIsClosed):
            act()


def test_a_meeting_is_held_on_its_page_from_agenda_to_end(signed_in: Client, company: OrgUnit) -> None:
    group = make_group_case(company)
    user, household = make_member(company, "cases.view"), GroupHousehold.objects.get()

    def to(name: str, **more: object) -> str:
        return reverse(f"group_cases:{name}", kwargs={"group_id": group.pk, **more})

    planned = signed_in.post(
        to("new_meeting"), {"title": "沟通会", "begins_at": "2026-03-18T15:00", "agenda": "原因"}
    )
    meeting = GroupMeeting.objects.get()
    here = {"meeting": str(meeting.pk)}
    due = "2100-01-01"
    answers = [
        planned,
        signed_in.post(to("attend", meeting_id=meeting.pk), {"household": household.pk}),
        signed_in.post(to("promise"), here | {"what": "换窗", "responsible": user.pk, "due_date": due}),
        signed_in.post(to("say"), here | {"side": "ours", "text": "每户补偿", "offer_amount": "3000"}),
        signed_in.post(to("end", meeting_id=meeting.pk)),
        signed_in.post(to("kept", commitment_id=Commitment.objects.get().pk), {"note": "已换"}),
    ]
    refused = [
        signed_in.post(to("attend", meeting_id=meeting.pk), {"name": "迟到者"}),
        signed_in.post(to("promise"), here | {"what": "", "responsible": user.pk, "due_date": due}),
        signed_in.post(to("say"), {"side": "ours", "text": "x", "offer_amount": "-1"}),
        signed_in.post(to("new_meeting"), {"title": "", "begins_at": ""}),
    ]

    assert [answer.status_code for answer in answers] == [303] * len(answers)
    assert [answer.status_code for answer in refused] == [422] * len(refused)
    assert Commitment.objects.get().meeting == meeting
    assert NegotiationEntry.objects.get().offer_amount == Decimal(3000)
    page = signed_in.get(to("meeting", meeting_id=meeting.pk)).content.decode()
    assert "换窗" in page
    assert household.customer.name in page


def test_who_may_not_see_customers_reads_no_name_at_a_meeting(company: OrgUnit, client: Client) -> None:
    customer = make_customer(company, name="王青枫")
    group = make_group_case(company, cases=[make_complaint(company, customer=customer)])
    meeting = make_meeting(group)
    attend_meeting(meeting, household=GroupHousehold.objects.get(), actor=SYSTEM, now=NOW)
    sign_in(client, make_member(company, *RIGHTS, "core.signed_in"))

    shown = client.get(reverse("group_cases:meeting", args=[group.pk, meeting.pk]))

    assert shown.status_code == 200
    assert "王青枫" not in shown.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_pages_of_meetings_ask_as_often_for_many_rows_as_for_one(
    signed_in: Client, company: OrgUnit, number: int
) -> None:
    group = make_group_case(company, number)
    meeting = make_meeting(group)
    for household in GroupHousehold.objects.all():
        attend_meeting(meeting, household=household, actor=SYSTEM, now=NOW)
        make_commitment(group, meeting=meeting)
        note_negotiation(group, actor=SYSTEM, side="ours", text="x", meeting=meeting, now=NOW)

    assert count_queries(signed_in, reverse("group_cases:talks", args=[group.pk])) == 8
    assert count_queries(signed_in, reverse("group_cases:meeting", args=[group.pk, meeting.pk])) == 12

"""Registrations that stand against each other, or against a consultant."""

from datetime import timedelta

import pytest

from hearth.accounts.models import Notification
from hearth.brokers.models import ChannelRegistration, RegistrationConflict
from hearth.brokers.selectors import lines_of, sides_of
from hearth.brokers.services import decide_conflict, object_to_refusal
from hearth.core.errors import DomainError, NotAllowed
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from tests.brokers.builders import (
    HIDDEN,
    LATER,
    NOW,
    PHONE,
    SYSTEM,
    TODAY,
    come,
    make_broker,
    make_conflict,
    make_decider,
    make_desk,
    make_project,
    register,
)
from tests.customers.builders import make_customer
from tests.leads.builders import make_consultant, make_lead

pytestmark = pytest.mark.django_db
State, Because = ChannelRegistration.State, ChannelRegistration.Because


def two_hidden(company: OrgUnit) -> tuple[RegistrationConflict, list[ChannelRegistration]]:
    """Have a customer come whom two brokers have registered with hidden digits."""
    project = make_project(company)
    rows = [
        register(make_broker(company), project, phone=HIDDEN, now=NOW + timedelta(minutes=number))
        for number in range(2)
    ]
    assert come(make_customer(company, phone=PHONE), project) is None
    return RegistrationConflict.objects.get(), rows


@pytest.mark.requirement("S279")
def test_two_that_fit_one_visitor_are_disputed_and_decided_by_somebody_who_is_no_side(
    company: OrgUnit,
) -> None:
    decider = make_decider(company)
    conflict, (first, second) = two_hidden(company)
    states = set(ChannelRegistration.objects.values_list("state", flat=True))

    decided = decide_conflict(
        conflict,
        awarded_to=second,
        reason="带看照片在前",
        actor=actor_for(decider, today=TODAY),
        now=LATER,
    )

    for row in (first, second):
        row.refresh_from_db()
    assert states == {State.DISPUTED}
    assert (first.state, first.because, second.state) == (State.INVALID, Because.DECIDED, State.VISITED)
    assert (second.customer_id, second.visited_at) == (conflict.customer_id, LATER)
    assert (decided.awarded_to_id, decided.decided_by_id) == (second.pk, decider.pk)
    assert Notification.objects.filter(user=decider, kind="brokers.conflict").count() == 1


def test_a_consultant_who_knew_the_customer_stands_against_a_hidden_number(company: OrgUnit) -> None:
    project, consultant = make_project(company), make_consultant(company, "brokers.view", "brokers.decide")
    customer = make_customer(company, phone=PHONE)
    make_lead(
        company,
        customer=customer,
        project_id=project.pk,
        consultant_id=consultant.pk,
        now=NOW - timedelta(days=2),
    )
    row = register(make_broker(company), project, phone=HIDDEN)

    come(customer, project)
    conflict = RegistrationConflict.objects.get()
    with pytest.raises(DomainError) as own:
        decide_conflict(
            conflict, awarded_to=None, reason="我的", actor=actor_for(consultant, today=TODAY), now=LATER
        )
    decide_conflict(
        conflict,
        awarded_to=None,
        reason="两天前已来电",
        actor=actor_for(make_decider(company), today=TODAY),
        now=LATER,
    )

    row.refresh_from_db()
    assert (own.value.code, conflict.consultant_id) == ("own_conflict", consultant.pk)
    assert (row.state, row.because) == (State.INVALID, Because.DECIDED)


def test_an_objection_that_is_decided_for_the_second_takes_the_number_from_the_first(
    company: OrgUnit,
) -> None:
    conflict = make_conflict(company)
    first, second = (side.registration for side in sides_of(conflict))

    decide_conflict(
        conflict,
        awarded_to=second,
        reason="截图为证",
        actor=actor_for(make_decider(company), today=TODAY),
        now=LATER,
    )

    for row in (first, second):
        row.refresh_from_db()
    assert (first.state, second.state, second.because) == (State.INVALID, State.WAITING, "")
    assert [side.state_before for side in sides_of(conflict)] == [State.WAITING, State.INVALID]


def test_an_objection_of_a_known_customer_stands_against_the_house(company: OrgUnit) -> None:
    project, consultant = make_project(company), make_consultant(company)
    customer = make_customer(company, phone=PHONE)
    lead = make_lead(
        company,
        customer=customer,
        project_id=project.pk,
        consultant_id=consultant.pk,
        now=NOW - timedelta(days=2),
    )
    row = register(make_broker(company), project)

    conflict = object_to_refusal(row, claim="老客户转介", actor=SYSTEM, now=LATER)

    assert (conflict.lead_id, conflict.consultant_id, conflict.customer_id) == (
        lead.pk,
        consultant.pk,
        customer.pk,
    )
    lines = lines_of(conflict, sides_of(conflict), SYSTEM)
    assert [line.registration is not None for line in lines] == [False, True]


def test_nobody_objects_to_what_is_valid_or_twice_or_without_a_word(company: OrgUnit) -> None:
    project = make_project(company)
    first = register(make_broker(company), project)
    second = register(make_broker(company), project)
    codes = []

    for row, claim in ((first, "有效"), (second, " "), (second, "我的"), (second, "我的")):
        try:
            object_to_refusal(row, claim=claim, actor=SYSTEM, now=LATER)
        except DomainError as refusal:
            codes.append(refusal.code)
        else:
            codes.append("")

    assert codes == ["nothing_to_object", "said_without_reason", "", "conflict"]


def test_a_number_that_nobody_holds_any_more_is_registered_anew(company: OrgUnit) -> None:
    project = make_project(company)
    first = register(make_broker(company), project)
    second = register(make_broker(company), project)
    ChannelRegistration.objects.filter(pk=first.pk).update(state=State.EXPIRED)

    with pytest.raises(DomainError) as refusal:
        object_to_refusal(second, claim="我的", actor=SYSTEM, now=LATER)

    assert refusal.value.code == "nobody_against"


def test_what_is_decided_stays_and_needs_right_reason_and_a_side(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    conflict, stranger = make_conflict(company), make_conflict(company)
    side, other = sides_of(conflict)[0].registration, sides_of(stranger)[0].registration
    decider = actor_for(make_decider(company), today=TODAY)
    codes = []

    for by, awarded, reason in (
        (actor_for(make_decider(neighbour), today=TODAY), side, "x"),
        (SYSTEM, side, "x"),
        (decider, side, " "),
        (decider, other, "x"),
        (decider, side, "先报备"),
        (decider, side, "先报备"),
    ):
        try:
            decide_conflict(conflict, awarded_to=awarded, reason=reason, actor=by, now=LATER)
        except DomainError as refusal:
            codes.append(refusal.code)
        else:
            codes.append("")

    assert codes == [
        NotAllowed.code,
        NotAllowed.code,
        "said_without_reason",
        "invalid_input",
        "",
        "conflict",
    ]


def test_who_registered_at_the_desk_does_not_decide(company: OrgUnit) -> None:
    project, desk = make_project(company), make_desk(company, "brokers.decide")
    actor = actor_for(desk, today=TODAY)
    register(make_broker(company), project)
    second = register(make_broker(company), project, actor=actor)
    conflict = object_to_refusal(second, claim="我的", actor=SYSTEM, now=LATER)

    with pytest.raises(DomainError) as refusal:
        decide_conflict(conflict, awarded_to=second, reason="x", actor=actor, now=LATER)

    assert refusal.value.code == "own_conflict"

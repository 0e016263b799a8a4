"""What persons ask for by right: the clocks, who asks, the answer, and an erasure by two."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest

from hearth.accounts.models import Notification, User
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import Customer, CustomerProfile
from hearth.customers.services import undo_merge
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.privacy.models import PersonRequest
from hearth.privacy.requests_refused import (
    ErasureFirst,
    IdentityNotChecked,
    NothingToErase,
    RequestClosed,
    RequestUnderWay,
    SecondPersonNeeded,
    WordsMissing,
)
from hearth.privacy.selectors import ContactAnswer, consent_state, may_contact
from hearth.privacy.services import (
    AlreadyErased,
    answer_request,
    approve_erasure,
    carry_out_erasure,
    check_identity,
    erase_person,
    give_out,
    lift,
    propose_erasure,
    receive_request,
    refuse_request,
    remind_of_requests,
    return_erasure,
    sync_purposes,
    take_up_request,
)
from tests.customers.builders import make_merge, make_profile
from tests.organization.builders import make_member
from tests.privacy.builders import make_consent, make_known_customer, make_request

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("S60")]
SYSTEM = Actor.system("test")
NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)
RIGHTS = ("privacy.take_requests", "privacy.answer_requests", "privacy.approve_erasures", "customers.view")


def officer(place: OrgUnit) -> tuple[User, Actor]:
    user = make_member(place, *RIGHTS)
    return user, actor_for(user, today=date(2026, 9, 21))


def test_the_term_counts_working_days_and_never_ends_after_thirty_days(company: OrgUnit) -> None:
    before_the_holidays = make_request(company, now=NOW)
    in_march = make_request(company, now=datetime(2026, 3, 18, 6, 30, tzinfo=UTC))

    # The Mid-Autumn and National days lie between.
    assert before_the_holidays.due_date > date(2026, 9, 21) + timedelta(days=21)
    assert before_the_holidays.limit_date == date(2026, 10, 21)
    assert in_march.due_date == date(2026, 4, 9)
    assert in_march.due_date <= in_march.limit_date


def test_the_same_is_asked_for_once_until_it_is_answered(company: OrgUnit) -> None:
    customer = make_known_customer(company)
    first = make_request(company, customer=customer, is_identified=True, now=NOW)

    with pytest.raises(RequestUnderWay):
        make_request(company, customer=customer, now=NOW)
    answer_request(first, answer="已邮寄", actor=SYSTEM, now=NOW)

    assert make_request(company, customer=customer, now=NOW).number > first.number


def test_nothing_is_given_out_or_answered_before_it_is_known_who_asks(company: OrgUnit) -> None:
    row = make_request(company, now=NOW)

    for act in (
        lambda: give_out(row, io.BytesIO(), actor=SYSTEM, now=NOW),
        lambda: answer_request(row, answer="好的", actor=SYSTEM, now=NOW),
        lambda: take_up_request(row, actor=SYSTEM, now=NOW),
        lambda: propose_erasure(row, actor=SYSTEM, now=NOW),
    ):
        with pytest.raises(IdentityNotChecked):
            act()


def test_a_request_goes_from_its_arrival_to_the_answer(company: OrgUnit) -> None:
    user, actor = officer(company)
    row = receive_request(
        make_known_customer(company, phone="13900005555"),
        kind="access",
        wish="想知道你们有我的什么",
        came_by="desk",
        actor=actor,
        now=NOW,
    )
    check_identity(row, how="身份证", actor=actor, now=NOW)
    take_up_request(row, actor=actor, now=NOW)
    package = io.BytesIO()
    give_out(row, package, actor=actor, now=NOW)
    answer_request(row, answer="已交付", actor=actor, now=NOW)

    row = PersonRequest.objects.get(pk=row.pk)
    assert (row.state, row.handler, row.wish, row.answer) == (
        "answered",
        user,
        "想知道你们有我的什么",
        "已交付",
    )
    assert [step.what for step in row.steps.order_by("id")] == [
        "received",
        "identified",
        "in_work",
        "given",
        "answered",
    ]
    with zipfile.ZipFile(package) as archive:
        assert "13900005555" in archive.read("index.html").decode()
    types = EventRecord.objects.filter(subject_id=row.pk).order_by("position").values_list("type", flat=True)
    assert list(types) == [
        "privacy.request_received",
        "privacy.request_taken_up",
        "privacy.request_answered",
    ]
    with pytest.raises(RequestClosed):
        refuse_request(row, reason="太晚", actor=actor, now=NOW)


def test_a_refusal_needs_a_reason_and_no_proof_of_who_asks(company: OrgUnit) -> None:
    row = make_request(company, now=NOW)

    with pytest.raises(WordsMissing):
        refuse_request(row, reason=" ", actor=SYSTEM, now=NOW)
    refuse_request(row, reason="无法核实身份", actor=SYSTEM, now=NOW)

    row = PersonRequest.objects.get(pk=row.pk)
    assert (row.state, row.answer, row.closed_at) == ("refused", "无法核实身份", NOW)


def test_a_restricted_customer_is_contacted_for_nothing_until_it_is_lifted(company: OrgUnit) -> None:
    sync_purposes()
    customer = make_known_customer(company)
    make_consent(customer.pk)
    row = make_request(company, customer=customer, kind="restriction", is_identified=True, now=NOW)
    before = may_contact([customer.pk], "marketing", "sms")[customer.pk]

    answer_request(row, answer="已限制", actor=SYSTEM, now=NOW)

    row.refresh_from_db()
    customer.refresh_from_db()
    assert before is ContactAnswer.ALLOWED
    for purpose in ("marketing", "service"):
        assert may_contact([customer.pk], purpose, "sms") == {customer.pk: ContactAnswer.RESTRICTED}
    assert not any(state.is_allowed_somewhere for state in consent_state(customer))
    row.customer = customer
    lift(row, actor=SYSTEM, now=NOW)
    assert may_contact([customer.pk], "marketing", "sms")[customer.pk] is ContactAnswer.ALLOWED
    assert [step.what for step in row.steps.order_by("id")][-3:] == ["restricted", "answered", "lifted"]


def test_an_erasure_takes_two_and_answers_the_request(company: OrgUnit) -> None:
    _user, first = officer(company)
    _user, second = officer(company)
    customer = make_known_customer(company, phone="13900006666")
    row = make_request(
        company, customer=customer, kind="erasure", wish="请删除13900006666", is_identified=True
    )
    also = make_request(company, customer=customer, kind="access")

    with pytest.raises(ErasureFirst):
        answer_request(row, answer="好的", actor=first, now=NOW)
    propose_erasure(row, actor=first, now=NOW)
    with pytest.raises(SecondPersonNeeded):
        approve_erasure(row, actor=first, now=NOW)
    approve_erasure(row, actor=second, now=NOW)
    with pytest.raises(RequestClosed):
        refuse_request(row, reason="等等", actor=first, now=NOW)
    carry_out_erasure(row.pk, actor=SYSTEM, now=NOW)
    carry_out_erasure(row.pk, actor=SYSTEM, now=NOW)

    row = PersonRequest.objects.select_related("erasure").get(pk=row.pk)
    assert (row.state, row.wish, row.identity_how) == ("answered", "", "")
    assert row.erasure is not None
    assert row.erasure.erased["customers.contacts"] == 1
    assert Customer.objects.get(pk=customer.pk).erased_at == NOW
    assert PersonRequest.objects.get(pk=also.pk).state == "answered"
    with pytest.raises(AlreadyErased):
        make_request(company, customer=customer)


def test_the_second_person_sends_an_erasure_back(company: OrgUnit) -> None:
    _user, first = officer(company)
    _user, second = officer(company)
    row = make_request(company, kind="closure", is_identified=True)
    with pytest.raises(NothingToErase):
        approve_erasure(row, actor=second, now=NOW)

    propose_erasure(row, actor=first, now=NOW)
    return_erasure(row, actor=second, now=NOW)

    row.refresh_from_db()
    assert (row.state, row.proposed_by) == ("in_work", None)


def test_who_only_takes_requests_answers_none(company: OrgUnit, neighbour: OrgUnit) -> None:
    row = make_request(company, kind="erasure", is_identified=True)
    taker = actor_for(make_member(company, "privacy.take_requests"), today=date(2026, 9, 21))
    _user, stranger = officer(neighbour)

    for actor in (taker, stranger):
        with pytest.raises(NotAllowed):
            answer_request(row, answer="好的", actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            propose_erasure(row, actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        make_request_by(stranger, make_known_customer(company))
    assert not PersonRequest.objects.visible_to(stranger).exists()
    assert PersonRequest.objects.visible_to(taker).get() == row


def make_request_by(actor: Actor, customer: Customer) -> PersonRequest:
    return receive_request(customer, kind="copy", wish="", came_by="desk", actor=actor, now=NOW)


def test_the_bell_rings_once_when_a_request_is_due_soon_and_once_when_it_is_late(company: OrgUnit) -> None:
    user, _actor = officer(company)
    row = make_request(company, now=NOW)
    morning = datetime(2026, 9, 22, tzinfo=UTC)
    soon = datetime.combine(row.due_date - timedelta(days=4), morning.time(), UTC)
    late = datetime.combine(row.due_date + timedelta(days=1), morning.time(), UTC)

    rung = [remind_of_requests(now=moment) for moment in (morning, soon, soon, late, late)]

    assert rung == [0, 1, 0, 1, 0]
    kinds = Notification.objects.filter(user=user).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["privacy.request_due", "privacy.request_late"]


def test_lateness_is_told_by_both_terms(company: OrgUnit) -> None:
    row = make_request(company, now=NOW)

    assert row.lateness(row.due_date) == ""
    assert row.lateness(row.due_date + timedelta(days=1)) == "due"
    assert row.lateness(row.limit_date + timedelta(days=1)) == "late"


def test_an_erased_customer_is_contacted_for_nothing(company: OrgUnit) -> None:
    sync_purposes()
    customer = make_known_customer(company)

    erase_person(customer, actor=SYSTEM, now=NOW)

    assert may_contact([customer.pk], "service", "sms") == {customer.pk: ContactAnswer.RESTRICTED}


def test_a_restriction_takes_what_the_analysis_said_and_follows_a_merge(company: OrgUnit) -> None:
    restricted, survivor = make_known_customer(company), make_known_customer(company)
    make_profile(restricted)
    row = make_request(company, customer=restricted, kind="restriction", is_identified=True)

    answer_request(row, answer="已限制", actor=SYSTEM, now=NOW)
    merge = make_merge(survivor, restricted)

    assert not CustomerProfile.objects.filter(customer=restricted).exists()
    assert Customer.objects.get(pk=survivor.pk).restricted_at == NOW
    undo_merge(merge, actor=SYSTEM, now=NOW)
    assert Customer.objects.get(pk=survivor.pk).restricted_at is None
    assert Customer.objects.get(pk=restricted.pk).restricted_at == NOW

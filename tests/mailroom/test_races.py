"""Two workers and two colleagues at the same moment; commits are real."""

from uuid import uuid4

import pytest

from hearth.cases.models import Case
from hearth.channels.models import Message
from hearth.mailroom.models import InboundMail
from hearth.mailroom.services import DecidedAlready, answer_by_mail, make_case_of_mail, queue_fetching
from hearth.organization.models import OrgUnit
from hearth.privacy.services import sync_purposes
from tests.customers.test_merge_races import at_once
from tests.mailroom.builders import NOW, SYSTEM, make_mail, make_mailbox, make_writer, take, taken
from tests.mailroom.letters import write_mail

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_with_the_same_mail_take_it_once(company: OrgUnit) -> None:
    make_writer(company)
    box = make_mailbox(company)

    at_once(*[lambda: take(box, write_mail(), uid=1) for _worker in range(3)])

    assert InboundMail.objects.count() == 1
    assert (Case.objects.count(), Message.objects.count()) == (1, 1)


def test_a_mail_to_two_mailboxes_that_are_looked_into_at_once_is_one_case(company: OrgUnit) -> None:
    make_writer(company)
    boxes = [make_mailbox(company) for _number in range(3)]

    at_once(*[lambda box=box: take(box, write_mail(), uid=1) for box in boxes])

    assert sorted(InboundMail.objects.values_list("state", flat=True)) == ["noted", "noted", "taken"]
    assert (Case.objects.count(), Message.objects.count()) == (1, 1)


def test_two_clocks_queue_a_mailbox_once(company: OrgUnit) -> None:
    make_mailbox(company)
    queued: list[int] = []

    at_once(*[lambda: queued.append(queue_fetching(now=NOW)) for _clock in range(3)])

    assert sum(queued) == 1


def test_two_colleagues_make_one_case_of_a_mail(company: OrgUnit) -> None:
    mail = make_mail(company)
    refused: list[str] = []

    def decide() -> None:
        try:
            make_case_of_mail(mail, actor=SYSTEM, kind="repair", customer=None, now=NOW)
        except DecidedAlready as refusal:
            refused.append(refusal.code)

    at_once(decide, decide)

    assert refused == ["decided_already"]
    assert Case.objects.count() == 1


def test_a_button_that_is_pressed_twice_at_once_sends_one_answer(company: OrgUnit) -> None:
    sync_purposes()
    make_writer(company)
    mail = taken(make_mailbox(company, sends_receipts=False), write_mail())
    case = mail.case
    assert case is not None
    key, sent = uuid4(), list[bool]()

    def answer() -> None:
        sent.append(answer_by_mail(case, actor=SYSTEM, reply="九点上门。", to=mail.pk, key=key, now=NOW))

    at_once(answer, answer)

    assert sorted(sent) == [False, True]
    assert Message.objects.count() == 1

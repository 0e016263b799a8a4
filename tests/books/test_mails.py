"""Both sides of a handover get a mail with figures and without names of customers."""

from collections.abc import Iterator
from datetime import date

import pytest

from hearth.accounts.models import User
from hearth.books.services.mails import find_handover, mail_about
from hearth.channels.gateways.mail import MailServer, TemporaryFailure
from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from tests.books.builders import hand_over, make_book, make_rule, make_worker
from tests.channels.mailbox import Mailbox, open_mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened:
        yield opened


def text_of(mailbox: Mailbox) -> str:
    body = mailbox.mails[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_each_reads_the_figures_in_their_language(company: OrgUnit, mailbox: Mailbox) -> None:
    owner, heir = make_worker(company), make_worker(company)
    User.objects.filter(pk=heir.pk).update(language="en")
    [customer] = make_book(owner, company, customers=1)
    rule = make_rule(owner, company, heir, kind="cover", until_date=date(2026, 3, 25), note="产假")
    handover = find_handover(hand_over(rule, Actor.system("test")).pk)
    server = MailServer("127.0.0.1", mailbox.port)

    sent = mail_about(handover, User.objects.get(pk=heir.pk), server=server)
    received = text_of(mailbox)
    mail_about(handover, owner, server=MailServer("127.0.0.1", mailbox.port))
    given = text_of(mailbox)

    assert sent
    assert mailbox.recipients == {heir.email: 1, owner.email: 1}
    for part in ("Open cases: 1", "Until 2026-03-25", "产假", f"/books/{handover.pk}/mine/"):
        assert part in received
    assert ("您的客户与工作已移交" in given, customer.name in received + given) == (True, False)


def test_who_has_no_address_or_left_gets_none(company: OrgUnit, mailbox: Mailbox) -> None:
    owner, heir = make_worker(company), make_worker(company)
    make_book(owner, company, customers=1)
    handover = find_handover(hand_over(make_rule(owner, company, heir), Actor.system("test")).pk)
    heir.email = ""
    owner.is_active = False

    sent = [
        mail_about(handover, person, server=MailServer("127.0.0.1", mailbox.port)) for person in (heir, owner)
    ]

    assert (sent, mailbox.mails) == ([False, False], [])


def test_a_refused_mail_is_given_up_and_a_server_that_is_away_is_tried_again(
    company: OrgUnit, mailbox: Mailbox
) -> None:
    owner, heir = make_worker(company), make_worker(company)
    make_book(owner, company, customers=1)
    handover = find_handover(hand_over(make_rule(owner, company, heir), Actor.system("test")).pk)
    mailbox.answer_to_recipient[heir.email] = "550 no such user"
    mailbox.answer_to_recipient[owner.email] = "451 later"

    refused = mail_about(handover, heir, server=MailServer("127.0.0.1", mailbox.port))

    assert not refused
    with pytest.raises(TemporaryFailure):
        mail_about(handover, owner, server=MailServer("127.0.0.1", mailbox.port))

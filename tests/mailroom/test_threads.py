"""Which case a mail goes on with, and what a second copy of it is."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.accounts.models import Notification
from hearth.cases.models import Case
from hearth.channels.models import Interaction, Message
from hearth.lib.mail import read_mail
from hearth.mailroom.models import InboundMail
from hearth.mailroom.services import attach_mail
from hearth.mailroom.threads import thread_of
from hearth.organization.models import OrgUnit
from tests.mailroom.builders import NOW, SYSTEM, make_mailbox, make_writer, taken
from tests.mailroom.letters import bounce_of, write_mail
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db


def test_a_program_that_names_its_mails_by_random_keys_keeps_its_thread(company: OrgUnit) -> None:
    box, name = make_mailbox(company, sends_receipts=False), f"<{uuid4()}@example.com>"
    make_writer(company)
    first = taken(box, write_mail(message_id=name))

    reply = taken(box, write_mail("再问一下", subject="另外", message_id="<2@x>", In_Reply_To=name))

    assert (reply.state, reply.case) == ("taken", first.case)


def test_a_key_of_a_message_of_ours_at_another_domain_is_no_name_of_ours(company: OrgUnit) -> None:
    box = make_mailbox(company)
    make_writer(company)
    taken(box, write_mail())
    message = Message.objects.get()

    stray = taken(
        box, write_mail(sender="x@y.example", message_id="<2@x>", References=f"<{message.pk}@y.example>")
    )
    bounce = taken(box, bounce_of(f"{message.pk}@y.example"))

    assert (stray.state, stray.case, bounce.about_message) == ("waiting", None, None)


def test_a_mail_that_names_many_mails_costs_no_more_than_one_that_names_one(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    box = make_mailbox(company, sends_receipts=False)
    make_writer(company)
    for number in range(3):
        taken(box, write_mail(message_id=f"<{number}@x>"))
    # None of the cases is found at the place any more, so that each of the names is looked at.
    Case.objects.update(org_unit=neighbour)

    def count(*names: str) -> int:
        mail = read_mail(write_mail(subject="x", References=" ".join(names)))
        with CaptureQueriesContext(connection) as queries:
            assert thread_of(box, mail) is None
        return len(queries)

    assert count("<0@x>", "<1@x>", "<2@x>") == count("<0@x>") == 2


def test_a_mail_to_a_closed_case_is_noted_once_when_it_is_decided_on(company: OrgUnit) -> None:
    box, colleague = make_mailbox(company, sends_receipts=False), make_member(company, "cases.view")
    customer = make_writer(company)
    taken(box, write_mail())
    Case.objects.update(state="closed", closed_at=NOW, assignee=colleague)

    row = taken(box, write_mail("又漏了", message_id="<2@x>", In_Reply_To="<one@example.com>"))
    before = Interaction.objects.count()
    attach_mail(row, Case.objects.select_related("org_unit").get(), actor=SYSTEM, now=NOW)

    assert (row.state, row.reason, row.customer) == ("waiting", "closed_case", customer)
    assert (before, Interaction.objects.count()) == (1, 2)
    assert Notification.objects.filter(user=colleague, kind="mailroom.wrote_again").exists()


def test_the_same_mail_to_two_mailboxes_of_a_place_is_one_case_with_one_receipt(company: OrgUnit) -> None:
    one, two = make_mailbox(company), make_mailbox(company, address="repairs@example.org")
    make_writer(company)

    first = taken(one, write_mail())
    copy = taken(two, b"Received: by another way\r\n" + write_mail())

    assert (copy.state, copy.reason, copy.case) == ("noted", "copy", first.case)
    assert (Case.objects.count(), Message.objects.count(), Interaction.objects.count()) == (1, 1, 1)
    assert list(InboundMail.objects.in_conversation()) == [first]


def test_a_mail_to_mailboxes_of_two_companies_is_a_case_of_each(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_writer(company)
    make_writer(neighbour)

    rows = [taken(make_mailbox(place), write_mail()) for place in (company, neighbour)]

    assert [(row.state, row.org_unit) for row in rows] == [("taken", company), ("taken", neighbour)]


@pytest.mark.parametrize("sender", ["repairs@example.org", settings.DEFAULT_FROM_EMAIL])
def test_mails_of_any_mailbox_and_of_our_mail_server_are_our_own(company: OrgUnit, sender: str) -> None:
    box = make_mailbox(company)
    make_mailbox(company, address="Repairs@example.org")

    row = taken(box, write_mail(sender=sender))

    assert row.state == "noted"


def test_without_an_address_of_our_own_mails_of_people_are_not_ours(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DEFAULT_FROM_EMAIL", "")

    row = taken(make_mailbox(company), write_mail())

    assert row.kind == "person"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("漏水", "Re: 漏水 [#{}]"),
        ("Re: 漏水", "Re: 漏水 [#{}]"),
        ("回复：漏水", "回复：漏水 [#{}]"),
        ("", "Re: [#{}]"),
    ],
)
def test_receipts_begin_as_answers_do(company: OrgUnit, subject: str, expected: str) -> None:
    make_writer(company)

    taken(make_mailbox(company), write_mail(subject=subject), now=NOW + timedelta(hours=1))

    assert Message.objects.get().subject == expected.format(Case.objects.get().number)

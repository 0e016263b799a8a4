"""The pages of mail: what people decide, and how the customer is answered."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.cases.models import Case
from hearth.cases.services import AnswerMissing, CaseIsClosed
from hearth.channels.gateways.mail import MailServer
from hearth.channels.models import Message
from hearth.channels.services.sending import send_messages
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.mailroom.models import InboundMail, MailAttachment, Mailbox
from hearth.mailroom.services import (
    CaseElsewhere,
    DecidedAlready,
    MayNotWrite,
    NobodyToWriteTo,
    NothingToAnswer,
    answer_by_mail,
    attach_mail,
    dismiss_mail,
    make_case_of_mail,
)
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.privacy.services import sync_purposes
from hearth.vigilance.models import Read
from tests.cases.builders import make_case
from tests.channels.mailbox import open_mailbox
from tests.core.test_uploads import picture
from tests.customers.builders import make_customer
from tests.mailroom.builders import NOW, SYSTEM, make_mail, make_mailbox, make_writer, taken
from tests.mailroom.letters import SENDER, with_files, write_mail
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
RIGHTS = ("mailroom.handle", "cases.view", "cases.change", "customers.view")


@pytest.fixture(autouse=True)
def _purposes(db: None) -> None:
    sync_purposes()


def colleague(place: OrgUnit, *rights: str) -> tuple[Client, Actor]:
    """Sign somebody in who handles mail at a place."""
    person = make_member(place, *(rights or RIGHTS))
    return sign_in(Client(), person), actor_for(person, today=timezone.localdate())


def opened(place: OrgUnit, **values: object) -> InboundMail:
    """Take a mail that opened a case."""
    make_writer(place)
    return taken(make_mailbox(place, sends_receipts=False, **values), write_mail())


def test_a_mail_that_waits_becomes_a_case_of_the_customer_a_person_names(company: OrgUnit) -> None:
    client, _actor = colleague(company)
    mail, customer = make_mail(company), make_customer(company, name="王建国")

    shown = client.get(reverse("mailroom:mail", args=[mail.pk]))
    answer = client.post(
        reverse("mailroom:make_case", args=[mail.pk]), {"kind": "complaint", "customer": "王建国"}
    )

    case = Case.objects.get()
    assert mail.text in shown.content.decode()
    assert answer["Location"] == reverse("cases:case", args=[case.pk])
    assert (case.kind, case.customer, case.opened_at) == ("complaint", customer, mail.received_at)
    mail.refresh_from_db()
    assert (mail.state, mail.case, mail.customer) == ("taken", case, customer)


def test_a_kind_is_proposed_for_what_was_held_back_too(company: OrgUnit) -> None:
    client, _actor = colleague(company)
    mail = taken(make_mailbox(company), write_mail(), now=NOW - timedelta(hours=1))

    shown = client.get(reverse("mailroom:mail", args=[mail.pk]))

    assert mail.reason == "older"
    assert shown.context["case_form"].initial["kind"] == "repair"


def test_a_customer_who_is_not_found_is_said_beside_the_field(company: OrgUnit) -> None:
    client, _actor = colleague(company)
    mail = make_mail(company)

    answer = client.post(
        reverse("mailroom:make_case", args=[mail.pk]), {"kind": "repair", "customer": "没有这个人"}
    )

    assert answer.status_code == 422
    assert "customer" in answer.context["case_form"].errors
    assert not Case.objects.exists()


def test_a_mail_is_put_to_a_case_by_its_number(company: OrgUnit, neighbour: OrgUnit) -> None:
    client, _actor = colleague(company)
    mail, case, elsewhere = make_mail(company), make_case(company), make_case(neighbour)
    address = reverse("mailroom:attach", args=[mail.pk])

    refused = [
        client.post(address, {"number": number}) for number in (f"#{elsewhere.number}", "x", "9999999999999")
    ]
    client.post(address, {"number": f"#{case.number}"})

    assert [answer.status_code for answer in refused] == [422, 422, 422]
    mail.refresh_from_db()
    assert (mail.state, mail.case) == ("taken", case)


def test_what_is_no_concern_is_put_aside_with_a_reason_and_can_still_become_a_case(company: OrgUnit) -> None:
    client, actor = colleague(company)
    mail = make_mail(company)
    address = reverse("mailroom:dismiss", args=[mail.pk])

    without = client.post(address, {"reason": " "})
    client.post(address, {"reason": "广告"})

    mail.refresh_from_db()
    assert without.status_code == 422
    assert (mail.state, mail.dismissal, mail.handled_by_id) == ("dismissed", "广告", actor.user_id)
    make_case_of_mail(mail, actor=actor, kind="enquiry", customer=None, now=NOW)
    assert Case.objects.get().customer is None


def test_all_that_is_held_back_from_a_sender_is_put_aside_at_once(company: OrgUnit) -> None:
    client, _actor = colleague(company)
    mail = make_mail(company)
    more = taken(mail.mailbox, write_mail("又一封", message_id="<more@x>"))
    InboundMail.objects.update(state="held", reason="flood")

    client.post(reverse("mailroom:dismiss", args=[more.pk]), {"reason": "广告", "is_for_all": "on"})

    assert {row.state for row in InboundMail.objects.all()} == {"dismissed"}


def test_a_mail_with_its_case_is_not_decided_on_again(company: OrgUnit) -> None:
    mail = opened(company)

    with pytest.raises(DecidedAlready):
        make_case_of_mail(mail, actor=SYSTEM, kind="repair", customer=None, now=NOW)
    with pytest.raises(DecidedAlready):
        attach_mail(mail, make_case(company), actor=SYSTEM, now=NOW)
    with pytest.raises(DecidedAlready):
        dismiss_mail(mail, actor=SYSTEM, reason="x", now=NOW)


def test_a_case_of_a_place_that_the_mailbox_does_not_serve_takes_no_mail(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    with pytest.raises(CaseElsewhere):
        attach_mail(make_mail(company), make_case(neighbour), actor=SYSTEM, now=NOW)


def test_who_may_not_handle_mail_or_change_cases_does_nothing_with_it(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    mail, case = make_mail(company), make_case(company)
    strangers = [colleague(neighbour)[1], colleague(company, "cases.change", "cases.view")[1]]

    for actor in strangers:
        with pytest.raises(NotAllowed):
            make_case_of_mail(mail, actor=actor, kind="repair", customer=None, now=NOW)
        with pytest.raises(NotAllowed):
            attach_mail(mail, case, actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            answer_by_mail(case, actor=actor, reply="x", to=mail.pk, key=uuid4(), now=NOW)
    with pytest.raises(NotAllowed):
        attach_mail(mail, case, actor=colleague(company, "mailroom.handle")[1], now=NOW)


def test_the_page_of_the_case_shows_the_conversation_and_asks_for_the_kind(company: OrgUnit) -> None:
    client, _actor = colleague(company)
    case = opened(company).case
    assert case is not None
    address = reverse("mailroom:of_case", args=[case.pk])

    before = client.get(address)
    client.post(reverse("mailroom:kind", args=[case.pk]), {"kind": "complaint"})
    after = client.get(address)

    case.refresh_from_db()
    assert (before.context["is_proposed"], after.context["is_proposed"]) == (True, False)
    assert case.kind == "complaint"
    assert "卫生间漏水" in before.content.decode()


def test_the_answer_is_sent_once_in_the_thread_of_the_customer(company: OrgUnit) -> None:
    client, _actor = colleague(company)
    mail = opened(company)
    case, key = mail.case, str(uuid4())
    assert case is not None
    address = reverse("mailroom:answer", args=[case.pk])
    said = {"reply": "明天上午九点师傅上门。", "key": key, "to": mail.pk}

    client.post(address, said)
    client.post(address, said)
    with open_mailbox() as box:
        ids = list(Message.objects.values_list("pk", flat=True))
        for _time in range(2):
            send_messages(ids, server=MailServer("127.0.0.1", box.port), clock=timezone.now)

    (sent,) = box.mails
    case.refresh_from_db()
    assert (case.state, case.reply) == ("answered", "明天上午九点师傅上门。")
    assert (sent["To"], sent["In-Reply-To"], sent["References"]) == (
        SENDER,
        "<one@example.com>",
        "<one@example.com>",
    )
    assert (sent["Reply-To"], sent["Auto-Submitted"]) == ("service@example.org", None)
    assert f"[#{case.number}]" in sent["Subject"]
    back = taken(mail.mailbox, write_mail("好的", message_id="<b@x>", In_Reply_To=str(sent["Message-ID"])))
    assert back.case == case


def test_a_stranger_whose_mail_was_put_aside_is_neither_shown_nor_answered(company: OrgUnit) -> None:
    client, _actor = colleague(company)
    mail = opened(company)
    case = mail.case
    assert case is not None
    raw = write_mail("我是邻居", subject=f"[#{case.number}]", sender="x@example.com", message_id="<x@x>")
    stranger = taken(mail.mailbox, raw, now=NOW + timedelta(minutes=5))
    dismiss_mail(stranger, actor=SYSTEM, reason="不是客户", now=NOW)

    shown = client.get(reverse("mailroom:of_case", args=[case.pk])).content.decode()
    answer_by_mail(case, actor=SYSTEM, reply="好的", to=mail.pk, key=uuid4(), now=NOW)

    assert "我是邻居" not in shown
    assert Message.objects.get().recipient == SENDER


def test_the_receipt_says_to_machines_that_a_machine_wrote_it(company: OrgUnit) -> None:
    make_writer(company)
    taken(make_mailbox(company), write_mail())

    with open_mailbox() as box:
        ids = list(Message.objects.values_list("pk", flat=True))
        send_messages(ids, server=MailServer("127.0.0.1", box.port), clock=timezone.now)

    (sent,) = box.mails
    assert (sent["Auto-Submitted"], sent["X-Loop"]) == ("auto-replied", "service@example.org")
    # It comes back to us, as it would from a mailbox that forwards: nothing is opened and nothing sent.
    loop = taken(Mailbox.objects.get(), sent.as_bytes())
    assert loop.state == "noted"
    assert Message.objects.count() == 1


def test_an_answer_needs_words_a_mail_a_customer_and_leave_to_write(company: OrgUnit) -> None:
    mail = opened(company)
    case, nobody = mail.case, make_case(company)
    assert case is not None

    def answer(row: Case, reply: str = "好的") -> None:
        answer_by_mail(row, actor=SYSTEM, reply=reply, to=mail.pk, key=uuid4(), now=NOW)

    with pytest.raises(NothingToAnswer):
        answer(nobody)
    with pytest.raises(AnswerMissing):
        answer(case, " ")
    InboundMail.objects.update(case=nobody)
    with pytest.raises(NobodyToWriteTo):
        answer(nobody)
    InboundMail.objects.update(case=case)
    assert case.customer is not None
    case.customer.restricted_at = NOW
    case.customer.save(update_fields=["restricted_at"])
    with pytest.raises(MayNotWrite):
        answer(case)
    case.customer.restricted_at = None
    case.customer.save(update_fields=["restricted_at"])
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=NOW)
    with pytest.raises(CaseIsClosed):
        answer(case)
    assert not Message.objects.exists()


def test_the_raw_mail_and_files_are_saved_and_never_shown(company: OrgUnit) -> None:
    client, _actor = colleague(company)
    mail = make_mail(company)

    answer = client.get(reverse("mailroom:raw", args=[mail.pk]))

    answer.close()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


def test_a_file_of_a_mail_is_a_noted_read_of_its_customer(company: OrgUnit) -> None:
    client, _actor = colleague(company)
    make_writer(company)
    mail = taken(make_mailbox(company), with_files(("photo.png", picture("PNG"))))

    answer = client.get(reverse("mailroom:file", args=[MailAttachment.objects.get().pk]))

    read = Read.objects.get()
    answer.close()
    assert (read.kind, read.record_id) == ("customer", mail.customer_id)


def test_words_of_a_mail_are_never_a_page(company: OrgUnit) -> None:
    client, _actor = colleague(company)
    mail = make_mail(company, text="<img src=x onerror=alert(1)>", subject="<script>alert(1)</script>")

    shown = client.get(reverse("mailroom:mail", args=[mail.pk])).content.decode()

    assert "<img src=x" not in shown
    assert "<script>alert" not in shown


def test_the_list_costs_the_same_for_one_mail_and_for_three(company: OrgUnit) -> None:
    client, _actor = colleague(company)
    box = make_mail(company).mailbox
    one = count_queries(client, reverse("mailroom:mails"))
    for number in range(2):
        taken(box, write_mail(f"第 {number}", message_id=f"<{number}@y>"))

    assert count_queries(client, reverse("mailroom:mails")) == one


def test_a_mailbox_is_saved_only_when_it_can_be_opened(company: OrgUnit) -> None:
    client, _actor = colleague(company, "mailroom.manage")
    asked = {
        "name": "客服",
        "org_unit": company.pk,
        "address": "Service@Example.org",
        "host": "no-such-host.invalid",
        "port": 993,
        "security": "tls",
        "user_name": "service",
        "password": "geheim",
        "folder": "INBOX",
        "is_active": "on",
    }

    refused = client.post(reverse("mailroom:new_mailbox"), asked)

    assert refused.status_code == 422
    assert not Mailbox.objects.exists()
    assert "geheim" not in refused.content.decode()


def test_the_key_for_the_first_button_saves_and_does_not_only_try(company: OrgUnit) -> None:
    client, _actor = colleague(company, "mailroom.manage")

    page = client.get(reverse("mailroom:new_mailbox")).content.decode()

    form = page[page.index('<form class="card') :]
    assert 'name="try"' in form
    assert form.index("<button") < form.index('name="try"')
    assert 'name="try"' not in form[form.index("<button") : form.index("</button>")]


def test_a_password_is_never_sent_to_another_server_than_it_was_given_for(company: OrgUnit) -> None:
    client, _actor = colleague(company, "mailroom.manage")
    box = make_mailbox(company)
    asked = {
        "name": box.name,
        "address": box.address,
        "host": "elsewhere.example.org",
        "port": 993,
        "security": "tls",
        "user_name": box.user_name,
        "folder": "INBOX",
    }

    refused = client.post(reverse("mailroom:mailbox", args=[box.pk]), asked)

    assert "password" in refused.context["form"].errors
    box.refresh_from_db()
    assert box.host == "imap.example.org"
    assert b"secret" not in bytes(box.password_sealed)

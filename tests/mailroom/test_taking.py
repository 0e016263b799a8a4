"""What becomes of mail that comes in."""

from datetime import timedelta
from uuid import UUID

import pytest

from hearth.accounts.models import Notification
from hearth.cases.models import Case
from hearth.channels.models import Interaction, Message
from hearth.core.models import EventRecord
from hearth.mailroom.models import InboundMail, MailAttachment
from hearth.mailroom.services import FLOOD_MAILS, attach_mail
from hearth.organization.models import OrgUnit
from tests.cases.builders import make_case
from tests.core.test_uploads import picture
from tests.customers.builders import make_customer
from tests.mailroom.builders import NOW, SYSTEM, make_mailbox, make_writer, name_of, take, taken
from tests.mailroom.letters import SENDER, bounce_of, with_files, write_mail
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("S124")
def test_the_mail_of_a_customer_becomes_a_case_from_the_moment_it_came(company: OrgUnit) -> None:
    customer, mailbox = make_writer(company), make_mailbox(company)

    row = taken(mailbox, write_mail())

    case = Case.objects.get()
    assert (case.customer, case.channel, case.kind, case.org_unit) == (customer, "email", "repair", company)
    assert (case.title, case.body, case.opened_at) == (row.subject, row.text, row.received_at)
    assert (row.state, row.case, row.has_opened_case) == ("taken", case, True)
    assert case.clocks.exists()
    said = Interaction.objects.get()
    assert (said.customer, said.direction, said.body) == (customer, "inbound", row.text)


def test_its_receipt_is_written_once_names_the_case_and_is_marked_as_automatic(company: OrgUnit) -> None:
    mailbox = make_mailbox(company)
    make_writer(company)

    row = taken(mailbox, write_mail())
    taken(mailbox, write_mail("还有一点", message_id="<two@example.com>", In_Reply_To="<one@example.com>"))

    case = Case.objects.get()
    receipt = Message.objects.get()
    assert f"#{case.number}" in receipt.subject
    assert (receipt.recipient, receipt.thread, receipt.reply_address) == (
        SENDER,
        row.message_id,
        mailbox.address,
    )
    assert receipt.is_automatic


def test_a_mailbox_may_leave_receipts_out_and_a_sender_may_ask_for_none(company: OrgUnit) -> None:
    make_writer(company)

    taken(make_mailbox(company, sends_receipts=False), write_mail())
    taken(make_mailbox(company), write_mail(message_id="<2@x>", X_Auto_Response_Suppress="All"))

    assert Case.objects.count() == 2
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"sender": "service@example.org"},
        {"sender": "MAILER-DAEMON@example.com"},
    ],
)
def test_what_machines_write_opens_no_case_and_is_never_answered(
    company: OrgUnit, headers: dict[str, str]
) -> None:
    make_writer(company)

    row = taken(make_mailbox(company), write_mail(**headers))

    assert row.state == "noted"
    assert not Case.objects.exists()
    assert not Message.objects.exists()


def test_a_mail_of_somebody_unknown_waits_for_a_person_and_is_not_answered(company: OrgUnit) -> None:
    row = taken(make_mailbox(company), write_mail())

    assert (row.state, row.reason, row.proposed_kind) == ("waiting", "unknown_sender", "repair")
    assert row.sender == SENDER
    assert not Case.objects.exists()
    assert not Message.objects.exists()


def test_customers_of_the_neighbour_are_unknown_here(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_writer(neighbour)

    row = taken(make_mailbox(company), write_mail())

    assert (row.state, row.customer) == ("waiting", None)


def test_an_address_of_two_customers_is_left_to_a_person(company: OrgUnit) -> None:
    make_writer(company)
    make_writer(company, name="李梅")

    row = taken(make_mailbox(company), write_mail())

    assert (row.state, row.reason) == ("waiting", "several_customers")


def test_a_reply_goes_on_in_its_case_and_tells_who_is_in_charge(company: OrgUnit) -> None:
    mailbox, colleague = make_mailbox(company), make_member(company, "cases.view")
    make_writer(company)
    first = taken(mailbox, write_mail())
    Case.objects.update(assignee=colleague)

    reply = taken(
        mailbox,
        write_mail("昨天没人来。", message_id="<2@example.com>", In_Reply_To="<one@example.com>"),
    )

    assert (reply.state, reply.case, reply.has_opened_case) == ("taken", first.case, False)
    assert Case.objects.count() == 1
    assert Notification.objects.get(user=colleague).kind == "mailroom.wrote_again"


def test_a_reply_to_a_message_of_ours_finds_its_case_by_the_message_id(company: OrgUnit) -> None:
    mailbox = make_mailbox(company)
    make_writer(company)
    first = taken(mailbox, write_mail())
    receipt = Message.objects.get()

    # From another address, with nothing but the name of our mail.
    raw = write_mail(
        "是我太太写的", sender="li@example.com", message_id="<9@x>", References=f"<{name_of(receipt)}>"
    )
    reply = taken(mailbox, raw)

    assert (reply.state, reply.case) == ("taken", first.case)


def test_a_number_in_the_subject_leads_to_the_case_of_the_same_sender_only(company: OrgUnit) -> None:
    mailbox = make_mailbox(company)
    case = make_case(company, customer=make_writer(company))
    subject = f"再问 [#{case.number}]"

    own = taken(mailbox, write_mail(subject=subject))
    other = taken(mailbox, write_mail(subject=subject, sender="x@example.com", message_id="<2@x>"))

    assert (own.state, own.case) == ("taken", case)
    assert (other.state, other.reason, other.case) == ("waiting", "other_sender", case)


def test_a_case_of_the_neighbour_is_not_reached_by_its_number(company: OrgUnit, neighbour: OrgUnit) -> None:
    case = make_case(neighbour, customer=make_writer(neighbour))

    row = taken(make_mailbox(company), write_mail(subject=f"[#{case.number}]"))

    assert (row.state, row.case) == ("waiting", None)


def test_a_reply_to_a_closed_case_waits_for_a_person(company: OrgUnit) -> None:
    mailbox = make_mailbox(company)
    make_writer(company)
    taken(mailbox, write_mail())
    Case.objects.update(state="closed", closed_at=NOW)

    row = taken(mailbox, write_mail("又漏了", message_id="<2@x>", In_Reply_To="<one@example.com>"))

    assert (row.state, row.reason, row.case) == ("waiting", "closed_case", Case.objects.get())


def test_a_mail_is_taken_once_by_its_number_and_by_its_words(company: OrgUnit) -> None:
    mailbox = make_mailbox(company)

    assert take(mailbox, write_mail(), uid=5) is not None
    assert take(mailbox, write_mail(), uid=5) is None
    # The server renumbered its folder: all comes again.
    assert take(mailbox, b"Received: by another way\r\n" + write_mail(), uid=1, validity=2) is None
    assert take(mailbox, write_mail(message_id="<new@x>"), uid=2, validity=2) is not None

    assert InboundMail.objects.count() == 2
    mailbox.refresh_from_db()
    assert (mailbox.uid_validity, mailbox.last_uid) == (2, 2)


def test_a_bounce_is_noted_at_the_message_it_speaks_of(company: OrgUnit) -> None:
    mailbox = make_mailbox(company)
    make_writer(company)
    taken(mailbox, write_mail())
    message = Message.objects.get()
    Message.objects.update(state="sent", sent_at=NOW)

    late = taken(mailbox, bounce_of(name_of(message), action="delayed"))
    Message.objects.get(state="sent")
    failed = taken(mailbox, bounce_of(name_of(message)))

    message.refresh_from_db()
    assert (late.about_message, failed.about_message) == (message, message)
    assert (failed.state, failed.server_said, failed.case) == ("noted", "failed 5.1.1", Case.objects.get())
    assert (message.state, message.state_reason) == ("failed", "bounced 5.1.1")
    assert EventRecord.objects.filter(type="channels.message_not_sent").count() == 1


def test_a_bounce_that_names_another_recipient_or_no_message_changes_nothing(company: OrgUnit) -> None:
    mailbox = make_mailbox(company)
    make_writer(company)
    taken(mailbox, write_mail())
    message = Message.objects.get()
    Message.objects.update(state="sent")

    taken(mailbox, bounce_of(name_of(message), recipient="other@example.com"))
    taken(mailbox, bounce_of(name_of(Message(id=UUID(int=0)))))

    assert Message.objects.get().state == "sent"


def test_too_many_mails_of_one_sender_are_held_back_told_once_and_lost_never(company: OrgUnit) -> None:
    mailbox = make_mailbox(company)
    colleague = make_member(company, "mailroom.handle")
    make_writer(company)

    for number in range(FLOOD_MAILS + 3):
        taken(mailbox, write_mail(f"广告 {number}", message_id=f"<{number}@x>"))
    later = taken(mailbox, write_mail(message_id="<later@x>"), now=NOW + timedelta(hours=2))

    held = InboundMail.objects.filter(state="held")
    assert held.count() == 3
    assert {row.reason for row in held} == {"flood"}
    assert all(row.raw for row in held)
    assert Case.objects.count() == FLOOD_MAILS + 1
    assert later.state == "taken"
    assert Notification.objects.filter(user=colleague, kind="mailroom.flooded").count() == 1


def test_files_are_kept_as_they_may_be_and_the_others_are_named(company: OrgUnit) -> None:
    raw = with_files(("照片.png", picture("PNG")), ("a.exe", b"MZ" * 100), ("b.pdf.scr", b"x"))

    row = taken(make_mailbox(company), raw)

    files = list(MailAttachment.objects.filter(mail=row).order_by("id"))
    assert [(file.name, bool(file.stored), file.refusal) for file in files] == [
        ("照片.png", True, ""),
        ("a.exe", False, "file_not_taken"),
        ("b.pdf.scr", False, "file_not_taken"),
    ]
    assert all(file.stored or file.refusal_label for file in files)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00" * 200, b"\xff" * 500, write_mail(sender="nobody"), write_mail("", subject="")],
    ids=["empty", "zeros", "bytes", "no sender", "no words"],
)
def test_broken_mail_is_kept_for_a_person_and_stops_nothing(company: OrgUnit, raw: bytes) -> None:
    mailbox = make_mailbox(company)

    row = taken(mailbox, raw)
    after = taken(mailbox, write_mail(message_id="<after@x>"))

    assert row.state == "waiting"
    assert row.reason
    assert row.raw is not None
    assert after.subject == "报修：卫生间渗漏"


def test_mail_that_cannot_be_read_or_is_too_large_is_kept_with_the_reason(company: OrgUnit) -> None:
    mailbox = make_mailbox(company)
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2_000))

    unread = taken(mailbox, nested.encode())
    large = taken(mailbox, write_mail(), size=40_000_000, is_whole=False)

    assert (unread.state, unread.reason) == ("waiting", "not_read")
    assert (large.state, large.reason, large.subject) == ("waiting", "too_large", "报修：卫生间渗漏")


def test_nothing_is_kept_of_a_mail_when_what_follows_from_it_fails(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = make_mailbox(company)
    make_writer(company)

    with monkeypatch.context() as patch:
        patch.setattr("hearth.mailroom.services.taking.lead_on", _killed)
        with pytest.raises(KeyboardInterrupt):
            take(mailbox, write_mail(), uid=1)
    before = (InboundMail.objects.count(), Case.objects.count())
    row = taken(mailbox, write_mail(), uid=1)

    assert before == (0, 0)
    assert (row.state, Case.objects.count(), Message.objects.count()) == ("taken", 1, 1)


def _killed(*_args: object, **_kwargs: object) -> None:
    raise KeyboardInterrupt


def test_a_record_that_was_merged_into_another_is_not_met(company: OrgUnit) -> None:
    gone = make_writer(company)
    gone.merged_into = make_customer(company)
    gone.save(update_fields=["merged_into"])

    row = taken(make_mailbox(company), write_mail())

    assert (row.state, row.customer) == ("waiting", None)


def test_a_stranger_who_names_a_case_again_and_again_stays_a_stranger(company: OrgUnit) -> None:
    mailbox = make_mailbox(company)
    case = make_case(company, customer=make_writer(company))
    subject = f"再问 [#{case.number}]"

    taken(mailbox, write_mail(subject=subject, sender="x@example.com", message_id="<1@x>"))
    again = taken(mailbox, write_mail(subject=subject, sender="x@example.com", message_id="<2@x>"))
    answered = taken(
        mailbox, write_mail(sender="x@example.com", message_id="<3@x>", In_Reply_To="<1@x>", subject="再问")
    )

    assert (again.state, again.reason) == ("waiting", "other_sender")
    assert (answered.state, answered.reason, answered.case) == ("waiting", "unknown_sender", None)


def test_mails_that_do_not_say_from_whom_they_are_are_not_of_one_person(company: OrgUnit) -> None:
    mailbox, case = make_mailbox(company), make_case(company)
    first = taken(mailbox, write_mail(sender="nobody", message_id="<1@x>"))
    attach_mail(first, case, actor=SYSTEM, now=NOW)

    other = taken(mailbox, write_mail(subject=f"[#{case.number}]", sender="nobody", message_id="<2@x>"))

    assert (other.state, other.reason) == ("waiting", "other_sender")


def test_a_bounce_is_seen_where_the_message_it_speaks_of_is_seen(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    make_writer(neighbour)
    taken(make_mailbox(neighbour), write_mail())
    message = Message.objects.get()

    row = taken(make_mailbox(company), bounce_of(name_of(message)))

    assert (row.about_message, row.org_unit, row.customer) == (message, neighbour, message.customer)

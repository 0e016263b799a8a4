"""To whom an answer goes, and that whoever writes it sees so."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from hearth.cases.models import Case
from hearth.channels.models import Message
from hearth.customers.models import ContactPoint
from hearth.mailroom.models import InboundMail
from hearth.mailroom.selectors import conversation
from hearth.mailroom.services import AnotherRecipient, answer_by_mail
from hearth.organization.models import OrgUnit
from hearth.privacy.services import sync_purposes
from tests.mailroom.builders import NOW, SYSTEM, make_mailbox, make_writer, taken
from tests.mailroom.letters import SENDER, write_mail
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
RIGHTS = ("mailroom.handle", "cases.view", "cases.change", "customers.view")
NEIGHBOUR = "neighbour@example.com"


@pytest.fixture(autouse=True)
def _purposes(db: None) -> None:
    sync_purposes()


def opened(place: OrgUnit) -> tuple[InboundMail, Case]:
    """Take a mail that opened a case."""
    make_writer(place)
    mail = taken(make_mailbox(place, sends_receipts=False), write_mail())
    assert mail.case is not None
    return mail, mail.case


def from_the_neighbour(mail: InboundMail, *, minutes: int = 5) -> InboundMail:
    """Take the reply of somebody to whom the customer forwarded the mails."""
    raw = write_mail(
        "我也一样",
        sender=f"邻居 <{NEIGHBOUR}>",
        message_id=f"<{minutes}@y>",
        In_Reply_To=f"<{mail.message_id}>",
    )
    return taken(mail.mailbox, raw, now=NOW + timedelta(minutes=minutes))


def test_the_answer_goes_to_the_customer_whoever_wrote_last(company: OrgUnit) -> None:
    mail, case = opened(company)
    last = from_the_neighbour(mail)

    answer_by_mail(case, actor=SYSTEM, reply="好的", to=mail.pk, key=uuid4(), now=NOW)

    assert last.case == case
    assert (Message.objects.get().recipient, Message.objects.get().thread) == (SENDER, mail.message_id)


@pytest.mark.parametrize("change", [{"is_valid": False}, {"is_blocked": True}])
def test_an_address_that_is_not_to_be_used_is_none_of_the_customer(
    company: OrgUnit, change: dict[str, bool]
) -> None:
    client = sign_in(Client(), make_member(company, *RIGHTS))
    mail, case = opened(company)
    from_the_neighbour(mail)
    ContactPoint.objects.update(**change)

    shown = client.get(reverse("mailroom:of_case", args=[case.pk])).context["addressee"]

    assert (shown.name, shown.is_customer) == ("邻居", False)


def test_the_page_says_to_whom_the_answer_goes_masked_as_elsewhere(company: OrgUnit) -> None:
    masked = sign_in(Client(), make_member(company, *RIGHTS))
    in_full = sign_in(Client(), make_member(company, *RIGHTS, "customers.view_contact"))
    _mail, case = opened(company)
    address = reverse("mailroom:of_case", args=[case.pk])

    pages = [client.get(address).content.decode() for client in (masked, in_full)]

    assert ["w***@example.com" in page for page in pages] == [True, False]
    assert [SENDER in page for page in pages] == [False, True]
    assert not any("alert-warning" in page for page in pages)


def test_the_page_warns_where_the_answer_goes_to_an_address_nobody_has_on_record(company: OrgUnit) -> None:
    client = sign_in(Client(), make_member(company, *RIGHTS))
    mail, case = opened(company)
    from_the_neighbour(mail)
    ContactPoint.objects.all().delete()

    page = client.get(reverse("mailroom:of_case", args=[case.pk])).content.decode()

    assert "n***@example.com" in page
    assert "alert-warning" in page


def test_an_answer_is_refused_when_somebody_else_wrote_meanwhile_and_the_page_says_who(
    company: OrgUnit,
) -> None:
    client = sign_in(Client(), make_member(company, *RIGHTS))
    mail, case = opened(company)
    ContactPoint.objects.all().delete()
    last = from_the_neighbour(mail)
    address, said = reverse("mailroom:answer", args=[case.pk]), {"reply": "好的", "key": str(uuid4())}

    with pytest.raises(AnotherRecipient):
        answer_by_mail(case, actor=SYSTEM, reply="好的", to=uuid4(), key=uuid4(), now=NOW)
    refused = client.post(address, {**said, "to": mail.pk})
    sent_before = Message.objects.count()
    client.post(address, {**said, "to": last.pk})

    assert (refused.status_code, sent_before) == (422, 0)
    assert f'value="{last.pk}"' in refused.content.decode()
    assert Message.objects.get().recipient == NEIGHBOUR


def test_another_mail_of_the_same_writer_changes_nothing(company: OrgUnit) -> None:
    mail, case = opened(company)
    raw = write_mail("还有", message_id="<2@x>", In_Reply_To=f"<{mail.message_id}>")
    taken(mail.mailbox, raw, now=NOW + timedelta(minutes=1))

    answer_by_mail(case, actor=SYSTEM, reply="好的", to=mail.pk, key=uuid4(), now=NOW)

    assert Message.objects.get().thread.split()[0] == "2@x"


def test_of_a_long_conversation_the_latest_is_shown(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail, case = opened(company)
    for minutes in (1, 2):
        from_the_neighbour(mail, minutes=minutes)
    for number in range(3):
        answer_by_mail(case, actor=SYSTEM, reply=f"第 {number} 次", to=mail.pk, key=uuid4(), now=NOW)
    monkeypatch.setattr("hearth.mailroom.selectors.MOST_SAID", 2)

    said = conversation(case)

    assert [word.mail.message_id for word in said if word.mail] == ["1@y", "2@y"]
    assert [word.text for word in said if word.is_ours] == ["第 1 次", "第 2 次"]


def test_the_conversation_costs_the_same_for_one_mail_and_for_three(company: OrgUnit) -> None:
    client = sign_in(Client(), make_member(company, *RIGHTS))
    mail, case = opened(company)
    address = reverse("mailroom:of_case", args=[case.pk])
    one = count_queries(client, address)
    for minutes in (1, 2):
        from_the_neighbour(mail, minutes=minutes)

    assert count_queries(client, address) == one

"""The letter to the persons whom an incident touched: two persons, each addressed once, and a public page."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.channels.gateways.mail import MailServer
from hearth.channels.models import Message
from hearth.channels.services.sending import send_messages
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.services.merging import merge_customers
from hearth.organization.models import OrgUnit
from hearth.privacy.models import Purpose
from hearth.privacy.selectors import ContactAnswer, may_contact
from hearth.privacy.services import sync_purposes
from hearth.registers.letter_text import ADVICE_ALWAYS, SUBJECT
from hearth.registers.models import AffectedPerson, Incident, NoticeLetter
from hearth.registers.permissions import APPROVE_LETTER, CHANGE_REGISTER, VIEW_REGISTER
from hearth.registers.services import (
    NewSearch,
    address_affected,
    addressing,
    approve_letter,
    publish_letter,
    return_letter,
    search_access,
    send_letter,
    submit_letter,
    withdraw_letter,
    write_letter,
)
from hearth.registers.services.incidents import IncidentClosed
from hearth.registers.services.letters import LetterIncomplete, LetterPastThatStep, OwnLetter
from tests.channels.mailbox import Mailbox, open_mailbox
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of
from tests.organization.builders import make_member, sign_in
from tests.registers.builders import (
    LETTER,
    NOW,
    make_incident,
    make_keeper,
    make_letter,
    make_officer,
    make_published,
    make_sent,
)

pytestmark = pytest.mark.django_db
Told, HOUR = AffectedPerson.Told, timedelta(hours=1)


@pytest.fixture
def incident(company: OrgUnit) -> Incident:
    sync_purposes()
    return make_incident(company)


def touch(incident: Incident, *, name: str = "王小明", email: str = "") -> AffectedPerson:
    """Put a customer on the list of an incident, with an address or without."""
    customer = make_customer(incident.org_unit, name=name, emails=(email,) if email else ())
    return put_on_list(incident, customer)


def put_on_list(incident: Incident, customer: Customer) -> AffectedPerson:
    return AffectedPerson.objects.create(
        incident=incident,
        customer=customer,
        seen=1,
        first_at=NOW,
        last_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened:
        yield opened


def hand_over(mailbox: Mailbox) -> None:
    """Give all messages to the mail server, as a worker does."""
    ids = list(Message.objects.values_list("pk", flat=True))
    send_messages(ids, server=MailServer("127.0.0.1", mailbox.port), clock=timezone.now)


def second_person(place: OrgUnit) -> Actor:
    return actor_of(make_member(place, SIGNED_IN, VIEW_REGISTER, APPROVE_LETTER))


def test_a_letter_goes_out_only_by_a_second_person_who_did_not_write_it(incident: Incident) -> None:
    place = incident.org_unit
    writer = make_member(place, SIGNED_IN, VIEW_REGISTER, CHANGE_REGISTER, APPROVE_LETTER)
    letter = write_letter(incident, LETTER, actor=actor_of(writer), now=NOW)

    with pytest.raises(LetterPastThatStep):
        approve_letter(letter, actor=second_person(place), now=NOW)
    submit_letter(letter, actor=actor_of(writer), now=NOW)
    with pytest.raises(OwnLetter):
        approve_letter(letter, actor=actor_of(writer), now=NOW)
    with pytest.raises(NotAllowed):
        approve_letter(letter, actor=actor_of(make_keeper(place)), now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeLetter.objects.update(state="approved", approved_by=writer, approved_at=NOW)
    approved = approve_letter(letter, actor=second_person(place), now=NOW)

    incident.refresh_from_db()
    assert (approved.state, incident.notice) == ("approved", Incident.Notice.TOLD)
    assert list(incident.steps.order_by("id").values_list("what", flat=True)) == ["reported", "sent"]
    with pytest.raises(LetterPastThatStep):
        write_letter(incident, LETTER, actor=actor_of(writer), now=NOW)


def test_a_letter_without_a_part_that_the_law_asks_for_is_not_submitted(incident: Incident) -> None:
    actor = actor_of(make_keeper(incident.org_unit))

    for part in ("cause", "harm", "measures", "advice", "contact", "data_kinds"):
        missing = replace(LETTER, **{part: [] if part == "data_kinds" else " "})  # type: ignore[arg-type]
        letter = write_letter(incident, missing, actor=actor, now=NOW)
        with pytest.raises(LetterIncomplete):
            submit_letter(letter, actor=actor, now=NOW)

    assert NoticeLetter.objects.get().state == "draft"


def test_a_letter_sent_back_says_why_and_is_changed(incident: Incident) -> None:
    actor, second = actor_of(make_keeper(incident.org_unit)), second_person(incident.org_unit)
    letter = submit_letter(make_letter(incident), actor=actor, now=NOW)

    back = return_letter(letter, because="写明电话", actor=second, now=NOW)
    again = write_letter(incident, LETTER, actor=actor, now=NOW)

    assert (back.state, back.returned_because) == ("draft", "写明电话")
    assert submit_letter(again, actor=actor, now=NOW).returned_because == ""


def test_no_letter_is_begun_once_the_incident_is_over(incident: Incident) -> None:
    Incident.objects.update(
        state="closed", closed_at=NOW, cause="误发", measures="收回", notice="told", notice_because="短信"
    )

    with pytest.raises(IncidentClosed):
        make_letter(incident)


def test_each_person_gets_the_letter_once_and_the_list_says_how_it_came_along(
    incident: Incident, mailbox: Mailbox
) -> None:
    reached, without = touch(incident, email="wang@example.com"), touch(incident, name="李雷")
    letter = make_sent(incident)

    settled = [address_affected(letter.pk, now=NOW) for _again in range(2)]
    hand_over(mailbox)
    hand_over(mailbox)

    reached.refresh_from_db()
    without.refresh_from_db()
    assert settled == [2, 0]
    assert (reached.told, without.told, without.message) == (Told.ADDRESSED, Told.NO_CHANNEL, None)
    assert reached.message is not None
    assert reached.message.state == Message.State.SENT
    assert mailbox.recipients == {"wang@example.com": 1}
    body = reached.message.body
    assert all(words in body for words in ("王小明", "姓名和电话", *list(vars(LETTER).values())[1:]))
    assert reached.message.subject == SUBJECT


def test_a_worker_killed_between_portions_goes_on_with_who_is_left(
    incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [touch(incident, email=f"c{number}@example.com") for number in range(5)]
    letter = make_sent(incident)
    monkeypatch.setattr(addressing, "AT_ONCE", 2)
    first = addressing._address_portion(letter, NOW)

    rest = address_affected(letter.pk, now=NOW)

    assert (first, rest) == (2, 3)
    assert sorted(Message.objects.values_list("customer_id", flat=True)) == sorted(
        row.customer_id for row in rows
    )


def test_two_records_that_became_one_get_one_letter(incident: Incident) -> None:
    survivor, absorbed = touch(incident, email="wang@example.com"), touch(incident)
    letter = make_sent(incident)
    merge_customers(survivor.customer, [absorbed.customer], actor=Actor.system("test"), now=NOW)

    address_affected(letter.pk, now=NOW)

    told = set(AffectedPerson.objects.filter(incident=incident).values_list("told", "message_id"))
    assert told == {(Told.ADDRESSED, Message.objects.get().pk)}


def test_a_record_that_became_one_with_an_addressed_one_gets_no_second_letter(incident: Incident) -> None:
    absorbed = touch(incident, email="wang@example.com")
    letter = make_sent(incident)
    address_affected(letter.pk, now=NOW)
    survivor = make_customer(incident.org_unit, emails=("wang.new@example.com",))
    merge_customers(survivor, [absorbed.customer], actor=Actor.system("test"), now=NOW)
    row = put_on_list(incident, survivor)

    address_affected(letter.pk, now=NOW)

    row.refresh_from_db()
    absorbed.refresh_from_db()
    assert (row.told, row.message_id) == (Told.ADDRESSED, absorbed.message_id)
    assert Message.objects.count() == 1


def test_who_had_an_address_only_later_is_written_to_when_it_is_sent_again(incident: Incident) -> None:
    row, addressed = touch(incident), touch(incident, email="li@example.com")
    letter = make_sent(incident)
    address_affected(letter.pk, now=NOW)
    give_address(row.customer, "wang@example.com")

    send_letter(letter, actor=actor_of(make_keeper(incident.org_unit)), now=NOW)
    address_affected(letter.pk, now=NOW)

    row.refresh_from_db()
    addressed.refresh_from_db()
    assert (row.told, addressed.told, Message.objects.count()) == (Told.ADDRESSED, Told.ADDRESSED, 2)


def give_address(customer: Customer, address: str) -> None:
    point = ContactPoint(customer=customer, kind=ContactPoint.Kind.EMAIL, created_at=NOW, updated_at=NOW)
    point.value = address
    point.save()


def test_who_had_us_restrict_their_data_is_told_of_an_incident_and_of_nothing_else(
    incident: Incident, mailbox: Mailbox
) -> None:
    row = touch(incident, email="wang@example.com")
    Customer.objects.filter(pk=row.customer_id).update(restricted_at=NOW)
    letter = make_sent(incident)

    address_affected(letter.pk, now=NOW)
    hand_over(mailbox)

    answers = {
        code: may_contact([row.customer_id], code, "email")[row.customer_id]
        for code in ("legal_notice", "service", "marketing")
    }
    assert answers == {
        "legal_notice": ContactAnswer.ALLOWED,
        "service": ContactAnswer.RESTRICTED,
        "marketing": ContactAnswer.RESTRICTED,
    }
    assert mailbox.recipients == {"wang@example.com": 1}
    assert Purpose.objects.get(code="legal_notice").legal_basis == "legal_duty"


def test_a_later_search_keeps_who_was_addressed_on_the_list(incident: Incident, group: OrgUnit) -> None:
    addressed, other = touch(incident, email="wang@example.com"), touch(incident, name="李雷")
    letter = make_sent(incident)
    address_affected(letter.pk, now=NOW)
    AffectedPerson.objects.filter(pk=other.pk).update(told=Told.NOT_YET)
    somebody = make_member(group, SIGNED_IN)
    new = NewSearch(NOW - HOUR, NOW + HOUR, somebody, None, None, "")

    search_access(incident, new, actor=actor_of(make_officer(group)), now=NOW)

    kept = AffectedPerson.objects.get()
    assert (kept.pk, kept.told) == (addressed.pk, Told.ADDRESSED)


def test_the_public_letter_is_read_by_everybody_while_it_is_published(
    client: Client, company: OrgUnit
) -> None:
    sync_purposes()
    letter = make_published(company)
    address = reverse("portal:letter", args=[letter.pk])
    keeper = actor_of(make_keeper(company))

    shown = client.get(address)
    withdraw_letter(letter, actor=keeper, now=NOW)
    gone = client.get(address)
    with pytest.raises(LetterPastThatStep):
        withdraw_letter(letter, actor=keeper, now=NOW)
    publish_letter(letter, actor=keeper, now=NOW)
    back = client.get(address)

    text = shown.content.decode()
    assert [answer.status_code for answer in (shown, gone, back)] == [200, 404, 200]
    assert all(words in text for words in (SUBJECT, *list(vars(LETTER).values())[1:]))


def test_a_letter_that_is_not_approved_is_shown_to_nobody_outside(client: Client, incident: Incident) -> None:
    letter = make_letter(incident)

    with pytest.raises(LetterPastThatStep):
        publish_letter(letter, actor=actor_of(make_keeper(incident.org_unit)), now=NOW)

    assert client.get(reverse("portal:letter", args=[letter.pk])).status_code == 404


def test_a_letter_goes_from_its_page_to_the_persons(client: Client, incident: Incident) -> None:
    place = incident.org_unit
    touch(incident, email="wang@example.com")
    touch(incident, name="李雷")
    desk = sign_in(client, make_keeper(place))
    page = desk.get(reverse("registers:letter", args=[incident.pk])).content.decode()
    said = {
        name: LETTER.__dict__[name]
        for name in ("data_kinds", "cause", "harm", "measures", "advice", "contact")
    }

    written = desk.post(reverse("registers:write_letter", args=[incident.pk]), said)
    submitted = desk.post(reverse("registers:submit_letter", args=[incident.pk]))
    own = desk.post(reverse("registers:approve_letter", args=[incident.pk]))
    other = sign_in(Client(), make_member(place, SIGNED_IN, VIEW_REGISTER, APPROVE_LETTER))
    approved = other.post(reverse("registers:approve_letter", args=[incident.pk]))
    letter = NoticeLetter.objects.get()
    address_affected(letter.pk, now=NOW)
    after = desk.get(reverse("registers:letter", args=[incident.pk])).content.decode()
    listed = desk.get(reverse("registers:affected"), {"told": "no_channel"}).content.decode()

    assert ADVICE_ALWAYS in page
    assert [answer.status_code for answer in (written, submitted, own, approved)] == [303, 303, 403, 303]
    assert "没有联系地址" in after
    assert "没有联系地址" in listed

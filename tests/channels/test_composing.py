"""What a person writes on the timeline: files, colleagues named, and what is pinned."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import Notification, User
from hearth.channels.attachments import TooManyFiles
from hearth.channels.models import Attachment, Interaction
from hearth.channels.selectors import pinned_contacts
from hearth.channels.services.composing import TooManyPinned, pin_contact, unpin_contact, write_contact
from hearth.channels.services.interactions import NewInteraction
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord, StoredFile
from hearth.core.timeline import load_details
from hearth.core.uploads import PAPERS, FileNotTaken, FileTooLarge
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.channels.builders import make_attachment, make_contact, make_upload
from tests.organization.builders import make_actor, make_member, sign_in
from tests.privacy.builders import make_known_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(company: OrgUnit) -> Customer:
    return make_known_customer(company)


def note(customer: Customer, company: OrgUnit, text: str) -> NewInteraction:
    return NewInteraction(customer.pk, company.pk, "note", "internal", text)


def named(company: OrgUnit, name: str, *rights: str) -> User:
    user = make_member(company, *rights)
    user.display_name = name
    user.save()
    return user


def test_who_is_named_and_may_see_the_customer_is_told(
    company: OrgUnit, neighbour: OrgUnit, customer: Customer, now: datetime
) -> None:
    author = make_actor(company, "channels.record", "customers.view")
    short = named(company, "林晓", "customers.view")
    longer = named(company, "林晓安", "customers.view")
    named(neighbour, "陈外人", "customers.view")
    named(company, "王无权")

    text = "@林晓安请看图纸，@林晓 也看；@陈外人 @王无权 @nobody 不用，a@b.com 也不是"
    write_contact(note(customer, company, text), actor=author, now=now)

    told = set(Notification.objects.filter(kind="channels.mentioned").values_list("user_id", flat=True))
    assert told == {short.pk, longer.pk}


def test_a_user_name_names_as_well_and_nobody_tells_themselves(
    company: OrgUnit, customer: Customer, now: datetime
) -> None:
    other = make_member(company, "customers.view", username="lin.xa")
    author = make_actor(company, "channels.record", "customers.view")
    text = f"@lin.xa @{author.name} 请看"

    write_contact(note(customer, company, text), actor=author, now=now)

    assert list(Notification.objects.values_list("user_id", flat=True)) == [other.pk]


def test_files_are_kept_with_the_note_and_given_to_who_may_see_it(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    file = make_attachment(company)
    address = reverse("channels:file", args=[file.pk])

    answer = sign_in(client, make_member(company, "channels.view")).get(address)
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    elsewhere = sign_in(client, make_member(neighbour, "channels.view")).get(address)

    assert content == b"%PDF-1.7 drawing"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert elsewhere.status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ\x90"),
        ("drawing.pdf", b"<html><script>"),
        ("picture.png", b"\xff\xd8\xff\xe0"),
        ("page.html", b"%PDF-1.7"),
        ("empty.pdf", b""),
    ],
)
def test_a_file_is_told_by_how_it_begins(
    company: OrgUnit, customer: Customer, now: datetime, actor: Actor, name: str, content: bytes
) -> None:
    with pytest.raises(FileNotTaken):
        write_contact(note(customer, company, "图"), actor=actor, now=now, files=[make_upload(name, content)])

    assert (Interaction.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_files_too_large_and_too_many_are_refused(
    company: OrgUnit, customer: Customer, now: datetime, actor: Actor
) -> None:
    large = make_upload(content=b"%PDF-" + bytes(PAPERS.most_bytes))

    with pytest.raises(FileTooLarge):
        write_contact(note(customer, company, "图"), actor=actor, now=now, files=[large])
    with pytest.raises(TooManyFiles):
        write_contact(
            note(customer, company, "图"), actor=actor, now=now, files=[make_upload() for _n in range(6)]
        )
    assert Attachment.objects.count() == 0


def test_three_entries_are_pinned_and_a_fourth_is_refused(
    company: OrgUnit, customer: Customer, now: datetime, actor: Actor
) -> None:
    rows = [make_contact(customer, company, summary=f"第{number}条") for number in range(4)]

    for row in rows[:3]:
        pin_contact(row, actor=actor, now=now)
    pin_contact(rows[0], actor=actor, now=now)
    with pytest.raises(TooManyPinned):
        pin_contact(rows[3], actor=actor, now=now)
    unpin_contact(rows[1], actor=actor, now=now)

    assert {pinned.row.pk for pinned in pinned_contacts(customer, actor)} == {rows[0].pk, rows[2].pk}


def test_pinning_needs_the_right_to_record(
    company: OrgUnit, neighbour: OrgUnit, customer: Customer, now: datetime
) -> None:
    row = make_contact(customer, company)

    for act in (pin_contact, unpin_contact):
        with pytest.raises(NotAllowed):
            act(row, actor=make_actor(neighbour, "channels.record"), now=now)


def test_the_button_pins_and_unpins(signed_in: Client, company: OrgUnit, customer: Customer) -> None:
    row = make_contact(customer, company)
    address = reverse("channels:pin", args=[row.pk])

    pressed = signed_in.post(address, headers={"HX-Request": "true"})
    row.refresh_from_db()
    is_pinned = row.pinned_at is not None
    again = signed_in.post(address)
    row.refresh_from_db()

    assert (pressed.status_code, pressed.headers["HX-Trigger"]) == (204, "hearth:recorded")
    assert (is_pinned, row.pinned_at, again.status_code) == (True, None, 303)


def test_a_contact_shows_its_files_and_whether_it_may_be_pinned(company: OrgUnit) -> None:
    file = make_attachment(company)
    event = EventRecord.objects.get(type="channels.interaction_recorded")
    reader, writer = (
        make_actor(company, "channels.view"),
        make_actor(company, "channels.view", "channels.record"),
    )

    [seen] = load_details([event], reader).values()
    [own] = load_details([event], writer).values()

    assert seen.links == [("户型图.pdf", reverse("channels:file", args=[file.pk]))]
    assert (seen.pin_url, own.pin_url, seen.is_internal) == (
        "",
        reverse("channels:pin", args=[file.interaction_id]),
        True,
    )

"""Notes marked sensitive are read by few, and nobody who does not ask for them comes across a word of one."""

import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from hearth.audit.models import AuditEntry
from hearth.channels.models import Attachment, Interaction
from hearth.channels.personal_data import erase_contacts, export_contacts
from hearth.channels.registrations import contact_details, find_contacts
from hearth.channels.selectors import pinned_contacts
from hearth.channels.services.composing import pin_contact, write_contact
from hearth.channels.services.interactions import NewInteraction
from hearth.channels.services.sensitive import mark_sensitive, reveal_note, unmark_sensitive
from hearth.channels.wording import said
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.field_rules import Access
from hearth.core.models import EventRecord
from hearth.core.personal_data import Person
from hearth.core.retention import kept_kinds
from hearth.customers.models import Customer, Reveal
from hearth.customers.services import ReasonMissing
from hearth.organization.models import OrgUnit, Role
from hearth.organization.selectors import actor_for
from hearth.organization.services.field_rules import set_field_rule
from hearth.webhooks.payloads import write_payload
from tests.api.builders import Program, make_token
from tests.channels.builders import NOW, make_contact, make_upload
from tests.organization.builders import make_actor, make_member, sign_in
from tests.privacy.builders import make_known_customer

pytestmark = pytest.mark.django_db
SECRET = "透析治疗每周三次"
SEEING = ("core.signed_in", "customers.view", "channels.view", "channels.record", "core.view_events")
TRUSTED = (*SEEING, "channels.view_sensitive")


@pytest.fixture
def customer(company: OrgUnit) -> Customer:
    return make_known_customer(company, name="王小明")


@pytest.fixture
def note(customer: Customer, company: OrgUnit) -> Interaction:
    """A sensitive note with a file."""
    new = NewInteraction(
        customer.pk,
        company.pk,
        "phone",
        "inbound",
        f"{SECRET},不便看房",
        f"{SECRET},只能周末",
        is_sensitive=True,
    )
    return write_contact(new, actor=Actor.system("test"), now=NOW, files=[make_upload("病历.pdf")])


def shown_to(actor: Actor, note: Interaction) -> str:
    """Return the line of the timeline with what stands behind it."""
    events = list(EventRecord.objects.filter(subject_id=note.pk))
    detail = contact_details(events, actor).get(events[0].id)
    return "" if detail is None else f"{detail.summary}\n{detail.body}\n{detail.links}"


@pytest.mark.requirement("S92")
def test_the_open_columns_of_a_sensitive_note_are_empty(note: Interaction) -> None:
    note.refresh_from_db()

    assert (note.summary, note.body) == ("", "")
    assert said(note) == (f"{SECRET},不便看房", f"{SECRET},只能周末")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(channels_interaction)::text FROM channels_interaction")
        assert SECRET not in cursor.fetchone()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Interaction.objects.update(summary=SECRET)


def test_it_is_read_with_the_right_at_its_place_and_masked_without(
    note: Interaction, company: OrgUnit, neighbour: OrgUnit
) -> None:
    assert SECRET in shown_to(make_actor(company, *TRUSTED), note)
    masked = shown_to(make_actor(company, *SEEING), note)
    assert SECRET not in masked
    assert masked != ""
    assert "病历" not in masked
    assert shown_to(make_actor(neighbour, *TRUSTED), note) == ""


def test_a_rule_takes_it_away_from_who_holds_the_right(note: Interaction, company: OrgUnit) -> None:
    member = make_member(company, *TRUSTED, "customers.reveal")
    role = Role.objects.get(memberships__user=member)

    set_field_rule(role, "sensitive_note", company, Access.HIDDEN, actor=Actor.system(), now=NOW)

    actor = actor_for(member, today=timezone.localdate())
    assert shown_to(actor, note) == ""
    with pytest.raises(NotAllowed):
        reveal_note(note, reason="回访", actor=actor, now=NOW)


def test_a_reason_uncovers_it_and_is_kept(client: Client, note: Interaction, company: OrgUnit) -> None:
    browser = sign_in(client, make_member(company, *SEEING, "customers.reveal"))
    blind = sign_in(Client(), make_member(company, *SEEING))
    address = f"/channels/contacts/{note.pk}/reveal/"

    refused = browser.post(address, {"reason": " "})
    opened = browser.post(address, {"reason": "安排上门时间"})

    assert (refused.status_code, SECRET in refused.content.decode()) == (422, False)
    assert (opened.status_code, SECRET in opened.content.decode()) == (200, True)
    assert opened.headers["Cache-Control"] == "no-store"
    assert [(row.field, row.reason) for row in Reveal.objects.all()] == [("note", "安排上门时间")]
    assert blind.post(address, {"reason": "好奇"}).status_code == 403


def test_no_way_out_tells_it_to_who_may_not_read_it(
    client: Client, note: Interaction, company: OrgUnit
) -> None:
    customer = note.customer
    pin_contact(note, actor=Actor.system("test"), now=NOW)
    member = make_member(company, *SEEING)
    browser, program = sign_in(client, member), Program(make_token(member))
    actor = actor_for(member, today=timezone.localdate())
    event = EventRecord.objects.get(subject_id=note.pk)
    attachment = Attachment.objects.get(interaction=note)

    ways = {
        "timeline": browser.get(f"/customers/{customer.pk}/?tab=timeline").content.decode(),
        "overview": browser.get(f"/customers/{customer.pk}/").content.decode(),
        "list": json.dumps(program.get("/interactions").body, ensure_ascii=False),
        "one": json.dumps(program.get(f"/interactions/{note.pk}").body, ensure_ascii=False),
        "events": json.dumps(program.get("/events").body, ensure_ascii=False),
        "stream": f"{event.payload}",
        "webhook": write_payload(event, actor, is_full=True).decode(),
    }

    assert [way for way, text in ways.items() if SECRET in text or "病历" in text] == []
    assert "敏感" in ways["timeline"]
    assert list(find_contacts("透析", [customer.pk], actor, 10)) == []
    assert [pinned.words.is_masked for pinned in pinned_contacts(customer, actor)] == [True]
    assert browser.get(f"/channels/files/{attachment.pk}/").status_code == 404


def test_who_may_read_it_reads_it_on_the_page_and_by_the_interface(
    client: Client, note: Interaction, company: OrgUnit
) -> None:
    member = make_member(company, *TRUSTED)

    page = sign_in(client, member).get(f"/customers/{note.customer_id}/?tab=timeline").content.decode()
    answer = Program(make_token(member)).get(f"/interactions/{note.pk}").body

    assert SECRET in page
    assert (answer["is_sensitive"], answer["is_masked"]) == (True, False)
    assert SECRET in answer["summary"]


def test_the_composer_keeps_what_is_marked_encrypted(
    client: Client, customer: Customer, company: OrgUnit
) -> None:
    browser = sign_in(client, make_member(company, *TRUSTED))

    answer = browser.post(f"/customers/{customer.pk}/compose/note/", {"body": SECRET, "is_sensitive": "on"})

    row = Interaction.objects.get()
    assert answer.status_code == 303
    assert (row.summary, said(row)) == ("", (SECRET, ""))


def test_a_program_records_one(company: OrgUnit, customer: Customer) -> None:
    program = Program(make_token(make_member(company, *SEEING)))
    body = {
        "customer_id": str(customer.pk),
        "org_unit": company.code,
        "channel": "phone",
        "direction": "inbound",
        "summary": SECRET,
        "is_sensitive": True,
    }

    answer = program.post("/interactions", body)

    assert (answer.status, answer.body["summary"], answer.body["is_masked"]) == (201, "", True)
    assert said(Interaction.objects.get()) == (SECRET, "")


def test_an_open_note_is_marked_and_the_mark_taken_back(company: OrgUnit, customer: Customer) -> None:
    row = make_contact(customer, company, summary=SECRET, body=f"{SECRET}。")
    writer, trusted = make_actor(company, *SEEING), make_actor(company, *TRUSTED)

    mark_sensitive(row, actor=writer, now=NOW)
    mark_sensitive(row, actor=writer, now=NOW)
    row.refresh_from_db()
    assert (row.is_sensitive, row.summary, row.body) == (True, "", "")

    with pytest.raises(NotAllowed):
        unmark_sensitive(row, actor=writer, now=NOW)
    unmark_sensitive(row, actor=trusted, now=NOW)
    row.refresh_from_db()
    assert (row.is_sensitive, row.summary, row.body, bytes(row.words_sealed)) == (
        False,
        SECRET,
        f"{SECRET}。",
        b"",
    )
    told = EventRecord.objects.filter(type="channels.sensitivity_changed").order_by("position")
    assert [event.payload["is_sensitive"] for event in told] == [True, False]


def test_the_log_of_changes_hides_what_an_open_note_said(
    client: Client, company: OrgUnit, group: OrgUnit, customer: Customer
) -> None:
    row = make_contact(customer, company, summary=SECRET)
    mark_sensitive(row, actor=Actor.system("test"), now=NOW)
    assert AuditEntry.objects.filter(table="channels_interaction", operation="U").exists()
    address = f"/audit/?table=channels_interaction&row={row.pk}"
    rights = ("core.signed_in", "audit.view")

    auditor = sign_in(client, make_member(group, *rights)).get(address).content.decode()
    officer = sign_in(Client(), make_member(group, *rights, "channels.view_sensitive")).get(address)

    assert SECRET not in auditor
    assert SECRET in officer.content.decode()


def test_the_person_gets_their_notes_and_is_struck_out_of_those_of_others(
    note: Interaction, company: OrgUnit
) -> None:
    person = Person(
        ids=frozenset({note.customer_id}),
        names=frozenset({"王小明"}),
        words=frozenset({"13800001234"}),
        known_since=NOW,
    )
    other = make_known_customer(company, name="李四")
    new = NewInteraction(other.pk, company.pk, "note", "internal", "邻居电话13800001234", is_sensitive=True)
    mention = write_contact(new, actor=Actor.system("test"), now=NOW)

    given = export_contacts(person)
    number = erase_contacts(person, NOW)

    assert [SECRET in row["summary"] for row in given.rows] == [True]
    assert number == 2
    mention.refresh_from_db()
    assert said(mention) == ("邻居电话■■■", "")
    assert not Interaction.objects.filter(pk=note.pk).exists()


def test_it_ages_like_any_other(note: Interaction) -> None:
    kind = kept_kinds["channels.contacts"]
    later = NOW.replace(year=NOW.year + 1)

    assert list(kind.due(later)) == [note]
    kind.ways["anonymise"]([note.pk], later)
    note.refresh_from_db()
    assert said(note) == ("", "")
    assert list(kind.due(later)) == []


def test_a_note_needs_a_reason_in_words(note: Interaction, company: OrgUnit) -> None:
    with pytest.raises(ReasonMissing):
        reveal_note(note, reason="", actor=make_actor(company, *TRUSTED), now=NOW)

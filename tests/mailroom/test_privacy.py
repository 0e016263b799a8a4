"""Mails of a person are given out and erased, and old ones are let go."""

from datetime import timedelta
from pathlib import Path

import pytest

from hearth.customers.selectors.persons import person_of
from hearth.mailroom.models import InboundMail, MailAttachment
from hearth.mailroom.personal_data import erase_mails, export_mails, files_of, remove_mails
from hearth.organization.models import OrgUnit
from tests.core.test_uploads import picture
from tests.mailroom.builders import NOW, make_mailbox, make_writer, taken
from tests.mailroom.letters import SENDER, with_files, write_mail

pytestmark = pytest.mark.django_db


def test_a_person_is_given_their_mails_with_the_files(company: OrgUnit) -> None:
    customer, box = make_writer(company), make_mailbox(company)
    taken(box, with_files(("photo.png", picture("PNG"))))
    taken(box, write_mail("别人的", sender="other@example.com"))

    table = export_mails(person_of(customer))

    assert [row["sender"] for row in table.rows] == [SENDER]
    assert [name.split("-")[0] for name, _path in files_of(person_of(customer))] == ["mail", "photo.png"]


def test_an_erased_person_leaves_no_mail_no_copy_and_no_name_in_others_mails(company: OrgUnit) -> None:
    box = make_mailbox(company)
    # Written before anybody knew the address, and never put to the customer.
    early = taken(box, with_files(("photo.png", picture("PNG"))))
    customer = make_writer(company, name="欧阳翎翀")
    taken(box, write_mail(message_id="<2@x>"))
    other = taken(box, write_mail(f"请联系欧阳翎翀 {SENDER}", sender="other@example.com", message_id="<3@x>"))
    paths = [Path(row.raw.file.path) for row in InboundMail.objects.select_related("raw") if row.raw]

    erase_mails(person_of(customer), NOW)

    (left,) = InboundMail.objects.all()
    assert left.pk == other.pk
    assert early.pk != other.pk
    assert SENDER not in left.text
    assert "欧阳翎翀" not in left.text
    assert left.raw is None
    assert not MailAttachment.objects.exists()
    assert not any(path.exists() for path in paths)


def test_mails_whose_time_has_passed_go_with_their_copies(company: OrgUnit) -> None:
    row = taken(make_mailbox(company), with_files(("photo.png", picture("PNG"))))
    assert row.raw is not None

    number = remove_mails([row.pk], NOW + timedelta(days=800))

    assert number == 1
    assert not Path(row.raw.file.path).exists()
    assert not InboundMail.objects.exists()

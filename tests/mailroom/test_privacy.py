"""Mails of a person are given out and erased, and old ones are let go."""

import gzip
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from hearth.core.personal_files import names_in_file
from hearth.customers.selectors.persons import person_of
from hearth.mailroom.models import InboundMail, MailAttachment
from hearth.mailroom.personal_data import erase_mails, export_mails, files_of, remove_mails
from hearth.organization.models import OrgUnit
from tests.core.test_uploads import picture
from tests.mailroom.builders import NOW, make_mailbox, make_writer, taken
from tests.mailroom.letters import SENDER, with_files, write_mail

pytestmark = pytest.mark.django_db


def packed(words: str) -> bytes:
    """Return words inside a compressed file, as office programs write them."""
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as file:
        file.writestr("xl/sharedStrings.xml", words * 20)
    return archive.getvalue()


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


@pytest.mark.parametrize("name", ["欧阳翎翀.txt", "x.txt"])
def test_a_name_in_a_file_that_was_not_kept_goes_with_the_raw_copy(company: OrgUnit, name: str) -> None:
    box, customer = make_mailbox(company), make_writer(company, name="欧阳翎翀")
    raw = with_files((name, "欧阳翎翀 来过".encode("gb18030")), text="x").replace(
        SENDER.encode(), b"o@x.example"
    )
    row = taken(box, raw)
    assert row.raw is not None

    erase_mails(person_of(customer), NOW)

    left = InboundMail.objects.get()
    assert (left.pk, left.raw) == (row.pk, None)
    assert not Path(row.raw.file.path).exists()


def test_words_are_found_in_mails_however_they_are_encoded(tmp_path: Path) -> None:
    written = [
        write_mail("欧阳翎翀 来过"),
        write_mail("x", subject="欧阳翎翀"),
        write_mail("x", sender="欧阳翎翀 <o@x.example>"),
        with_files(("x.xlsx", packed("欧阳翎翀"))),
        with_files(("x.eml", write_mail("欧阳翎翀"))),
        b"Content-Type: text/html\r\n\r\n&#27431;&#38451;&#32718;&#32704;",
        b"Content-Type: text/plain; charset=big5\r\n\r\n" + "歐陽翎".encode("big5"),
        b"Subject: x\r\n\r\n" + "欧阳翎翀".encode(),
    ]
    paths = [tmp_path / str(number) for number in range(len(written))]
    for path, raw in zip(paths, written, strict=True):
        path.write_bytes(raw)

    assert [names_in_file(path, {"欧阳翎翀", "歐陽翎"}) for path in paths] == [True] * len(written)
    assert not any(names_in_file(path, {"王建民"}) for path in paths)


def test_a_mail_built_to_stop_an_erasure_stops_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hearth.core.personal_files.MOST_UNPACKED", 1_000_000)
    locked, broken = bytearray(packed("x")), bytearray(packed("x" * 2_000))
    locked[6] |= 1
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    broken[60:70] = b"\xff" * 10
    sent = {
        "locked": bytes(locked),
        "broken": bytes(broken),
        "bomb": packed("x" * 200_000),
        "gzip bomb": gzip.compress(b"x" * 2_000_000),
        "half": gzip.compress(b"x" * 2_000)[:-9],
        "table": b"PAR1 is what it is not",
        "deep": b"".join(b"A: &#38;amp;%d\r\n\r\n" % level for level in range(60)),
    }
    raw = tmp_path / "raw"
    raw.write_bytes(with_files(*sent.items(), ("x.txt", "欧阳翎翀".encode())))
    begun = time.process_time()

    found = [names_in_file(raw, {word}) for word in ("欧阳翎翀", "王建民")]

    assert found == [True, False]
    assert time.process_time() - begun < 5

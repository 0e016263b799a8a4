"""The mails of the invented person, and two of somebody else: one speaks of them, one only in a file not kept."""

from email.message import EmailMessage
from pathlib import Path

from hearth.demo.drilling.person import InventedPerson
from hearth.mailroom.gateway import Fetched
from hearth.mailroom.models import InboundMail, MailAttachment, Mailbox
from hearth.mailroom.services import take_mail

PAPER = b"%PDF-1.7\n"


def write_mails(person: InventedPerson) -> None:
    """Write to a mailbox: once by oneself with a paper, and be spoken of by a stranger, also in a file not kept."""
    box = Mailbox.objects.create(
        org_unit=person.place,
        name=person.place.name,
        address=f"service-{person.place.pk}@example.org",
        host="imap.example.org",
        user_name=f"drill-{person.place.pk}",
        takes_from_at=person.now,
        taken_until_at=person.now,
        **person.stamps,
    )
    letters = (
        _letter(person, person.email),
        _letter(person, "stranger@example.com"),
        _notes(person, "stranger@example.com"),
    )
    for uid, raw in enumerate(letters, start=1):
        fetched = Fetched(uid, raw, len(raw), person.now, is_whole=True)
        take_mail(box, fetched, uid_validity=1, now=person.now)
    kept = InboundMail.objects.filter(mailbox=box).select_related("raw")
    files = MailAttachment.objects.filter(mail__mailbox=box).select_related("stored")
    stored = [*(row.raw for row in kept), *(row.stored for row in files)]
    person.files += [Path(each.file.path) for each in stored if each]


def _letter(person: InventedPerson, sender: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        f"{person.name} <{sender}>",
        "service@example.org",
        person.said,
    )
    mail["Message-ID"] = f"<{person.phone}.{sender}>"
    mail.set_content(f"{person.address}\n\n> {person.said}\n")
    paper = PAPER + person.said.encode()
    mail.add_attachment(paper, maintype="application", subtype="pdf", filename=f"{person.name}.pdf")
    return mail.as_bytes()


def _notes(person: InventedPerson, sender: str) -> bytes:
    """Return a mail that names the person nowhere but in a file of a kind that is not kept."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "service@example.org", "x"
    mail["Message-ID"] = f"<{person.place.pk}.{sender}>"
    mail.set_content("x")
    mail.add_attachment(
        person.said.encode(), maintype="application", subtype="octet-stream", filename="x.txt"
    )
    return mail.as_bytes()

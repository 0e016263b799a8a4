"""The mails of the invented person, and one of somebody else that speaks of them."""

from email.message import EmailMessage
from pathlib import Path

from hearth.demo.drilling.person import InventedPerson
from hearth.mailroom.gateway import Fetched
from hearth.mailroom.models import InboundMail, MailAttachment, Mailbox
from hearth.mailroom.services import take_mail

PAPER = b"%PDF-1.7\n"


def write_mails(person: InventedPerson) -> None:
    """Write to a mailbox: once by oneself with a paper, and be spoken of by a stranger."""
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
    for uid, sender in enumerate((person.email, "stranger@example.com"), start=1):
        raw = _letter(person, sender)
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

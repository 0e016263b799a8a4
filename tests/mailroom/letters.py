"""Mails as they arrive, whole and broken."""

from email.message import EmailMessage

SENDER = "wang@example.com"


def write_mail(
    text: str = "卫生间漏水，请派人来看。",
    *,
    subject: str = "报修：卫生间渗漏",
    sender: str = f"王建国 <{SENDER}>",
    message_id: str = "<one@example.com>",
    **headers: str,
) -> bytes:
    """Return a plain mail; further headers are named with low lines for hyphens."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "service@example.org", subject
    mail["Date"] = "Wed, 18 Mar 2026 14:00:00 +0800"
    if message_id:
        mail["Message-ID"] = message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def with_files(
    *files: tuple[str, bytes], text: str = "见附件。", message_id: str = "<files@example.com>"
) -> bytes:
    """Return a mail with files of unknown kind."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SENDER, "service@example.org", "照片"
    mail["Message-ID"] = message_id
    mail.set_content(text)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def bounce_of(message_id: str, *, action: str = "failed", recipient: str = SENDER) -> bytes:
    """Return what a mail server says of a mail that it could not deliver."""
    return f"""From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
To: service@example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <{action}-{recipient.partition("@")[0]}-{message_id.partition("@")[0]}@mx.example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--b
Content-Type: text/rfc822-headers

From: service@example.org
To: {recipient}
Message-ID: <{message_id}>
Subject: Re: x

--b--
""".replace("\n", "\r\n").encode()

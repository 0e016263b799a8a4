# domain data
"""A few mails that wait in the mailroom of a company: of people nobody knows, of a machine, and one with a bad file."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from hearth.core.models import StoredFile
from hearth.mailroom.gateway import Fetched
from hearth.mailroom.models import InboundMail, Mailbox
from hearth.mailroom.services import take_mail
from hearth.organization.models import OrgUnit

# Sender, subject, words, how many hours ago, further heads, name of a file.
MAILS: tuple[tuple[str, str, str, int, dict[str, str], str], ...] = (
    (
        "周敏 <zhoumin@example.com>",
        "咨询：地下车位什么时候开售",
        "你好，我是朋友介绍来的，想了解二期地下车位的开售时间和价格。",
        50,
        {},
        "",
    ),
    (
        "owner2207@example.com",
        "投诉：夜间施工噪音",
        "连续三晚十一点以后还在施工，已经影响老人休息，请给个说法。\n\n> 此前的来信没有收到答复",
        20,
        {},
        "现场录音.exe",
    ),
    ("吴刚 <wugang@example.com>", "建议增加快递柜", "南门快递柜经常满，建议再增加一组。", 5, {}, ""),
    (
        "liu@example.com",
        "自动回复：关于开放日",
        "我在休假，下周一回来。",
        3,
        {"Auto-Submitted": "auto-replied"},
        "",
    ),
)


def load_mails(place: OrgUnit, *, now: datetime) -> None:
    """Write a mailbox that nobody fetches from, and what came to it."""
    box = Mailbox.objects.create(
        org_unit=place,
        name="客服邮箱",
        address="service@example.org",
        host="imap.example.org",
        user_name="service@example.org",
        is_active=False,
        takes_from_at=now - timedelta(days=3),
        taken_until_at=now - timedelta(days=3),
        is_sample=True,
        created_at=now,
        updated_at=now,
    )
    for uid, (sender, subject, words, hours, heads, file) in enumerate(MAILS, start=1):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, box.address, subject
        mail["Message-ID"] = f"<sample-{uid}@example.com>"
        for name, value in heads.items():
            mail[name] = value
        mail.set_content(words)
        if file:
            mail.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename=file)
        raw = mail.as_bytes()
        fetched = Fetched(uid, raw, len(raw), now - timedelta(hours=hours), is_whole=True)
        take_mail(box, fetched, uid_validity=1, now=now)
    kept = InboundMail.objects.filter(mailbox=box).values("raw")
    StoredFile.objects.filter(pk__in=kept).update(is_sample=True)

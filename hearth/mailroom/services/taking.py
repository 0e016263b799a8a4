"""Taking mail in: each mail once, whatever dies in between.

A mail, how far the mailbox was taken and what the mail led to are one transaction. The server is told afterwards that
the mail was read; if that fails, it is told at the next look.
"""

import io
import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.core.files import File
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate

from hearth.accounts.services import notify
from hearth.channels.own_address import sender_address
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.core.models import StoredFile
from hearth.core.uploads import PAPERS, accept_upload
from hearth.imports.files import store, store_accepted
from hearth.lib.mail import MailFile, MailKind, MailNotRead, ReadMail, read_head, read_mail
from hearth.mailroom.events import MailReceived
from hearth.mailroom.gateway import Fetched, Inbox, MailboxFailed
from hearth.mailroom.models import Failure, InboundMail, MailAttachment, Mailbox
from hearth.mailroom.notifications import FLOODED, NOT_FETCHED
from hearth.mailroom.permissions import MANAGE_MAILBOX
from hearth.mailroom.services.leading import handlers_at, lead_on
from hearth.mailroom.services.mailboxes import account_of
from hearth.mailroom.threads import mark_of
from hearth.organization.selectors import people_with

POST = Actor.system("mail")
FLOOD_MAILS, FLOOD_TIME = 20, timedelta(hours=1)
AT_A_TIME, FLAGGED_AT_A_TIME = 200, 500
CLAIMED_FOR, TOLD_AFTER = timedelta(minutes=10), timedelta(hours=1)
MOST_KEPT_FILES = 10
State, Reason = InboundMail.State, InboundMail.Reason
logger = logging.getLogger(__name__)


@transaction.atomic
def queue_fetching(*, now: datetime) -> int:
    """Have each mailbox fetched from that nobody fetches from; return how many. May be repeated."""
    from hearth.mailroom.jobs import fetch  # noqa: PLC0415  (jobs call services)

    free = Q(claim_ends_at=None) | Q(claim_ends_at__lt=now)
    rows = Mailbox.objects.fetched().filter(free).order_by("id")
    due = list(rows.select_for_update(skip_locked=True, of=("self",)))
    Mailbox.objects.filter(pk__in=[row.pk for row in due]).update(claim_ends_at=now + CLAIMED_FOR)
    for row in due:
        fetch.defer(mailbox_id=str(row.pk))
    return len(due)


def fetch_mailbox(mailbox: Mailbox, *, now: datetime) -> int:
    """Take what is new in a mailbox, and return how many mails that were; no transaction spans two of them.

    What fails is kept with the mailbox in words; it is tried again at the next look.
    """
    taken, failure = 0, Failure.NONE
    try:
        with Inbox(account_of(mailbox)) as inbox:
            taken = _take_all(mailbox, inbox, now=now)
            _flag(mailbox, inbox, now=now)
    except MailboxFailed as error:
        failure = Failure(error.code)
    except Exception:
        _note_look(mailbox, Failure.BROKEN, now=now)
        raise
    _note_look(mailbox, failure, now=now)
    return taken


@transaction.atomic
def _note_look(mailbox: Mailbox, failure: Failure, *, now: datetime) -> None:
    """Keep how a look went, unless the mailbox is another one meanwhile.

    Those who manage it are told by the first look that fails so long after the first failure.
    """
    since = (mailbox.first_failed_at or now) if failure else None
    is_kept = Mailbox.objects.filter(pk=mailbox.pk, era=mailbox.era).update(
        checked_at=now, claim_ends_at=None, failure=failure, first_failed_at=since
    )
    is_late = since is not None and now - since >= TOLD_AFTER
    is_told = (
        since is not None and mailbox.checked_at is not None and mailbox.checked_at - since >= TOLD_AFTER
    )
    if is_kept and is_late and not is_told:
        people = people_with(MANAGE_MAILBOX, mailbox.org_unit, today=localdate(now))
        notify(
            set(people.values_list("pk", flat=True)),
            NOT_FETCHED,
            url=reverse("mailroom:mailboxes"),
            now=now,
            params={"mailbox": mailbox.name},
        )


def _take_all(mailbox: Mailbox, inbox: Inbox, *, now: datetime) -> int:
    """Take mails one by one; one that cannot be taken is kept raw, and stops nothing.

    A database that fails or is in the way stops the look: the next one takes the mail as it is.
    """
    after, since = _place_in(mailbox, inbox)
    taken = 0
    for uid in inbox.uids_after(after, since=since)[:AT_A_TIME]:
        fetched = inbox.fetch(uid)
        if fetched is None:
            continue
        try:
            row = take_mail(mailbox, fetched, uid_validity=inbox.uid_validity, now=now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("mail %s of mailbox %s is kept raw", uid, mailbox.pk)
            row = take_mail(mailbox, fetched, uid_validity=inbox.uid_validity, now=now, is_readable=False)
        taken += row is not None
    return taken


def _place_in(mailbox: Mailbox, inbox: Inbox) -> tuple[int, datetime]:
    """Return after which number, and from when on, mails are sought.

    A folder that the server renumbered begins after the newest mail that was taken: those before it were all taken,
    and what was erased of them since stays away.
    """
    if mailbox.uid_validity in (None, inbox.uid_validity):
        return mailbox.last_uid, max(filter(None, (mailbox.takes_from_at, mailbox.passes_until_at)))
    before = Mailbox.objects.filter(pk=mailbox.pk, era=mailbox.era, uid_validity=mailbox.uid_validity)
    before.update(uid_validity=inbox.uid_validity, last_uid=0, passes_until_at=F("taken_until_at"))
    return 0, mailbox.taken_until_at


def _flag(mailbox: Mailbox, inbox: Inbox, *, now: datetime) -> None:
    """Tell the server of what was taken, also of what a killed worker did not tell of."""
    rows = InboundMail.objects.filter(mailbox=mailbox, era=mailbox.era, uid_validity=inbox.uid_validity)
    uids = list(
        rows.filter(flagged_at=None).order_by("uid").values_list("uid", flat=True)[:FLAGGED_AT_A_TIME]
    )
    inbox.flag(uids)
    rows.filter(uid__in=uids).update(flagged_at=now)


def take_mail(
    mailbox: Mailbox, fetched: Fetched, *, uid_validity: int, now: datetime, is_readable: bool = True
) -> InboundMail | None:
    """Keep a mail, and do what follows from it; None where it was taken before. One transaction; the mailbox is locked.

    One that cannot be read is kept raw with its head, one that is not to be read without it; both wait for a person.
    None too where the mailbox asks another server by now.
    """
    stored: list[StoredFile] = []
    try:
        with transaction.atomic():
            return _take(
                mailbox, fetched, stored, uid_validity=uid_validity, now=now, is_readable=is_readable
            )
    except BaseException:
        with suppress(DatabaseError, InterfaceError):
            _remove_without_row(stored)
        raise


def _take(
    mailbox: Mailbox,
    fetched: Fetched,
    stored: list[StoredFile],
    *,
    uid_validity: int,
    now: datetime,
    is_readable: bool,
) -> InboundMail | None:
    box = Mailbox.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=mailbox.pk)
    if box.era != mailbox.era or (box.uid_validity == uid_validity and fetched.uid <= box.last_uid):
        return None
    mail, reason = _read(fetched) if is_readable else (None, Reason.WENT_WRONG)
    digest = _digest(mail if reason != Reason.NOT_READ else None, fetched.raw)
    row = _row(box, fetched, mail, uid_validity=uid_validity, digest=digest, now=now)
    Mailbox.objects.filter(pk=box.pk).update(
        uid_validity=uid_validity,
        last_uid=fetched.uid,
        taken_until_at=max(box.taken_until_at, row.received_at),
        updated_at=now,
    )
    is_passed = box.passes_until_at is not None and row.received_at <= box.passes_until_at
    if is_passed or InboundMail.objects.filter(mailbox=box, digest=digest).exists():
        return None
    row.raw = store(File(io.BytesIO(fetched.raw)), name="mail.eml", now=now)
    stored.append(row.raw)
    row.state, row.reason = _what_stops(box, row, reason, now=now)
    row.save(force_insert=True)
    if mail is not None and reason == Reason.NONE:
        _follow(row, mail, box, stored, now=now)
    record(_received(row), actor=POST, now=now)
    return row


def _what_stops(box: Mailbox, row: InboundMail, reason: str, *, now: datetime) -> tuple[str, str]:
    """Return the state and reason of a mail that leads to nothing by itself; empty ones for all others."""
    if reason:
        return State.WAITING, reason
    if row.kind != MailKind.PERSON:
        return "", Reason.NONE
    if _came_elsewhere(box, row):
        return State.NOTED, Reason.COPY
    if row.received_at < box.takes_from_at:
        return State.WAITING, Reason.OLDER
    return (State.HELD, Reason.FLOOD) if _is_flood(box, row, now=now) else ("", Reason.NONE)


def _follow(
    row: InboundMail, mail: ReadMail, box: Mailbox, stored: list[StoredFile], *, now: datetime
) -> None:
    """Keep the files of a mail and do what follows from it; where that fails, the mail itself stays and waits.

    A database that fails or is in the way is no fault of the mail: the next look takes it again.
    """
    try:
        with transaction.atomic():
            _keep_files(row, mail, stored, now=now)
            if not row.state:
                lead_on(row, mail, box, actor=POST, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("mail %s is left to a person", row.pk)
        _remove_without_row(stored)
        row.refresh_from_db()
        row.state, row.reason = State.WAITING, Reason.WENT_WRONG
        row.save(update_fields=["state", "reason"])


def _remove_without_row(stored: Iterable[StoredFile]) -> None:
    """Remove files from the disk whose rows went with a transaction that failed."""
    kept = set(StoredFile.objects.filter(pk__in=[row.pk for row in stored]).values_list("pk", flat=True))
    for row in stored:
        if row.pk not in kept:
            Path(row.file.path).unlink(missing_ok=True)


def _read(fetched: Fetched) -> tuple[ReadMail, str]:
    """Return what a mail says, its head alone where more cannot be had, and the reason for that; one query."""
    addresses = (sender_address(), *Mailbox.objects.values_list("address", flat=True))
    own = {address.lower() for address in addresses if address}
    try:
        mail = read_mail(fetched.raw, own=own)
    except MailNotRead:
        return read_head(fetched.raw, own=own), Reason.NOT_READ
    return mail, Reason.NONE if fetched.is_whole else Reason.TOO_LARGE


def _digest(mail: ReadMail | None, raw: bytes) -> bytes:
    """Return what tells the same mail again: its name, sender and words, since servers write into the head."""
    if mail is None or not mail.message_id:
        return sha256(raw).digest()
    said = "\n".join((mail.message_id, mail.sender, mail.subject, mail.text, mail.quoted))
    files = b"".join(sha256(file.content).digest() for file in mail.files)
    return sha256(said.encode() + files).digest()


def _row(
    mailbox: Mailbox,
    fetched: Fetched,
    mail: ReadMail | None,
    *,
    uid_validity: int,
    digest: bytes,
    now: datetime,
) -> InboundMail:
    row = InboundMail(
        org_unit_id=mailbox.org_unit_id,
        mailbox=mailbox,
        era=mailbox.era,
        uid_validity=uid_validity,
        uid=fetched.uid,
        digest=digest,
        kind=mail.kind if mail else MailKind.PERSON,
        state="",
        received_at=min(fetched.received_at or now, now),
        size=fetched.size,
        is_sample=mailbox.is_sample,
        created_at=now,
        updated_at=now,
    )
    if mail:
        row.message_id, row.thread = mail.message_id, "\n".join(mail.replies_to)
        row.sender, row.sender_mark, row.sender_name = mail.sender, mark_of(mail.sender), mail.sender_name
        row.subject, row.text, row.quoted = mail.subject, mail.text, mail.quoted
        row.is_cut, row.files_left_out = mail.is_cut, mail.files_left_out
    return row


def _came_elsewhere(box: Mailbox, row: InboundMail) -> bool:
    """Tell whether another mailbox of the place took the same mail, and name its case.

    Two mailboxes are looked into at the same moment, and locks on them keep nobody apart: the mail itself is locked.
    """
    with connection.cursor() as cursor:
        key = f"mailroom|{box.org_unit_id}|{row.digest.hex()}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    elsewhere = InboundMail.objects.filter(mailbox__org_unit=box.org_unit_id, digest=row.digest)
    first = elsewhere.exclude(mailbox=box).order_by("id").first()
    if first is not None:
        row.case_id, row.customer_id = first.case_id, first.customer_id
    return first is not None


def _is_flood(mailbox: Mailbox, row: InboundMail, *, now: datetime) -> bool:
    """Tell whether a person's mails are too many within an hour; those who handle mail are told of the first."""
    if not row.sender_mark:
        return False
    since = now - FLOOD_TIME
    before = InboundMail.objects.filter(
        mailbox=mailbox, sender_mark=row.sender_mark, kind=row.kind, created_at__gt=since
    )
    if before.count() < FLOOD_MAILS:
        return False
    if not before.filter(state=State.HELD).exists():
        people = handlers_at(mailbox.org_unit, now=now)
        url = f"{reverse('mailroom:mails')}?state=held"
        notify(people, FLOODED, url=url, now=now, params={"mailbox": mailbox.name})
    return True


def _keep_files(row: InboundMail, mail: ReadMail, stored: list[StoredFile], *, now: datetime) -> None:
    """Keep what may be kept of the files; of the others, their names and why not."""
    kept = []
    for file in mail.files[:MOST_KEPT_FILES]:
        kept.append(_file(row, file, now=now))
        stored += [each.stored for each in kept[-1:] if each.stored]
    insert_many(kept)
    left_out = len(mail.files) - len(kept)
    if left_out:
        row.files_left_out += left_out
        row.save(update_fields=["files_left_out"])


def _file(row: InboundMail, file: MailFile, *, now: datetime) -> MailAttachment:
    kept = MailAttachment(mail=row, name=file.name, is_sample=row.is_sample, created_at=now, updated_at=now)
    try:
        accepted = accept_upload(File(io.BytesIO(file.content), name=file.name), PAPERS)
    except InvalidInput as refusal:
        kept.refusal = refusal.code
        return kept
    kept.stored, kept.name, kept.media_type = (
        store_accepted(accepted, now=now),
        accepted.name,
        accepted.media_type,
    )
    return kept


def _received(row: InboundMail) -> MailReceived:
    return MailReceived(
        occurred_at=row.received_at,
        org_unit_id=row.org_unit_id,
        customer_id=row.customer_id,
        subject_id=row.pk,
        channel="email",
        kind=row.kind,
        state=row.state,
        is_sample=row.is_sample,
    )

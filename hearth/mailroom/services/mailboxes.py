"""Setting mailboxes up, and trying whether they can be fetched from."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.mailroom.events import MailboxChanged
from hearth.mailroom.gateway import Account, Inbox, MailboxFailed
from hearth.mailroom.models import Failure, Mailbox
from hearth.mailroom.permissions import MANAGE_MAILBOX
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project


class MailboxRefused(DomainError):
    """The server was asked, and it did not work."""

    code = "mailbox_refused"
    message = _("The mailbox cannot be fetched from: %(reason)s.")


class FolderTaken(InvalidInput):
    """A folder that two fetch from would give each half of the mails."""

    code = "folder_taken"
    message = _("This folder is fetched from already.")


class PasswordMissing(InvalidInput):
    """A server is not asked without a password."""

    code = "password_missing"
    message = _("Give the password: a new server or user name needs it again.")


class ProjectOutside(InvalidInput):
    """A mailbox of a place serves projects of that place."""

    code = "project_outside"
    message = _("This project does not belong to the place.")


@dataclass(frozen=True)
class AboutMailbox:
    """What a person says of a mailbox; an empty password leaves the one that is kept."""

    name: str
    address: str
    host: str
    port: int
    security: str
    user_name: str
    folder: str
    password: str = ""
    project: Project | None = None
    sends_receipts: bool = True
    is_active: bool = True


def account_of(mailbox: Mailbox, password: str = "") -> Account:
    """Return how a mailbox is opened."""
    return Account(
        mailbox.host,
        mailbox.port,
        mailbox.security,
        mailbox.user_name,
        password or mailbox.password,
        mailbox.folder,
        settings.MAILBOX_NETWORKS,
    )


def try_mailbox(about: AboutMailbox, *, password: str) -> None:
    """Open a mailbox as it would be fetched from, and leave it as it was. Not to be called within a transaction.

    :raises MailboxRefused: with the reason in words
    """
    account = Account(
        about.host,
        about.port,
        about.security,
        about.user_name,
        password,
        about.folder,
        settings.MAILBOX_NETWORKS,
    )
    try:
        with Inbox(account):
            pass
    except MailboxFailed as error:
        raise MailboxRefused(reason=Failure(error.code).label) from error


@transaction.atomic
def add_mailbox(place: OrgUnit, about: AboutMailbox, *, actor: Actor, now: datetime) -> Mailbox:
    """Have mails of one more mailbox taken in for a place.

    :raises NotAllowed: if the actor may not manage mailboxes there
    :raises PasswordMissing, FolderTaken, ProjectOutside: if it does not hold
    """
    actor.require(MANAGE_MAILBOX, place.pk)
    if not about.password:
        raise PasswordMissing("password")
    row = Mailbox(org_unit=place, created_at=now, takes_from_at=now, taken_until_at=now)
    return _write(row, about, actor=actor, now=now)


@transaction.atomic
def change_mailbox(mailbox: Mailbox, about: AboutMailbox, *, actor: Actor, now: datetime) -> Mailbox:
    """Change a mailbox. Another server or folder begins where the one before ended, by the clock.

    The password is never sent to a server that it was not given for.

    :raises NotAllowed: if the actor may not manage mailboxes there
    :raises PasswordMissing, FolderTaken, ProjectOutside: if it does not hold
    """
    actor.require(MANAGE_MAILBOX, mailbox.org_unit_id)
    row = Mailbox.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=mailbox.pk)
    if asks_elsewhere(row, about) and not about.password:
        raise PasswordMissing("password")
    if (row.host, row.user_name, row.folder) != (about.host, about.user_name, about.folder):
        row.uid_validity, row.last_uid, row.era = None, 0, row.era + 1
        row.takes_from_at, row.passes_until_at, row.claim_ends_at = row.taken_until_at, None, None
    return _write(row, about, actor=actor, now=now)


def asks_elsewhere(mailbox: Mailbox, about: AboutMailbox) -> bool:
    """Tell whether another server, or another user of it, would be asked, or in a less guarded way."""
    before = (mailbox.host, mailbox.port, mailbox.user_name, mailbox.security)
    return before != (about.host, about.port, about.user_name, about.security)


def _write(row: Mailbox, about: AboutMailbox, *, actor: Actor, now: datetime) -> Mailbox:
    if about.project and not about.project.org_unit.path.startswith(row.org_unit.path):
        raise ProjectOutside("project")
    others = Mailbox.objects.filter(host=about.host, user_name=about.user_name, folder=about.folder)
    if others.exclude(pk=row.pk).exists():
        raise FolderTaken("folder")
    for name in ("name", "address", "host", "port", "security", "user_name", "folder", "project"):
        setattr(row, name, getattr(about, name))
    row.sends_receipts, row.is_active, row.updated_at = about.sends_receipts, about.is_active, now
    row.failure, row.first_failed_at = Failure.NONE, None
    if about.password:
        row.password = about.password
    row.save()
    event = MailboxChanged(org_unit_id=row.org_unit_id, subject_id=row.pk, is_active=row.is_active)
    record(event, actor=actor, now=now)
    return row

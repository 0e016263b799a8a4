"""What audit offers to the rail, and the tables below it that are not watched."""

from allauth.account.models import EmailConfirmation
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import Notification
from hearth.audit.coverage import leave_unwatched, watch_after_migration
from hearth.audit.models import AuditEntry, AuditSeal
from hearth.audit.permissions import VIEW_AUDIT
from hearth.audit.sealing import COLUMN
from hearth.core.models import EventRecord, IdempotencyKey, RequestWindow
from hearth.core.navigation import Place, Section, register_place
from hearth.core.sealed_places import bound_elsewhere, keep_their_key
from hearth.lists.models import BulkRow, BulkRun

post_migrate.connect(watch_after_migration)
register_place(
    Place(_("Audit log"), "history", "audit:entries", VIEW_AUDIT, order=35, section=Section.SETTINGS)
)

bound_elsewhere.register(COLUMN, "id")
keep_their_key.register(
    COLUMN, "the chain of the log holds their digests; they go when their values are erased"
)

for ours in (AuditEntry, AuditSeal):
    leave_unwatched(ours, because="The log does not note itself; its seals show whether it was touched.")
for unused in (Group, Group.permissions.through, Permission, ContentType):
    leave_unwatched(unused, because="Django's own tables, which Hearth writes at migrations only.")
leave_unwatched(
    EventRecord, because="A log of its own: rows are added and can be neither changed nor removed."
)
leave_unwatched(
    IdempotencyKey, because="Answers kept for a day, sealed; the act itself is noted where it happens."
)
leave_unwatched(RequestWindow, because="Counters of one minute.")
leave_unwatched(Session, because="Written by every request; signing in and out are events.")
leave_unwatched(UserSession, because="Written by every request; signing in and out are events.")
leave_unwatched(EmailConfirmation, because="Keys of links that end after days.")
leave_unwatched(Notification, because="What the bell said, of things that are noted where they happen.")
for bulk in (BulkRun, BulkRow):
    leave_unwatched(bulk, because="The progress of a run; each changed row is noted where it stands.")

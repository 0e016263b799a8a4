"""The script that all keep to, and the reply to the public: written, approved by another, published."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hearth.cases.permissions import OVERSEE_CASE
from hearth.cases.services import NotAChoice
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.group_cases.events import StatementApproved, StatementPublished, StatementWritten
from hearth.group_cases.models import GroupCase, Statement
from hearth.group_cases.services.steps import about, live


class WordsMissing(InvalidInput):
    """A script or reply says something."""

    code = "words_missing"
    message = _("Write the words first.")


class OwnWords(DomainError):
    """What is said is approved by somebody else."""

    code = "own_words"
    message = _("Somebody else than who wrote it approves it.")


class ApprovedBefore(DomainError):
    """A version is approved once."""

    code = "approved_before"
    message = _("This version is approved already.")


class NewerVersion(DomainError):
    """Only the latest version is approved or published."""

    code = "newer_version"
    message = _("There is a newer version.")


class NotToPublish(DomainError):
    """A reply is published once, and when it is approved."""

    code = "not_to_publish"
    message = _("Only a reply that is approved, and was not published, is published.")


@transaction.atomic
def write_statement(group: GroupCase, *, actor: Actor, kind: str, text: str, now: datetime) -> Statement:
    """Write the next version of the script or of the reply; what was approved before stands until this one is.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if the group complaint is closed
    :raises NotAChoice: if it is neither script nor reply
    :raises WordsMissing: if it says nothing
    """
    group = live(group, actor)
    if kind not in Statement.Kind.values:
        raise NotAChoice("kind")
    if not text.strip():
        raise WordsMissing("text")
    last = Statement.objects.filter(group_case=group, kind=kind).aggregate(last=Max("version"))["last"]
    statement = Statement.objects.create(
        group_case=group,
        kind=kind,
        version=(last or 0) + 1,
        text=text.strip(),
        written_by_id=actor.user_id,
        is_sample=group.is_sample,
        created_at=now,
        updated_at=now,
    )
    event = StatementWritten(**about(group), kind=kind, version=statement.version)
    record(event, actor=actor, now=now)
    return statement


@transaction.atomic
def approve_statement(statement: Statement, *, actor: Actor, now: datetime) -> Statement:
    """Approve what somebody else wrote.

    :raises NotAllowed: if the actor may not change cases there, or does not answer for them
    :raises GroupIsClosed: if the group complaint is closed
    :raises OwnWords: if the actor wrote it
    :raises ApprovedBefore: if that was done
    :raises NewerVersion: if there is a later one
    """
    group = live(statement.group_case, actor)
    actor.require(OVERSEE_CASE, group.org_unit_id)
    statement = _latest(statement)
    if actor.user_id is not None and actor.user_id == statement.written_by_id:
        raise OwnWords
    if statement.approved_at is not None:
        raise ApprovedBefore
    statement.approved_at, statement.approved_by_id, statement.updated_at = now, actor.user_id, now
    statement.save(update_fields=["approved_at", "approved_by", "updated_at"])
    event = StatementApproved(**about(group), kind=statement.kind, version=statement.version)
    record(event, actor=actor, now=now)
    return statement


@transaction.atomic
def publish_reply(statement: Statement, *, actor: Actor, where: str, now: datetime) -> Statement:
    """Note that an approved reply was published, and where.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if the group complaint is closed
    :raises WordsMissing: if it is not said where
    :raises NotToPublish: if it is no approved reply, or was published before
    :raises NewerVersion: if there is a later one
    """
    group = live(statement.group_case, actor)
    if not where.strip():
        raise WordsMissing("where")
    statement = _latest(statement)
    is_reply = statement.kind == Statement.Kind.REPLY
    if not is_reply or statement.approved_at is None or statement.published_at is not None:
        raise NotToPublish
    statement.published_at = max(now, statement.approved_at)
    statement.published_where, statement.updated_at = where.strip()[:200], now
    statement.save(update_fields=["published_at", "published_where", "updated_at"])
    record(StatementPublished(**about(group), version=statement.version), actor=actor, now=now)
    return statement


def _latest(statement: Statement) -> Statement:
    """Lock a version that no later one replaces."""
    locked = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    later = Statement.objects.filter(
        group_case=locked.group_case_id, kind=locked.kind, version__gt=locked.version
    )
    if later.exists():
        raise NewerVersion
    return locked

"""Opening, answering and closing cases, and the steps between."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.cases.events import CaseAnswered, CaseChanged, CaseClosed, CaseOpened
from hearth.cases.models import Case, CasePause
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services.accounts import Account, require_in_use, require_likely, topics_of, write_accounts
from hearth.cases.services.clocks import keep_clocks
from hearth.cases.services.closing import refuse_unless_complete
from hearth.cases.services.ladder import keep_grade, raise_ladder
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import Event, record, record_many
from hearth.core.ownership import reassign
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.values import keep_values
from hearth.lib.chinese import text_tokens


class AnswerMissing(InvalidInput):
    """An answer says something."""

    code = "answer_missing"
    message = _("Write the answer first.")


class CaseIsClosed(DomainError):
    """A closed case does not change."""

    code = "case_is_closed"
    message = _("This case is closed.")


class NotAnswered(DomainError):
    """A case is closed after the customer got an answer."""

    code = "not_answered"
    message = _("Answer the customer before you close the case.")


class CaseStaysAnswered(DomainError):
    """What was answered or closed is not open again."""

    code = "case_stays_answered"
    message = _("An answered case does not open again. Open a new one.")


@dataclass(frozen=True)
class NewCase:
    """A matter to be written; instants in UTC, values of custom fields read already."""

    org_unit_id: int
    kind: str
    title: str
    body: str
    channel: str
    opened_at: datetime
    customer_id: UUID | None = None
    project_id: UUID | None = None
    unit_id: UUID | None = None
    grade: str = Case.Grade.ORDINARY
    topic: str = ""
    reply: str = ""
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    external_key: str = ""
    category_id: int | None = None
    account: Account | None = None
    custom: tuple[tuple[FieldDefinition, Any], ...] = ()

    @property
    def state(self) -> Case.State:
        if self.closed_at:
            return Case.State.CLOSED
        return Case.State.ANSWERED if self.answered_at else Case.State.OPEN


@transaction.atomic
def open_case(new: NewCase, *, actor: Actor, now: datetime) -> Case:
    """Take in a matter.

    :raises NotAllowed: if the actor may not open cases at the place
    :raises DayUnlikely: if what is told happened later, or is expected earlier, than the case opens
    :raises CategoryPutAside: if matters of the category are no longer taken in
    """
    actor.require(CHANGE_CASE, new.org_unit_id)
    if new.account:
        require_likely(new.account, opened_at=new.opened_at)
    require_in_use(new.category_id)
    return write_cases([new], actor=actor, now=now, is_quiet=False)[0]


def write_cases(
    cases: Sequence[NewCase], *, actor: Actor, now: datetime, is_sample: bool = False, is_quiet: bool = True
) -> list[Case]:
    """Write checked cases with their clocks, and an event for each step they have taken; opens no transaction.

    The number of queries does not depend on how many there are. `is_quiet`: of what is overdue already, as old cases
    from a file are, nobody is told.
    """
    topics = topics_of({new.category_id for new in cases if new.category_id})
    rows = [_row(new, topics, now=now, is_sample=is_sample) for new in cases]
    insert_many(rows)
    write_accounts([(row, new.account) for row, new in zip(rows, cases, strict=True) if new.account], now=now)
    keep_clocks([row.pk for row in rows], now=now, is_quiet=is_quiet)
    if not is_quiet:
        for row in rows:
            raise_ladder(row, "grade", row.grade, now=now)
    record_many((event for row in rows for event in _history(row)), actor=actor, now=now)
    return rows


def _row(new: NewCase, topics: Mapping[int, str], *, now: datetime, is_sample: bool) -> Case:
    case = Case(
        org_unit_id=new.org_unit_id,
        external_key=new.external_key,
        category_id=new.category_id,
        customer_id=new.customer_id,
        project_id=new.project_id,
        unit_id=new.unit_id,
        kind=new.kind,
        grade=new.grade,
        state=new.state,
        channel=new.channel,
        topic=new.topic or topics.get(new.category_id or 0, ""),
        title=new.title,
        body=new.body,
        reply=new.reply,
        opened_at=new.opened_at,
        answered_at=new.answered_at,
        closed_at=new.closed_at,
        text_tokens=tokens_of(new.title, new.body, new.reply),
        created_at=now,
        updated_at=now,
        is_sample=is_sample,
    )
    case.custom = keep_values(new.custom, case)
    return case


def tokens_of(*texts: str) -> list[str]:
    """Cut the texts of a case into the words it is found by."""
    return text_tokens("\n".join(texts))


def _history(case: Case) -> Iterable[Event]:
    yield CaseOpened(
        **about(case), occurred_at=case.opened_at, kind=case.kind, grade=case.grade, topic=case.topic
    )
    if case.answered_at:
        yield CaseAnswered(**about(case), occurred_at=case.answered_at, kind=case.kind)
    if case.closed_at:
        yield CaseClosed(**about(case), occurred_at=case.closed_at, kind=case.kind)


def about(case: Case) -> dict[str, Any]:
    """What every event of a case carries."""
    return {
        "org_unit_id": case.org_unit_id,
        "customer_id": case.customer_id,
        "unit_id": case.unit_id,
        "project_id": case.project_id,
        "subject_id": case.pk,
        "channel": case.channel,
        "is_sample": case.is_sample,
    }


@transaction.atomic
def answer_case(case: Case, *, actor: Actor, reply: str, now: datetime) -> Case:
    """Record the answer the customer got; a later answer replaces the text and keeps the first time.

    :raises NotAllowed: if the actor may not change cases there
    :raises AnswerMissing: if the text is empty
    :raises CaseIsClosed: if the case is closed
    """
    case = live(case, actor)
    if not reply.strip():
        raise AnswerMissing("reply")
    case.reply = reply.strip()
    case.answered_at = case.answered_at or now
    case.state, case.updated_at = Case.State.ANSWERED, now
    case.text_tokens = tokens_of(case.title, case.body, case.reply)
    case.save(update_fields=["reply", "answered_at", "state", "updated_at", "text_tokens"])
    keep_clocks([case.pk], now=now)
    record(CaseAnswered(**about(case), kind=case.kind), actor=actor, now=now)
    return case


@transaction.atomic
def close_case(case: Case, *, actor: Actor, now: datetime) -> Case:
    """Settle a case that was answered.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if it was closed before
    :raises NotAnswered: if the customer has no answer
    :raises ClosingIncomplete, HandlerCloses: if it is a complaint, which its place closes in full only
    """
    case = live(case, actor)
    if case.answered_at is None:
        raise NotAnswered
    refuse_unless_complete(case, actor)
    case.state, case.closed_at, case.updated_at = Case.State.CLOSED, now, now
    case.save(update_fields=["state", "closed_at", "updated_at"])
    CasePause.objects.open().filter(case=case).update(ended_at=now, ended_by=actor.user_id, updated_at=now)
    keep_clocks([case.pk], now=now)
    record(CaseClosed(**about(case), kind=case.kind), actor=actor, now=now)
    return case


@transaction.atomic
def change_case(case: Case, *, actor: Actor, grade: str, assignee: User | None, now: datetime) -> Case:
    """Set the grade and who is in charge; records what changed, and nothing when nothing did.

    The first who is put in charge makes the case dispatched.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if the case is closed
    """
    case = live(case, actor)
    before = case.grade
    changed = tuple(
        name for name, value in (("grade", grade), ("assignee", assignee)) if getattr(case, name) != value
    )
    if not changed:
        return case
    case.grade, case.assignee, case.updated_at = grade, assignee, now
    if assignee is not None:
        case.dispatched_at = case.dispatched_at or now
    case.save(update_fields=["grade", "assignee", "dispatched_at", "updated_at"])
    keep_clocks([case.pk], now=now)
    if before != grade:
        keep_grade(case, before, "", actor=actor, now=now)
    record(CaseChanged(**about(case), changed=changed), actor=actor, now=now)
    return case


@transaction.atomic
def change_kind(case: Case, *, actor: Actor, kind: str, now: datetime) -> Case:
    """Say what kind of matter a case is; its clocks are made anew by the rules for that kind.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if the case is closed
    """
    case = live(case, actor)
    if case.kind == kind:
        return case
    case.kind, case.updated_at = kind, now
    case.save(update_fields=["kind", "updated_at"])
    keep_clocks([case.pk], now=now)
    record(CaseChanged(**about(case), changed=("kind",)), actor=actor, now=now)
    return case


def pass_on_cases(
    ids: Collection[UUID], *, from_user_id: int | None, to_user_id: int, actor: Actor, now: datetime
) -> list[UUID]:
    """Put a colleague in charge of open cases that are still another's.

    A step of handing over a book, which asks for its right; opens no transaction. Returns what changed hands.
    """
    rows = reassign(
        Case.objects.open(), "assignee", ids, from_user_id=from_user_id, to_user_id=to_user_id, now=now
    )
    given = [row.pk for row in rows if from_user_id is None and row.dispatched_at is None]
    Case.objects.filter(pk__in=given).update(dispatched_at=now)
    keep_clocks(given, now=now)
    events = [CaseChanged(**about(row), changed=("assignee",)) for row in rows]
    record_many(events, actor=actor, now=now)
    return [row.pk for row in rows]


def live(case: Case, actor: Actor) -> Case:
    """Lock a case that may still change."""
    actor.require(CHANGE_CASE, case.org_unit_id)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.state == Case.State.CLOSED:
        raise CaseIsClosed
    return case

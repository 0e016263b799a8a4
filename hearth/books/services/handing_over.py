"""Handing over a book: asked for in a second, done by a job in pieces, each of them complete in itself."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.accounts.services import notify
from hearth.books.events import BookHandedOver
from hearth.books.models import BookHandover, BookMove
from hearth.books.notifications import GIVEN_AWAY, RECEIVED
from hearth.books.permissions import HAND_OVER
from hearth.books.planning import HandoverRule, PlannedMove, plan_moves
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.core.ownership import holdings
from hearth.organization.selectors import actor_for

Clock = Callable[[], datetime]
ROWS_AT_ONCE = 500
State, Outcome = BookHandover.State, BookMove.Outcome


class HandOverToNobody(InvalidInput):
    """Somebody else must get the book."""

    code = "hand_over_to_nobody"
    message = _("Choose who gets the book.")


class BadLastDay(InvalidInput):
    """A cover ends after today; nothing else ends by itself."""

    code = "bad_last_day"
    message = _("Choose a day after today on which the cover ends.")


class NothingToHandOver(DomainError):
    """The person is in charge of nothing at this place."""

    code = "nothing_to_hand_over"
    message = _("There is nothing to hand over here.")


@transaction.atomic
def hand_over_book(rule: HandoverRule, *, actor: Actor, now: datetime) -> BookHandover:
    """Ask for a handover, and queue the job that does it.

    :raises NotAllowed: if the actor may not hand over books at the place
    :raises HandOverToNobody: if nobody but the person would get anything
    :raises BadLastDay: if a cover does not end after today
    :raises NothingToHandOver: if the person is in charge of nothing there
    """
    from hearth.books.jobs import run  # noqa: PLC0415  (jobs call services)

    actor.require(HAND_OVER, rule.org_unit.pk)
    if not User.objects.active().filter(pk__in=rule.people).exists():
        raise HandOverToNobody("recipients")
    is_cover = rule.kind == BookHandover.Rule.COVER
    if is_cover and (rule.until_date is None or rule.until_date <= localdate(now)):
        raise BadLastDay("until_date")
    total = sum(1 for _move in plan_moves(rule, today=localdate(now)))
    if not total:
        raise NothingToHandOver
    handover = BookHandover.objects.create(
        org_unit=rule.org_unit,
        from_user=rule.from_user,
        rule=rule.kind,
        recipients=list(rule.recipients),
        by_place={str(place): user_id for place, user_id in rule.by_place.items()},
        holdings=list(rule.holdings),
        until_date=rule.until_date if is_cover else None,
        note=rule.note,
        total=total,
        requested_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    run.defer(handover_id=str(handover.pk))
    return handover


def rule_of(handover: BookHandover) -> HandoverRule:
    """Read the rule back from its row."""
    return HandoverRule(
        from_user=handover.from_user,
        org_unit=handover.org_unit,
        kind=handover.rule,
        recipients=tuple(handover.recipients),
        holdings=tuple(handover.holdings),
        by_place={int(place): user_id for place, user_id in handover.by_place.items()},
        until_date=handover.until_date,
        note=handover.note,
    )


def run_handover(handover_id: UUID, *, clock: Clock) -> None:
    """Do a handover piece by piece; after a crash it goes on where it stopped. Done, it does nothing.

    It stops for good where whoever asked for it may no longer: what was moved until then can be given back.
    """
    handover = BookHandover.objects.select_related("from_user", "org_unit", "requested_by").get(
        pk=handover_id
    )
    if not handover.is_under_way:
        return
    actor = _actor_of(handover, clock())
    if not actor.can(HAND_OVER, handover.org_unit_id):
        _stop(handover, now=clock())
        return
    given = handover.moves.filter(outcome=Outcome.MOVED).values_list("to_user").annotate(number=Count("id"))
    moves = list(plan_moves(rule_of(handover), today=localdate(clock()), given=dict(given)))
    for start in range(0, len(moves), ROWS_AT_ONCE):
        _do(handover, moves[start : start + ROWS_AT_ONCE], actor=actor, now=clock())
    _finish(handover, actor=actor, now=clock())


def _actor_of(handover: BookHandover, now: datetime) -> Actor:
    """Whoever asked for it is who did it."""
    if handover.requested_by is None:
        return Actor.system("books")
    if not handover.requested_by.is_active:
        return Actor.nobody()
    return actor_for(handover.requested_by, today=localdate(now))


@transaction.atomic
def _stop(handover: BookHandover, *, now: datetime) -> None:
    waiting = BookHandover.objects.filter(pk=handover.pk, state__in=(State.WAITING, State.RUNNING))
    waiting.update(state=State.STOPPED, done_at=now, updated_at=now)


@transaction.atomic
def _do(handover: BookHandover, piece: Sequence[PlannedMove], *, actor: Actor, now: datetime) -> None:
    """Move some rows and write down what became of each; the handover's row is locked meanwhile."""
    locked = BookHandover.objects.select_for_update().get(pk=handover.pk)
    if not locked.is_under_way:
        return
    passed = _pass_on(handover, piece, actor=actor, now=now)
    known = set(
        BookMove.objects.filter(handover=handover, row_id__in=[move.row_id for move in piece]).values_list(
            "holding", "row_id"
        )
    )
    rows = [
        BookMove(
            handover=handover,
            holding=move.holding,
            row_id=move.row_id,
            to_user_id=move.to_user_id,
            outcome=_outcome(move, passed),
            created_at=now,
            updated_at=now,
        )
        for move in piece
        if (move.holding, move.row_id) not in known
    ]
    insert_many(rows)
    moved = sum(row.outcome == Outcome.MOVED for row in rows)
    BookHandover.objects.filter(pk=handover.pk).update(
        state=State.RUNNING, moved=F("moved") + moved, left=F("left") + len(rows) - moved, updated_at=now
    )


def _pass_on(
    handover: BookHandover, piece: Sequence[PlannedMove], *, actor: Actor, now: datetime
) -> set[tuple[str, UUID]]:
    by_target: dict[tuple[str, int], list[UUID]] = {}
    for move in piece:
        if move.to_user_id is not None:
            by_target.setdefault((move.holding, move.to_user_id), []).append(move.row_id)
    passed = set()
    for (code, user_id), ids in by_target.items():
        done = holdings[code].pass_on(
            ids, from_user_id=handover.from_user_id, to_user_id=user_id, actor=actor, now=now
        )
        passed |= {(code, row_id) for row_id in done}
    return passed


def _outcome(move: PlannedMove, passed: set[tuple[str, UUID]]) -> BookMove.Outcome:
    if move.to_user_id is None:
        return Outcome.NOBODY
    return Outcome.MOVED if (move.holding, move.row_id) in passed else Outcome.CHANGED


@transaction.atomic
def _finish(handover: BookHandover, *, actor: Actor, now: datetime) -> None:
    """Close the handover, tell everybody, and queue their mails; once."""
    locked = BookHandover.objects.select_for_update().get(pk=handover.pk)
    if not locked.is_under_way:
        return
    locked.state, locked.done_at, locked.updated_at = State.DONE, now, now
    locked.save(update_fields=["state", "done_at", "updated_at"])
    event = BookHandedOver(
        org_unit_id=locked.org_unit_id,
        subject_id=locked.pk,
        from_user_id=locked.from_user_id,
        rule=locked.rule,
        moved=locked.moved,
        left=locked.left,
    )
    record(event, actor=actor, now=now)
    _tell(locked, str(handover.from_user), now)


def _tell(handover: BookHandover, name: str, now: datetime) -> None:
    from hearth.books.jobs import send_mail  # noqa: PLC0415  (jobs call services)

    got = Counter(
        handover.moves.filter(outcome=Outcome.MOVED, to_user__isnull=False).values_list(
            "to_user_id", flat=True
        )
    )
    url = reverse("books:mine", args=[handover.pk])
    for user_id, number in got.items():
        notify([user_id], RECEIVED, url=url, now=now, params={"count": number, "name": name})
    if handover.moved:
        notify([handover.from_user_id], GIVEN_AWAY, url=url, now=now, params={"count": handover.moved})
        for user_id in sorted({*got, handover.from_user_id}):
            send_mail.defer(handover_id=str(handover.pk), user_id=user_id)

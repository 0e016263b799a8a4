"""Taking a handover back: by hand, or when a cover has reached its last day."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.services import notify
from hearth.books.events import BookReturned
from hearth.books.models import BookHandover, BookMove
from hearth.books.notifications import RETURNED
from hearth.books.permissions import HAND_OVER
from hearth.books.services.handing_over import ROWS_AT_ONCE
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.core.ownership import holdings

State, Outcome = BookHandover.State, BookMove.Outcome


class NotReturnable(DomainError):
    """Only what was done can be taken back, and only to somebody who is still here."""

    code = "not_returnable"
    message = _("This handover cannot be undone: it is not done, or the person has left.")


@transaction.atomic
def undo_handover(handover: BookHandover, *, actor: Actor, now: datetime) -> BookHandover:
    """Give back what is still with whom the handover gave it to; what changed hands since stays.

    :raises NotAllowed: if the actor may not hand over books at the place
    :raises NotReturnable: if it is not done, or the person's account is closed
    """
    actor.require(HAND_OVER, handover.org_unit_id)
    locked = (
        BookHandover.objects.select_for_update(of=("self",)).select_related("from_user").get(pk=handover.pk)
    )
    if not locked.is_returnable or not locked.from_user.is_active:
        raise NotReturnable
    _return(locked, State.UNDONE, actor=actor, now=now)
    return locked


def end_covers(*, now: datetime) -> int:
    """End the covers whose last day has come, and return how many; where the person has left, the cover stays.

    May be repeated.
    """
    actor = Actor.system("books")
    ended = 0
    for pk in BookHandover.objects.covers_to_end(localdate(now)).order_by("id").values_list("pk", flat=True):
        with transaction.atomic():
            kept = BookHandover.objects.select_for_update(of=("self",)).select_related("from_user").get(pk=pk)
            if kept.is_returnable and kept.from_user.is_active:
                _return(kept, State.ENDED, actor=actor, now=now)
                ended += 1
    return ended


def _return(handover: BookHandover, state: BookHandover.State, *, actor: Actor, now: datetime) -> None:
    moves = list(handover.moves.filter(outcome=Outcome.MOVED).order_by("holding", "to_user_id", "id"))
    pieces = [moves[start : start + ROWS_AT_ONCE] for start in range(0, len(moves), ROWS_AT_ONCE)]
    returned = sum(_give_back(handover, piece, actor=actor, now=now) for piece in pieces)
    handover.state, handover.ended_at, handover.updated_at = state, now, now
    handover.save(update_fields=["state", "ended_at", "updated_at"])
    event = BookReturned(
        org_unit_id=handover.org_unit_id,
        subject_id=handover.pk,
        from_user_id=handover.from_user_id,
        reason=state,
        returned=returned,
        kept=len(moves) - returned,
    )
    record(event, actor=actor, now=now)
    if returned:
        url = reverse("books:mine", args=[handover.pk])
        notify([handover.from_user_id], RETURNED, url=url, now=now, params={"count": returned})


def _give_back(handover: BookHandover, piece: Sequence[BookMove], *, actor: Actor, now: datetime) -> int:
    by_source: dict[tuple[str, int], list[UUID]] = {}
    for move in piece:
        if move.to_user_id is not None:
            by_source.setdefault((move.holding, move.to_user_id), []).append(move.row_id)
    returned = 0
    for (code, user_id), ids in by_source.items():
        back = holdings[code].pass_on(
            ids, from_user_id=user_id, to_user_id=handover.from_user_id, actor=actor, now=now
        )
        rows = handover.moves.filter(holding=code, row_id__in=ids)
        rows.filter(row_id__in=back).update(outcome=Outcome.RETURNED, updated_at=now)
        rows.exclude(row_id__in=back).update(outcome=Outcome.KEPT, updated_at=now)
        returned += len(back)
    return returned

"""Papers that two persons stand behind: one writes and submits, another approves or sends back.

An app says once which rights the two need, and asks here:

    DESK = SecondPerson(CHANGE_INVENTORY, APPROVE_INVENTORY)

The row it locks goes on by `hand_in`, `approve` and `send_back`, whatever else an app does with it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import Record

# A row with `state`, `author`, `editor` and `org_unit`; what waits for the second person is `SUBMITTED`.
PaperT = TypeVar("PaperT", bound=Record)
DRAFT, SUBMITTED, APPROVED = "draft", "submitted", "approved"
LONGEST_REASON = 500


class PastThatStep(DomainError):
    """What was approved is never changed, and only what was submitted is approved."""

    code = "past_that_step"
    message = _("This is past that step already. Load the page again.")


class OwnWork(DomainError):
    """Another person than the one who wrote it approves a paper."""

    code = "own_work"
    message = _("Somebody else must approve what you wrote.")


def lock(paper: PaperT, *states: str) -> PaperT:
    """Return the locked row of a paper.

    :raises PastThatStep: if it is in none of the states by now
    """
    rows = type(paper)._default_manager.select_for_update(of=("self",))
    locked: Any = rows.get(pk=paper.pk)
    if locked.state not in states:
        raise PastThatStep
    return locked  # type: ignore[no-any-return]


def hand_in(paper: Any, now: datetime, *also: str) -> None:
    """Let a locked draft wait for the second person; `also` names further fields that were changed."""
    paper.state, paper.returned_because, paper.updated_at = SUBMITTED, "", now
    paper.save(update_fields=["state", "returned_because", "updated_at", *also])


def approve(paper: Any, actor: Actor, now: datetime, *also: str) -> None:
    """Approve what waits and is locked; `also` names further fields that were changed."""
    paper.state, paper.approved_by_id, paper.approved_at, paper.updated_at = APPROVED, actor.user_id, now, now
    paper.save(update_fields=["state", "approved_by", "approved_at", "updated_at", *also])


def send_back(paper: Any, because: str, now: datetime) -> None:
    """Make what waits and is locked a draft again, with the reason."""
    paper.state, paper.returned_because, paper.updated_at = DRAFT, because.strip()[:LONGEST_REASON], now
    paper.save(update_fields=["state", "returned_because", "updated_at"])


@dataclass(frozen=True)
class SecondPerson:
    """The rights to write papers and to approve what others wrote."""

    write: str
    approve: str

    def writer_of(self, actor: Actor, org_unit_id: int) -> int:
        """Return the person who writes something at a place.

        :raises NotAllowed: if the actor may not, or is no person
        """
        actor.require(self.write, org_unit_id)
        if actor.user_id is None:
            raise NotAllowed(permission=self.write)
        return actor.user_id

    def lock_to_decide(self, paper: PaperT, actor: Actor) -> PaperT:
        """Return the locked row of what was submitted, for the second person.

        :raises NotAllowed: if the actor does not approve at the place
        :raises PastThatStep: if it does not wait for a second person
        :raises OwnWork: if the actor wrote it, or is no person
        """
        actor.require(self.approve, _place_of(paper))
        locked = lock(paper, SUBMITTED)
        if _wrote(locked, actor):
            raise OwnWork
        return locked

    def may_decide(self, paper: Record, actor: Actor) -> bool:
        """Tell whether the actor is a second person for what waits."""
        waits = getattr(paper, "state", "") == SUBMITTED
        return waits and not _wrote(paper, actor) and actor.can(self.approve, _place_of(paper))


def _place_of(paper: Any) -> int:
    return int(paper.org_unit_id)


def _wrote(paper: Any, actor: Actor) -> bool:
    return actor.user_id in (None, paper.author_id, paper.editor_id)

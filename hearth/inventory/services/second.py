"""What every paper with a second person behind it shares."""

from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.inventory.models import PriceList, ReleaseBatch
from hearth.inventory.permissions import APPROVE_INVENTORY, CHANGE_INVENTORY

PaperT = TypeVar("PaperT", ReleaseBatch, PriceList)
SUBMITTED = "submitted"


class PastThatStep(DomainError):
    """What was approved is never changed, and only what was submitted is approved."""

    code = "past_that_step"
    message = _("This is past that step already. Load the page again.")


class OwnWork(DomainError):
    """Two persons stand behind what goes on sale, and at which price."""

    code = "own_work"
    message = _("Somebody else must approve what you prepared.")


def writer_of(actor: Actor, org_unit_id: int) -> int:
    """Return the person who prepares something at a place.

    :raises NotAllowed: if the actor may not, or is no person
    """
    actor.require(CHANGE_INVENTORY, org_unit_id)
    if actor.user_id is None:
        raise NotAllowed(permission=CHANGE_INVENTORY)
    return actor.user_id


def lock(paper: PaperT, *states: str) -> PaperT:
    """Return the locked row of a paper.

    :raises PastThatStep: if it is in none of the states by now
    """
    locked = type(paper).objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if locked.state not in states:
        raise PastThatStep
    return locked


def lock_to_decide(paper: PaperT, actor: Actor) -> PaperT:
    """Return the locked row of what was submitted, for the second person.

    :raises NotAllowed: if the actor does not approve at the place
    :raises PastThatStep: if it does not wait for a second person
    :raises OwnWork: if the actor prepared it, or is no person
    """
    actor.require(APPROVE_INVENTORY, paper.org_unit_id)
    locked = lock(paper, SUBMITTED)
    if actor.user_id is None or actor.user_id in (locked.author_id, locked.editor_id):
        raise OwnWork
    return locked


def may_decide(paper: ReleaseBatch | PriceList, actor: Actor) -> bool:
    """Tell whether the actor is a second person for what waits."""
    wrote = actor.user_id in (None, paper.author_id, paper.editor_id)
    return paper.state == SUBMITTED and not wrote and actor.can(APPROVE_INVENTORY, paper.org_unit_id)

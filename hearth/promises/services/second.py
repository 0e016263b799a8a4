"""What every paper with a second person behind it shares."""

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.promises.models import Disclosure
from hearth.promises.permissions import APPROVE_PROMISE, CHANGE_PROMISE

State = Disclosure.State


class PastThatStep(DomainError):
    """What was approved is never changed, and only what was submitted is approved."""

    code = "past_that_step"
    message = _("This is past that step already. Load the page again.")


class OwnWork(DomainError):
    """Two persons stand behind what buyers are told."""

    code = "own_work"
    message = _("Somebody else must approve what you wrote.")


def writer_of(actor: Actor, org_unit_id: int) -> int:
    """Return the person who writes something at a place.

    :raises NotAllowed: if the actor may not, or is no person
    """
    actor.require(CHANGE_PROMISE, org_unit_id)
    if actor.user_id is None:
        raise NotAllowed(permission=CHANGE_PROMISE)
    return actor.user_id


def lock(disclosure: Disclosure, *states: str) -> Disclosure:
    """Return the locked row of a version.

    :raises PastThatStep: if it is in none of the states by now
    """
    locked = Disclosure.objects.select_for_update(of=("self",)).get(pk=disclosure.pk)
    if locked.state not in states:
        raise PastThatStep
    return locked


def lock_to_decide(disclosure: Disclosure, actor: Actor) -> Disclosure:
    """Return the locked row of what was submitted, for the second person.

    :raises NotAllowed: if the actor does not approve at the place
    :raises PastThatStep: if it does not wait for a second person
    :raises OwnWork: if the actor wrote it, or is no person
    """
    actor.require(APPROVE_PROMISE, disclosure.org_unit_id)
    locked = lock(disclosure, State.SUBMITTED)
    if actor.user_id is None or actor.user_id in (locked.author_id, locked.editor_id):
        raise OwnWork
    return locked


def may_decide(disclosure: Disclosure, actor: Actor) -> bool:
    """Tell whether the actor is a second person for what waits."""
    wrote = actor.user_id in (None, disclosure.author_id, disclosure.editor_id)
    waits = disclosure.state == State.SUBMITTED
    return waits and not wrote and actor.can(APPROVE_PROMISE, disclosure.org_unit_id)

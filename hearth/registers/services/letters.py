"""Writing, approving, sending and publishing the letter to the persons whom an incident touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.second_person import approve, hand_in, send_back
from hearth.registers.models import AffectedPerson, Incident, IncidentStep, NoticeLetter
from hearth.registers.permissions import APPROVE_LETTER, CHANGE_REGISTER
from hearth.registers.services.incidents import IncidentClosed

State, What = NoticeLetter.State, IncidentStep.What


class LetterPastThatStep(DomainError):
    """An approved letter is never changed, and only what was submitted is approved."""

    code = "letter_past_that_step"
    message = _("This letter is past that step.")


class OwnLetter(DomainError):
    """Two persons stand behind a letter."""

    code = "own_letter"
    message = _("Somebody else must approve a letter that you wrote.")


class LetterIncomplete(InvalidInput):
    """The law says what the persons are told."""

    code = "letter_incomplete"
    message = _("Say kinds of data, cause, harm, measures, advice and whom to ask: the law asks for each.")


@dataclass(frozen=True)
class LetterTerms:
    """What a letter says."""

    data_kinds: Sequence[str]
    cause: str
    harm: str
    measures: str
    advice: str
    contact: str


@transaction.atomic
def write_letter(incident: Incident, terms: LetterTerms, *, actor: Actor, now: datetime) -> NoticeLetter:
    """Begin the letter of an incident, or change its draft.

    :raises NotAllowed: if the actor does not handle incidents at the place, or is no person
    :raises IncidentClosed: if the incident is over
    :raises LetterPastThatStep: if the letter is no draft
    """
    locked = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    user_id = _keeper(actor, locked)
    if not locked.is_open:
        raise IncidentClosed
    letter = NoticeLetter.objects.filter(incident=locked).first()
    letter = letter or NoticeLetter(incident=locked, author_id=user_id, created_at=now)
    if letter.state != State.DRAFT:
        raise LetterPastThatStep
    letter.data_kinds, letter.editor_id, letter.updated_at = sorted(set(terms.data_kinds)), user_id, now
    for name in ("cause", "harm", "measures", "advice", "contact"):
        setattr(letter, name, getattr(terms, name).strip())
    letter.save()
    return letter


@transaction.atomic
def submit_letter(letter: NoticeLetter, *, actor: Actor, now: datetime) -> NoticeLetter:
    """Hand a draft to the second person.

    :raises NotAllowed: if the actor does not handle incidents at the place
    :raises LetterPastThatStep: if it is no draft
    :raises LetterIncomplete: if a part that the law asks for is missing
    """
    locked = _lock(letter, State.DRAFT)
    _keeper(actor, locked.incident)
    if not locked.is_complete:
        raise LetterIncomplete("cause")
    hand_in(locked, now)
    return locked


@transaction.atomic
def approve_letter(letter: NoticeLetter, *, actor: Actor, now: datetime) -> NoticeLetter:
    """Approve a letter as a second person, which sends it to everybody on the list; that decides to tell them.

    :raises NotAllowed: if the actor does not approve letters at the place
    :raises LetterPastThatStep: if it was not submitted
    :raises OwnLetter: if the actor wrote it
    """
    locked = _second(letter, actor)
    approve(locked, actor, now)
    incident = locked.incident
    if not incident.notice:
        incident.notice, incident.notice_because = Incident.Notice.TOLD, gettext("by the approved letter")
        incident.save(update_fields=["notice", "notice_because"])
    _send(locked, actor=actor, now=now)
    return locked


@transaction.atomic
def return_letter(letter: NoticeLetter, *, because: str, actor: Actor, now: datetime) -> NoticeLetter:
    """Send a letter back to be changed, with the reason.

    :raises NotAllowed: if the actor does not approve letters at the place
    :raises LetterPastThatStep: if it was not submitted
    :raises OwnLetter: if the actor wrote it
    """
    locked = _second(letter, actor)
    send_back(locked, because, now)
    return locked


@transaction.atomic
def send_letter(letter: NoticeLetter, *, actor: Actor, now: datetime) -> NoticeLetter:
    """Send an approved letter to those who came onto the list since, or have an address since. May be repeated.

    :raises NotAllowed: if the actor does not handle incidents at the place
    :raises LetterPastThatStep: if it is not approved
    """
    locked = _lock(letter, State.APPROVED)
    _keeper(actor, locked.incident)
    unreached = locked.incident.affected.filter(told=AffectedPerson.Told.NO_CHANNEL)
    unreached.update(told=AffectedPerson.Told.NOT_YET, updated_at=now)
    _send(locked, actor=actor, now=now)
    return locked


@transaction.atomic
def publish_letter(letter: NoticeLetter, *, actor: Actor, now: datetime) -> NoticeLetter:
    """Show an approved letter to everybody, where not each person can be written to.

    :raises NotAllowed: if the actor does not handle incidents at the place
    :raises LetterPastThatStep: if it is not approved
    """
    locked = _lock(letter, State.APPROVED)
    _keeper(actor, locked.incident)
    locked.published_at, locked.withdrawn_at, locked.updated_at = now, None, now
    locked.save(update_fields=["published_at", "withdrawn_at", "updated_at"])
    _note(locked, What.PUBLISHED, actor=actor, now=now)
    return locked


@transaction.atomic
def withdraw_letter(letter: NoticeLetter, *, actor: Actor, now: datetime) -> NoticeLetter:
    """Show a letter to nobody any more; whom it was sent to keeps it.

    :raises NotAllowed: if the actor does not handle incidents at the place
    :raises LetterPastThatStep: if it is not published
    """
    locked = _lock(letter, State.APPROVED)
    _keeper(actor, locked.incident)
    if not locked.is_published:
        raise LetterPastThatStep
    locked.withdrawn_at, locked.updated_at = now, now
    locked.save(update_fields=["withdrawn_at", "updated_at"])
    _note(locked, What.WITHDRAWN, actor=actor, now=now)
    return locked


def _send(letter: NoticeLetter, *, actor: Actor, now: datetime) -> None:
    from hearth.registers.jobs import address  # noqa: PLC0415  (jobs call services)

    _note(letter, What.SENT, actor=actor, now=now)
    address.defer(letter_id=str(letter.pk))


def _note(letter: NoticeLetter, what: str, *, actor: Actor, now: datetime) -> None:
    IncidentStep.objects.create(
        incident_id=letter.incident_id, what=what, user_id=actor.user_id, created_at=now, updated_at=now
    )


def _lock(letter: NoticeLetter, state: str) -> NoticeLetter:
    rows = NoticeLetter.objects.select_for_update(of=("self",)).select_related("incident")
    locked: NoticeLetter = rows.get(pk=letter.pk)
    if locked.state != state:
        raise LetterPastThatStep
    return locked


def _keeper(actor: Actor, incident: Incident) -> int:
    actor.require(CHANGE_REGISTER, incident.org_unit_id)
    if actor.user_id is None:
        raise NotAllowed(permission=CHANGE_REGISTER)
    return actor.user_id


def _second(letter: NoticeLetter, actor: Actor) -> NoticeLetter:
    actor.require(APPROVE_LETTER, letter.incident.org_unit_id)
    locked = _lock(letter, State.SUBMITTED)
    if actor.user_id is None:
        raise NotAllowed(permission=APPROVE_LETTER)
    if actor.user_id in (locked.author_id, locked.editor_id):
        raise OwnLetter
    return locked

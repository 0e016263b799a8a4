"""What is done about an incident, from the report to its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.services import notify
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import people_with
from hearth.registers.models import Incident, IncidentStep
from hearth.registers.notifications import REPORTED
from hearth.registers.permissions import CHANGE_REGISTER
from hearth.registers.policy import incident_rules

What = IncidentStep.What
LONGEST_NOTE = 500


class IncidentClosed(DomainError):
    """The incident is over."""

    code = "incident_closed"
    message = _("This incident is closed.")


class FoundLater(InvalidInput):
    """Nobody notices what has not happened."""

    code = "found_later"
    message = _("An incident cannot be noticed in the future.")


class WordsMissing(InvalidInput):
    """What the law has us keep account of is said in words."""

    code = "words_missing"
    message = _("Say it in a few words.")


class AuthorityNotTold(DomainError):
    """A major incident does not end before the authority knows."""

    code = "authority_not_told"
    message = _("The authority has not been told of this major incident yet.")


class NoticeNotDecided(DomainError):
    """An incident does not end before it is decided whether the persons are told."""

    code = "notice_not_decided"
    message = _("It is not decided yet whether the persons are told.")


@dataclass(frozen=True)
class NewIncident:
    """An incident as somebody reports it."""

    org_unit: OrgUnit
    title: str
    account: str
    data_kinds: Sequence[str]
    persons: int | None
    found_at: datetime


@transaction.atomic
def report_incident(new: NewIncident, *, actor: Actor, now: datetime) -> Incident:
    """Report an incident and tell those who handle such; anybody who may sign in may report.

    :raises NotAllowed: if the actor is no person with an account
    :raises FoundLater: if it was noticed in the future
    :raises WordsMissing: if it has no title
    """
    actor.require(SIGNED_IN)
    if actor.user_id is None:
        raise NotAllowed(permission=SIGNED_IN)
    if new.found_at > now + timedelta(minutes=1):
        raise FoundLater("found_at")
    incident = Incident(
        org_unit=new.org_unit,
        title=_said(new.title, "title", 120),
        account=new.account.strip(),
        data_kinds=sorted(set(new.data_kinds)),
        persons=new.persons,
        found_at=new.found_at,
        reported_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    _set_clocks(incident)
    incident.save()
    incident.refresh_from_db(fields=["number"])
    _note(incident, What.REPORTED, "", actor=actor, now=now)
    _tell(incident, actor=actor, now=now)
    return incident


def _tell(incident: Incident, *, actor: Actor, now: datetime) -> None:
    people = people_with(CHANGE_REGISTER, incident.org_unit, today=localdate(now))
    url = reverse("registers:incident", args=[incident.pk])
    told = [user.pk for user in people.exclude(pk=actor.user_id or 0)]
    notify(told, REPORTED, url=url, now=now, params={"number": incident.number})


def _set_clocks(incident: Incident) -> None:
    """Judge the incident by the rules in force, and set its clocks by that."""
    rules = incident_rules()
    incident.is_major = rules.is_major(incident.persons, is_sensitive=incident.is_sensitive)
    incident.authority_due_at = incident.found_at + rules.authority if incident.is_major else None
    incident.persons_due_at = incident.found_at + rules.persons


@transaction.atomic
def judge_extent(
    incident: Incident, *, persons: int | None, data_kinds: Sequence[str], actor: Actor, now: datetime
) -> Incident:
    """Say how far an incident reaches; the rules say what follows from it.

    :raises NotAllowed: if the actor does not handle incidents at the place
    :raises IncidentClosed: if it is over
    """
    locked = _lock(incident, actor)
    locked.persons, locked.data_kinds = persons, sorted(set(data_kinds))
    _set_clocks(locked)
    said = str(persons) if persons is not None else "?"
    _go_on(locked, What.JUDGED, f"{said} · {', '.join(locked.data_kinds)}", actor=actor, now=now)
    return locked


@transaction.atomic
def tell_authority(
    incident: Incident, *, told_at: datetime, note: str, actor: Actor, now: datetime
) -> Incident:
    """Note that the authority was told, when and how.

    :raises NotAllowed: if the actor does not handle incidents at the place
    :raises IncidentClosed: if it is over
    :raises FoundLater: if that lies in the future, or before the incident was noticed
    :raises WordsMissing: if nothing is said
    """
    locked = _lock(incident, actor)
    if not locked.found_at <= told_at <= now + timedelta(minutes=1):
        raise FoundLater("told_at")
    locked.authority_told_at = told_at
    _go_on(locked, What.AUTHORITY, _said(note, "note"), actor=actor, now=now)
    return locked


@transaction.atomic
def decide_notice(incident: Incident, *, notice: str, because: str, actor: Actor, now: datetime) -> Incident:
    """Note whether the persons were told, or why not.

    :raises NotAllowed: if the actor does not handle incidents at the place
    :raises IncidentClosed: if it is over
    :raises WordsMissing: if no reason is given
    """
    locked = _lock(incident, actor)
    if notice not in (Incident.Notice.TOLD, Incident.Notice.NOT_NEEDED):
        raise InvalidInput("notice")
    locked.notice, locked.notice_because = notice, _said(because, "because")
    _go_on(locked, What.NOTICE, locked.notice_because, actor=actor, now=now)
    return locked


@transaction.atomic
def add_note(incident: Incident, *, note: str, actor: Actor, now: datetime) -> Incident:
    """Add a step in words.

    :raises NotAllowed: if the actor does not handle incidents at the place
    :raises IncidentClosed: if it is over
    :raises WordsMissing: if nothing is said
    """
    locked = _lock(incident, actor)
    _go_on(locked, What.NOTE, _said(note, "note"), actor=actor, now=now)
    return locked


@transaction.atomic
def close_incident(incident: Incident, *, cause: str, measures: str, actor: Actor, now: datetime) -> Incident:
    """End an incident with its cause and what was done against it.

    :raises NotAllowed: if the actor does not handle incidents at the place
    :raises IncidentClosed: if it is over
    :raises AuthorityNotTold: if it is major and the authority does not know
    :raises NoticeNotDecided: if nobody decided whether the persons are told
    :raises WordsMissing: if cause or measures are missing
    """
    locked = _lock(incident, actor)
    if locked.is_major and not locked.authority_told_at:
        raise AuthorityNotTold
    if not locked.notice:
        raise NoticeNotDecided
    locked.cause, locked.measures = _said(cause, "cause", 2_000), _said(measures, "measures", 2_000)
    locked.state, locked.closed_at = Incident.State.CLOSED, now
    _go_on(locked, What.CLOSED, "", actor=actor, now=now)
    return locked


def _said(words: str, name: str, longest: int = LONGEST_NOTE) -> str:
    words = words.strip()
    if not 2 <= len(words) <= longest:
        raise WordsMissing(name)
    return words


def _lock(incident: Incident, actor: Actor) -> Incident:
    locked = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    actor.require(CHANGE_REGISTER, locked.org_unit_id)
    if not locked.is_open:
        raise IncidentClosed
    return locked


def _go_on(incident: Incident, what: str, note: str, *, actor: Actor, now: datetime) -> None:
    if incident.state == Incident.State.REPORTED:
        incident.state = Incident.State.HANDLED
    incident.handler_id, incident.updated_at = actor.user_id, now
    incident.save()
    _note(incident, what, note, actor=actor, now=now)


def _note(incident: Incident, what: str, note: str, *, actor: Actor, now: datetime) -> None:
    IncidentStep.objects.create(
        incident=incident, what=what, user_id=actor.user_id, note=note, created_at=now, updated_at=now
    )

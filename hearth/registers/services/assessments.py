"""Writing, approving and renewing impact assessments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.second_person import approve, hand_in, send_back
from hearth.organization.models import OrgUnit
from hearth.registers.models import Assessment
from hearth.registers.permissions import APPROVE_ASSESSMENT, CHANGE_REGISTER
from hearth.registers.questionnaire import questions_for

State = Assessment.State


class NotInThisState(DomainError):
    """An approved version is never changed, and only what was submitted is approved."""

    code = "not_in_this_state"
    message = _("This version of the assessment is past that step.")


class OwnAssessment(DomainError):
    """Two persons stand behind an assessment."""

    code = "own_assessment"
    message = _("Somebody else must approve an assessment that you wrote.")


class AnswersMissing(InvalidInput):
    """Every question of the template is answered before somebody approves."""

    code = "answers_missing"
    message = _(
        "Answer every question, rate the risk, and say the measures and a day of review in the future."
    )


class VersionUnderWay(DomainError):
    """One version is written at a time."""

    code = "version_under_way"
    message = _("A new version of this assessment is being written already.")


@dataclass(frozen=True)
class AssessmentTerms:
    """What of an assessment can be written while it is a draft."""

    name: str
    triggers: Sequence[str]
    owner: User
    answers: Mapping[str, str]
    risk: str
    measures: str
    review_date: date | None


@transaction.atomic
def begin_assessment(
    *, org_unit: OrgUnit, name: str, triggers: Sequence[str], owner: User, actor: Actor, now: datetime
) -> Assessment:
    """Begin the first version of an assessment.

    :raises NotAllowed: if the actor does not keep the registers at the place, or is no person
    """
    user_id = _writer(actor, org_unit.pk)
    row = Assessment.objects.create(
        org_unit=org_unit,
        name=name,
        triggers=sorted(set(triggers)),
        owner=owner,
        author_id=user_id,
        editor_id=user_id,
        created_at=now,
        updated_at=now,
    )
    row.refresh_from_db(fields=["number"])
    return row


@transaction.atomic
def write_assessment(
    assessment: Assessment, terms: AssessmentTerms, *, actor: Actor, now: datetime
) -> Assessment:
    """Change a draft.

    :raises NotAllowed: if the actor does not keep the registers at the place
    :raises NotInThisState: if it is no draft
    """
    locked = _lock(assessment, State.DRAFT)
    locked.editor_id = _writer(actor, locked.org_unit_id)
    asked = {question.code for question in questions_for(terms.triggers)}
    locked.name, locked.triggers, locked.owner = terms.name, sorted(set(terms.triggers)), terms.owner
    locked.answers = {code: words.strip() for code, words in terms.answers.items() if code in asked}
    locked.risk, locked.measures, locked.review_date = terms.risk, terms.measures.strip(), terms.review_date
    locked.updated_at = now
    locked.save()
    return locked


@transaction.atomic
def submit_assessment(assessment: Assessment, *, actor: Actor, now: datetime) -> Assessment:
    """Hand a draft to the second person.

    :raises NotAllowed: if the actor does not keep the registers at the place
    :raises NotInThisState: if it is no draft
    :raises AnswersMissing: if a question, the risk, the measures or a future day of review is missing
    """
    locked = _lock(assessment, State.DRAFT)
    _writer(actor, locked.org_unit_id)
    is_answered = all(locked.answers.get(question.code) for question in questions_for(locked.triggers))
    is_future = locked.review_date is not None and locked.review_date > localdate(now)
    if not (is_answered and locked.risk and locked.measures and is_future):
        raise AnswersMissing("answers")
    hand_in(locked, now)
    return locked


@transaction.atomic
def approve_assessment(assessment: Assessment, *, actor: Actor, now: datetime) -> Assessment:
    """Approve what was submitted, as a second person; the version before is replaced.

    :raises NotAllowed: if the actor does not approve assessments at the place
    :raises NotInThisState: if it was not submitted
    :raises OwnAssessment: if the actor wrote it
    """
    locked = _lock_to_decide(assessment, actor)
    before = Assessment.objects.filter(number=locked.number, state=State.APPROVED)
    before.update(state=State.REPLACED, updated_at=now)
    approve(locked, actor, now)
    return locked


@transaction.atomic
def return_assessment(assessment: Assessment, *, because: str, actor: Actor, now: datetime) -> Assessment:
    """Send what was submitted back to those who wrote it, with the reason.

    :raises NotAllowed: if the actor does not approve assessments at the place
    :raises NotInThisState: if it was not submitted
    :raises OwnAssessment: if the actor wrote it
    """
    locked = _lock_to_decide(assessment, actor)
    send_back(locked, because, now)
    return locked


@transaction.atomic
def renew_assessment(assessment: Assessment, *, actor: Actor, now: datetime) -> Assessment:
    """Begin the next version from the approved one, which holds until the new one is approved.

    :raises NotAllowed: if the actor does not keep the registers at the place
    :raises NotInThisState: if it is not the approved version
    :raises VersionUnderWay: if a next version is being written
    """
    locked = _lock(assessment, State.APPROVED)
    user_id = _writer(actor, locked.org_unit_id)
    versions = Assessment.objects.filter(number=locked.number)
    if versions.filter(state__in=(State.DRAFT, State.SUBMITTED)).exists():
        raise VersionUnderWay
    newest = versions.aggregate(newest=Max("version"))["newest"]
    return Assessment.objects.create(
        org_unit_id=locked.org_unit_id,
        number=locked.number,
        version=newest + 1,
        name=locked.name,
        triggers=locked.triggers,
        answers=locked.answers,
        risk=locked.risk,
        measures=locked.measures,
        owner_id=locked.owner_id,
        author_id=user_id,
        editor_id=user_id,
        created_at=now,
        updated_at=now,
    )


def _writer(actor: Actor, org_unit_id: int) -> int:
    actor.require(CHANGE_REGISTER, org_unit_id)
    if actor.user_id is None:
        raise NotAllowed(permission=CHANGE_REGISTER)
    return actor.user_id


def _lock(assessment: Assessment, state: str) -> Assessment:
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if locked.state != state:
        raise NotInThisState
    return locked


def _lock_to_decide(assessment: Assessment, actor: Actor) -> Assessment:
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    actor.require(APPROVE_ASSESSMENT, locked.org_unit_id)
    if locked.state != State.SUBMITTED:
        raise NotInThisState
    if actor.user_id is None or actor.user_id in (locked.author_id, locked.editor_id):
        raise OwnAssessment
    return locked

"""Writing and approving versions of templates."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.contract_texts.events import ContractTemplateApproved
from hearth.contract_texts.models import ContractTemplate, TemplateClause
from hearth.contract_texts.models.templates import TextKind, Weight
from hearth.contract_texts.placeholders import unknown_in
from hearth.contract_texts.services.second import OF_TEMPLATES
from hearth.contract_texts.services.wordings import wordings_at
from hearth.contract_texts.wordings import forbidden_in, plain_lines
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.core.second_person import approve, hand_in, lock, send_back
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project

State = ContractTemplate.State
MOST_CLAUSES = 90
COPIED = ("position", "heading", "wording", "weight", "is_confirmed_singly")


class TemplateBegun(DomainError):
    """One version of a template is written at a time."""

    code = "template_begun"
    message = _("The next version of this template is begun already. Have it approved first.")


class ProjectElsewhere(InvalidInput):
    """A template of a project is kept at the place of the project."""

    code = "project_elsewhere"
    message = _("This project belongs to another place.")


class PlaceholderUnknown(InvalidInput):
    """A template names what the record can say, and nothing else."""

    code = "placeholder_unknown"
    message = _("Clause %(clause)s names a placeholder that does not exist: %(names)s.")


class ClauseEmpty(InvalidInput):
    """Only a free clause is written for each contract; every other has its words in the template."""

    code = "clause_empty"
    message = _("Clause %(clause)s has no words. Only a free clause may be empty.")


class WordingForbidden(InvalidInput):
    """No template has what no text may have."""

    code = "wording_forbidden"
    message = _("Clause %(clause)s has forbidden words: %(words)s.")


class NoClause(DomainError):
    """A template has clauses."""

    code = "no_clause"
    message = _("Write at least one clause.")


class TooManyClauses(DomainError):
    """Clauses are numbered to ninety."""

    code = "too_many_clauses"
    message = _("A template has at most 90 clauses.")


class InForceTooEarly(InvalidInput):
    """What was approved today cannot have held yesterday."""

    code = "in_force_too_early"
    message = _("A version comes into force today or later.")


@dataclass(frozen=True)
class NewClause:
    """A clause to be written."""

    position: int
    heading: str
    wording: str
    weight: str = Weight.STANDARD
    is_confirmed_singly: bool = False


@transaction.atomic
def begin_template(
    place: OrgUnit, *, kind: str, title: str, project: Project | None = None, actor: Actor, now: datetime
) -> ContractTemplate:
    """Begin the next version, with the clauses of the one before.

    The row of the place is locked, so that two persons do not begin the same version.

    :raises NotAllowed: if the actor may not write templates there, or is no person
    :raises ProjectElsewhere: if the project is of another place
    :raises TemplateBegun: if a version is being written
    """
    user_id = OF_TEMPLATES.writer_of(actor, place.pk)
    if kind not in TextKind.values:
        raise InvalidInput("kind")
    if project and project.org_unit_id != place.pk:
        raise ProjectElsewhere("project")
    OrgUnit.objects.select_for_update(of=("self",)).get(pk=place.pk)
    rows = ContractTemplate.objects.filter(org_unit=place, project=project, kind=kind)
    last = rows.order_by("-version").first()
    if last and last.state != State.APPROVED:
        raise TemplateBegun
    row = ContractTemplate.objects.create(
        org_unit=place,
        project=project,
        kind=kind,
        version=last.version + 1 if last else 1,
        title=title.strip()[:120],
        author_id=user_id,
        editor_id=user_id,
        created_at=now,
        updated_at=now,
        is_sample=project.is_sample if project else False,
    )
    insert_many([_copied(each, row, now) for each in last.clauses.order_by("position", "id")] if last else [])
    return row


def _copied(clause: TemplateClause, template: ContractTemplate, now: datetime) -> TemplateClause:
    return TemplateClause(
        org_unit_id=template.org_unit_id,
        template=template,
        is_sample=template.is_sample,
        created_at=now,
        updated_at=now,
        **{name: getattr(clause, name) for name in COPIED},
    )


@transaction.atomic
def write_clause(
    template: ContractTemplate,
    new: NewClause,
    *,
    clause: TemplateClause | None = None,
    actor: Actor,
    now: datetime,
) -> TemplateClause:
    """Add a clause to a draft, or change the one that is given.

    :raises NotAllowed: if the actor may not write templates there
    :raises PastThatStep: if it is no draft
    :raises PlaceholderUnknown, ClauseEmpty: if its words do not hold
    :raises TooManyClauses: if there are ninety
    """
    locked = _edit(template, actor, now)
    if new.weight not in Weight.values:
        raise InvalidInput("weight")
    _refuse_words(new.heading, new.wording, new.weight)
    if clause is None and locked.clauses.count() >= MOST_CLAUSES:
        raise TooManyClauses
    row = locked.clauses.get(pk=clause.pk) if clause else TemplateClause(template=locked, created_at=now)
    row.org_unit_id, row.is_sample, row.updated_at = locked.org_unit_id, locked.is_sample, now
    row.position, row.heading, row.wording = new.position, new.heading.strip(), plain_lines(new.wording)
    row.weight, row.is_confirmed_singly = new.weight, new.is_confirmed_singly
    row.save()
    locked.save()
    return row


def _refuse_words(heading: str, wording: str, weight: str) -> None:
    if unknown := unknown_in(wording):
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise PlaceholderUnknown("wording", clause=heading, names=names)
    if weight != Weight.FREE and not wording.strip():
        raise ClauseEmpty("wording", clause=heading)


@transaction.atomic
def remove_clause(clause: TemplateClause, *, actor: Actor, now: datetime) -> None:
    """Take a clause out of a draft; a second time changes nothing.

    :raises NotAllowed: if the actor may not write templates there
    :raises PastThatStep: if it is no draft
    """
    _edit(clause.template, actor, now).save()
    TemplateClause.objects.filter(pk=clause.pk).delete()


@transaction.atomic
def submit_template(
    template: ContractTemplate, *, in_force_date: date, actor: Actor, now: datetime
) -> ContractTemplate:
    """Hand a draft to the second person, with the day from which it is to hold.

    :raises NotAllowed: if the actor may not write templates there
    :raises PastThatStep: if it is no draft
    :raises InForceTooEarly: if the day is over
    :raises NoClause, PlaceholderUnknown, ClauseEmpty, WordingForbidden: if its clauses do not hold
    """
    locked = _edit(template, actor, now)
    if in_force_date < localdate(now):
        raise InForceTooEarly("in_force_date")
    clauses = list(locked.clauses.order_by("position", "id"))
    if not clauses:
        raise NoClause
    known = wordings_at(locked.org_unit)
    for clause in clauses:
        _refuse_words(clause.heading, clause.wording, clause.weight)
        if found := forbidden_in(f"{clause.heading}{clause.wording}", known):
            raise WordingForbidden(clause=clause.heading, words="、".join(each.words for each in found))
    locked.in_force_date = in_force_date
    hand_in(locked, now, "in_force_date", "editor")
    return locked


@transaction.atomic
def approve_template(template: ContractTemplate, *, actor: Actor, now: datetime) -> ContractTemplate:
    """Approve what was submitted, as a second person; it holds from its day, or from today where that is over.

    :raises NotAllowed: if the actor does not approve templates there
    :raises PastThatStep: if it was not submitted
    :raises OwnWork: if the actor wrote it
    """
    locked = OF_TEMPLATES.lock_to_decide(template, actor)
    locked.in_force_date = max(locked.in_force_date or localdate(now), localdate(now))
    approve(locked, actor, now, "in_force_date")
    event = ContractTemplateApproved(
        org_unit_id=locked.org_unit_id,
        project_id=locked.project_id,
        subject_id=locked.pk,
        kind=locked.kind,
        version=locked.version,
        is_sample=locked.is_sample,
    )
    record(event, actor=actor, now=now)
    return locked


@transaction.atomic
def return_template(
    template: ContractTemplate, *, because: str, actor: Actor, now: datetime
) -> ContractTemplate:
    """Send what was submitted back, with the reason.

    :raises NotAllowed, PastThatStep, OwnWork: as `approve_template`
    """
    locked = OF_TEMPLATES.lock_to_decide(template, actor)
    send_back(locked, because, now)
    return locked


def _edit(template: ContractTemplate, actor: Actor, now: datetime) -> ContractTemplate:
    locked = lock(template, State.DRAFT)
    locked.editor_id, locked.updated_at = OF_TEMPLATES.writer_of(actor, locked.org_unit_id), now
    return locked

"""Keeping account of processors and of compliance audits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.organization.models import OrgUnit
from hearth.registers.models import Assessment, ComplianceAudit, Processor, ProcessorVisit
from hearth.registers.permissions import CHANGE_REGISTER


class EndBeforeBeginning(InvalidInput):
    """A contract begins before it ends."""

    code = "end_before_beginning"
    message = _("The contract must begin before it ends.")


class ProcessorEnded(DomainError):
    """What is over is not changed."""

    code = "processor_ended"
    message = _("The work with this company has ended.")


class ProofMissing(InvalidInput):
    """Data do not stay with those who have no contract any more."""

    code = "proof_missing"
    message = _("Say how it is proved that the data were returned or deleted.")


class DayInFuture(InvalidInput):
    """What is noted has happened."""

    code = "day_in_future"
    message = _("The day must not lie in the future.")


@dataclass(frozen=True)
class ProcessorTerms:
    """Who gets which data for what, by which contract."""

    name: str
    role: str
    purpose: str
    data_kinds: Sequence[str]
    duties: str
    contract_begin_date: date
    contract_end_date: date
    assessment: Assessment | None
    owner: User


@transaction.atomic
def add_processor(terms: ProcessorTerms, *, org_unit: OrgUnit, actor: Actor, now: datetime) -> Processor:
    """Put a company on record that gets personal data.

    :raises NotAllowed: if the actor does not keep the registers at the place
    :raises EndBeforeBeginning: if the contract ends before it begins
    """
    actor.require(CHANGE_REGISTER, org_unit.pk)
    _check(terms)
    said = {name: getattr(terms, name) for name in ProcessorTerms.__dataclass_fields__}
    return Processor.objects.create(org_unit=org_unit, created_at=now, updated_at=now, **said)


@transaction.atomic
def change_processor(
    processor: Processor, terms: ProcessorTerms, *, actor: Actor, now: datetime
) -> Processor:
    """Change what is on record; what it was stays in the log of changes.

    :raises NotAllowed: if the actor does not keep the registers at the place
    :raises ProcessorEnded: if the work has ended
    :raises EndBeforeBeginning: if the contract ends before it begins
    """
    locked = _lock(processor, actor)
    _check(terms)
    for name in ProcessorTerms.__dataclass_fields__:
        setattr(locked, name, getattr(terms, name))
    locked.updated_at = now
    locked.save()
    return locked


@transaction.atomic
def note_visit(
    processor: Processor, *, visited_date: date, finding: str, actor: Actor, now: datetime
) -> ProcessorVisit:
    """Note that a processor was supervised, and what was found.

    :raises NotAllowed: if the actor does not keep the registers at the place, or is no person
    :raises ProcessorEnded: if the work has ended
    :raises DayInFuture: if the day has not come
    """
    locked = _lock(processor, actor)
    if actor.user_id is None:
        raise NotAllowed(permission=CHANGE_REGISTER)
    if visited_date > localdate(now):
        raise DayInFuture("visited_date")
    return ProcessorVisit.objects.create(
        processor=locked,
        visited_date=visited_date,
        finding=finding.strip(),
        user_id=actor.user_id,
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def end_processor(
    processor: Processor, *, ended_date: date, proof: str, actor: Actor, now: datetime
) -> Processor:
    """End the work with a company, with the proof that the data were returned or deleted.

    :raises NotAllowed: if the actor does not keep the registers at the place
    :raises ProcessorEnded: if it has ended before
    :raises DayInFuture: if the day has not come
    :raises ProofMissing: if nothing proves it
    """
    locked = _lock(processor, actor)
    if ended_date > localdate(now):
        raise DayInFuture("ended_date")
    if len(proof.strip()) < 2:
        raise ProofMissing("proof")
    locked.ended_date, locked.proof, locked.updated_at = ended_date, proof.strip(), now
    locked.save(update_fields=["ended_date", "proof", "updated_at"])
    return locked


@dataclass(frozen=True)
class NewAudit:
    """An audit that was done."""

    org_unit: OrgUnit
    done_date: date
    auditor: str
    subject: str
    findings: str


@transaction.atomic
def record_audit(new: NewAudit, *, actor: Actor, now: datetime) -> ComplianceAudit:
    """Put a finished compliance audit on record.

    :raises NotAllowed: if the actor does not keep the registers at the place, or is no person
    :raises DayInFuture: if the day has not come
    """
    actor.require(CHANGE_REGISTER, new.org_unit.pk)
    if actor.user_id is None:
        raise NotAllowed(permission=CHANGE_REGISTER)
    if new.done_date > localdate(now):
        raise DayInFuture("done_date")
    return ComplianceAudit.objects.create(
        org_unit=new.org_unit,
        done_date=new.done_date,
        auditor=new.auditor,
        subject=new.subject,
        findings=new.findings.strip(),
        user_id=actor.user_id,
        created_at=now,
        updated_at=now,
    )


def _check(terms: ProcessorTerms) -> None:
    if terms.contract_begin_date > terms.contract_end_date:
        raise EndBeforeBeginning("contract_end_date")


def _lock(processor: Processor, actor: Actor) -> Processor:
    locked = Processor.objects.select_for_update(of=("self",)).get(pk=processor.pk)
    actor.require(CHANGE_REGISTER, locked.org_unit_id)
    if locked.ended_date:
        raise ProcessorEnded
    return locked

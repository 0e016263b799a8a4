"""Saying how a case was settled, approving a final position, and what it cost."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.events import CaseCostNoted, CaseSettled, PositionApproved
from hearth.cases.models import Case, Cause, CostLine, Party, Settlement
from hearth.cases.permissions import OVERSEE_CASE
from hearth.cases.services.steps import about, live
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.core.uploads import EVIDENCE, accept_upload
from hearth.imports.files import store_accepted

MOST = Decimal(10**9)


class SolutionMissing(InvalidInput):
    """What was done is said."""

    code = "solution_missing"
    message = _("Say what was done.")


class NotAChoice(InvalidInput):
    """Outcome, cause and party are chosen from what there is."""

    code = "not_a_choice"
    message = _("Choose one of what there is.")


class ProofMissing(InvalidInput):
    """A settlement is proved by a file, or by words that say where the proof is."""

    code = "proof_missing"
    message = _("Attach the proof, or say where it is.")


class CostUnlikely(InvalidInput):
    """A cost is above nothing, to the cent."""

    code = "cost_unlikely"
    message = _("A cost is an amount above nothing, to the cent.")


class NotSettled(DomainError):
    """There is nothing to approve, or what there is needs no approval."""

    code = "not_settled"
    message = _("There is no final position that waits for approval.")


class OwnPosition(DomainError):
    """A final position is approved by somebody else."""

    code = "own_position"
    message = _("Somebody else than who settled the case approves its final position.")


@dataclass(frozen=True)
class Settled:
    """How a case was settled, as its handler says it."""

    solution: str
    outcome: str
    cause: Cause
    party: str
    party_name: str = ""
    has_no_cost: bool = False
    proof: str = ""
    evidence_file: "UploadedFile[Any] | None" = None


@transaction.atomic
def settle_case(case: Case, said: Settled, *, actor: Actor, now: datetime) -> Settlement:
    """Keep how a case was settled; what was said before is withdrawn, and its file stays the proof if no new one comes.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if the case is closed
    :raises SolutionMissing, NotAChoice, ProofMissing: if something is missing
    :raises InvalidInput: as `accept_upload`
    """
    case = live(case, actor)
    solution, proof = said.solution.strip(), said.proof.strip()[:300]
    if not solution:
        raise SolutionMissing("solution")
    if said.outcome not in Settlement.Outcome.values:
        raise NotAChoice("outcome")
    if said.party not in Party.values:
        raise NotAChoice("party")
    if not Cause.objects.in_use().filter(pk=said.cause.pk).exists():
        raise NotAChoice("cause")
    before = Settlement.objects.standing().filter(case=case).first()
    file = (
        store_accepted(accept_upload(said.evidence_file, EVIDENCE), now=now) if said.evidence_file else None
    )
    file = file or (before.evidence_file if before else None)
    if file is None and not proof:
        raise ProofMissing("evidence_file")
    Settlement.objects.standing().filter(case=case).update(withdrawn_at=now, updated_at=now)
    settlement = Settlement.objects.create(
        case=case,
        solution=solution,
        outcome=said.outcome,
        cause=said.cause,
        party=said.party,
        party_name=said.party_name.strip()[:80],
        has_no_cost=said.has_no_cost,
        proof=proof,
        evidence_file=file,
        settled_at=now,
        settled_by_id=actor.user_id,
        is_sample=case.is_sample,
        created_at=now,
        updated_at=now,
    )
    event = CaseSettled(**about(case), outcome=said.outcome, cause=said.cause.code, party=said.party)
    record(event, actor=actor, now=now)
    return settlement


@transaction.atomic
def approve_position(case: Case, *, actor: Actor, now: datetime) -> Settlement:
    """Approve that a case ends without the customer's agreement.

    :raises NotAllowed: if the actor may not change cases there, or does not answer for them
    :raises CaseIsClosed: if the case is closed
    :raises NotSettled: if no final position waits
    :raises OwnPosition: if it is the actor's own
    """
    case = live(case, actor)
    actor.require(OVERSEE_CASE, case.org_unit_id)
    settlement = Settlement.objects.standing().select_for_update().filter(case=case).first()
    if settlement is None or settlement.is_approved:
        raise NotSettled
    if actor.user_id is not None and actor.user_id == settlement.settled_by_id:
        raise OwnPosition
    settlement.approved_at, settlement.approved_by_id, settlement.updated_at = now, actor.user_id, now
    settlement.save(update_fields=["approved_at", "approved_by", "updated_at"])
    record(PositionApproved(**about(case)), actor=actor, now=now)
    return settlement


@transaction.atomic
def note_cost(
    case: Case, *, kind: str, amount: Decimal, is_charged: bool, note: str = "", actor: Actor, now: datetime
) -> CostLine:
    """Add a line to what a case cost; that it cost nothing is no longer said.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if the case is closed
    :raises CostUnlikely: if the amount is not above nothing, or finer than a cent
    """
    case = live(case, actor)
    if not 0 < amount < MOST or amount != round(amount, 2):
        raise CostUnlikely("amount")
    if kind not in CostLine.Kind.values:
        raise NotAChoice("kind")
    return add_cost(case, kind=kind, amount=amount, is_charged=is_charged, note=note, actor=actor, now=now)


def add_cost(
    case: Case,
    *,
    kind: str,
    amount: Decimal,
    is_charged: bool = False,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> CostLine:
    """Write a line into what a case cost. A step of an act that asked for its right; what an app above knows of costs
    is written into a closed case too.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    line = CostLine.objects.create(
        case=case,
        kind=kind,
        amount=amount,
        is_charged=is_charged,
        note=note.strip()[:200],
        user_id=actor.user_id,
        is_sample=case.is_sample,
        created_at=now,
        updated_at=now,
    )
    Settlement.objects.standing().filter(case=case, has_no_cost=True).update(
        has_no_cost=False, updated_at=now
    )
    record(CaseCostNoted(**about(case), kind=kind, amount=amount, is_struck_out=False), actor=actor, now=now)
    return line


@transaction.atomic
def strike_out_cost(line: CostLine, *, actor: Actor, now: datetime) -> CostLine:
    """Strike a line out: it stays readable and counts no more. A second time changes nothing.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if the case is closed
    """
    live(line.case, actor)
    return take_back_cost(line, actor=actor, now=now)


def take_back_cost(line: CostLine, *, actor: Actor, now: datetime) -> CostLine:
    """Strike a line out, if that was not done before. A step, as `add_cost`."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=line.case_id)
    line = CostLine.objects.select_for_update().get(pk=line.pk)
    if line.struck_out_at is None:
        line.struck_out_at, line.updated_at = now, now
        line.save(update_fields=["struck_out_at", "updated_at"])
        event = CaseCostNoted(**about(case), kind=line.kind, amount=line.amount, is_struck_out=True)
        record(event, actor=actor, now=now)
    return line

# domain data
"""What each stage asks for as shipped, and whether it is on record for a lead.

Who came by has visited; who means to buy has told what they need, is graded, and has a next step; a reservation and a
contract are those of the inventory and of sales.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from hearth.channels.models import Channel, Interaction
from hearth.families.models import NeedProfile
from hearth.inventory.models import Hold
from hearth.leads.models import Lead, Proof, Stage, StageRule
from hearth.sales.models import Contract

SHIPPED: Mapping[Stage, Sequence[Proof]] = {
    Stage.VISIT: (Proof.VISIT,),
    Stage.INTENTION: (Proof.VISIT, Proof.GRADE, Proof.NEEDS, Proof.NEXT_STEP),
    Stage.RESERVATION: (Proof.RESERVATION,),
    Stage.CONTRACT: (Proof.CONTRACT,),
}


def sync_stages() -> None:
    """Add the shipped rules that are missing; what the group changed stays as it is. May be repeated."""
    rows = [StageRule(stage=stage, proofs=list(proofs)) for stage, proofs in SHIPPED.items()]
    StageRule.objects.bulk_create(rows, ignore_conflicts=True)


def proofs_for(stage: str) -> Sequence[str]:
    """Return what a stage asks for: as the group says, else as shipped; one query."""
    found = StageRule.objects.filter(stage=stage).values_list("proofs", flat=True).first()
    return list(SHIPPED.get(Stage(stage), ())) if found is None else found


def missing_for(lead: Lead, stage: str, *, now: datetime) -> list[Proof]:
    """Return what a stage asks for and is not on record; a query for the rule, and at most one for each proof."""
    return [Proof(code) for code in proofs_for(stage) if not is_proved(lead, code, now=now)]


def is_proved(lead: Lead, proof: str, *, now: datetime) -> bool:
    """Tell whether a proof is on record for a lead; at most one query."""
    return CHECKS[Proof(proof)](lead, now)


def _visited(lead: Lead, now: datetime) -> bool:
    visits = Interaction.objects.filter(
        customer=lead.customer_id, org_unit=lead.org_unit_id, channel=Channel.VISIT, occurred_at__lte=now
    ).exclude(direction=Interaction.Direction.INTERNAL)
    if lead.project_id:
        visits = visits.filter(Q(project=lead.project_id) | Q(project__isnull=True))
    return visits.exists()


def _graded(lead: Lead, _now: datetime) -> bool:
    return lead.grade_id is not None


def _needs_told(lead: Lead, _now: datetime) -> bool:
    return NeedProfile.objects.filter(customer=lead.customer_id).exists()


def _planned(lead: Lead, now: datetime) -> bool:
    return lead.is_open and not lead.is_overdue(localdate(now))


def _reserved(lead: Lead, now: datetime) -> bool:
    """A reservation that stands, or that became a contract."""
    holds = Hold.objects.filter(customer=lead.customer_id, kind=Hold.Kind.RESERVATION)
    holds = holds.filter(Q(ended_at=None) | Q(outcome=Hold.Outcome.SIGNED))
    return holds.filter(_at_homes_of(lead)).exists()


def _signed(lead: Lead, _now: datetime) -> bool:
    contracts = Contract.objects.filter(customer=lead.customer_id).live()
    return contracts.filter(_at_homes_of(lead)).exists()


def _at_homes_of(lead: Lead) -> Q:
    """Of the project; of a lead without one, of its place."""
    return Q(unit__project=lead.project_id) if lead.project_id else Q(org_unit=lead.org_unit_id)


CHECKS: Mapping[Proof, Callable[[Lead, datetime], bool]] = {
    Proof.VISIT: _visited,
    Proof.GRADE: _graded,
    Proof.NEEDS: _needs_told,
    Proof.NEXT_STEP: _planned,
    Proof.RESERVATION: _reserved,
    Proof.CONTRACT: _signed,
}

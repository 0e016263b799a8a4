"""Steps about stages that acts on leads share; they open no transaction."""

from datetime import datetime

from django.utils.translation import pgettext, pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.leads.events import LeadMoved
from hearth.leads.models import Lead, Stage
from hearth.leads.pipeline import missing_for
from hearth.leads.services.steps import about


class ProofMissing(DomainError):
    """A stage is entered when what it asks for is on record."""

    code = "proof_missing"
    message = pgettext_lazy("lead", "For the stage “%(stage)s” this is missing: %(missing)s.")


def refuse_without_proof(lead: Lead, stage: str, *, now: datetime) -> None:
    """:raises ProofMissing: with the words of what the stage asks for and is not on record"""
    if missing := missing_for(lead, stage, now=now):
        words = pgettext("list of words", ", ").join(str(proof.label) for proof in missing)
        raise ProofMissing(stage=Stage(stage).label, missing=words)


def step_to(lead: Lead, stage: str, *, actor: Actor, now: datetime) -> None:
    """Write that a locked lead stands at another stage from now on."""
    before, since = lead.stage, lead.stage_at
    lead.stand_at(stage, now)
    lead.updated_at = now
    lead.save()
    event = LeadMoved(**about(lead), from_stage=before, to_stage=stage, days=max(0, (now - since).days))
    record(event, actor=actor, now=now)


def note_visit(lead: Lead, *, actor: Actor, now: datetime) -> None:
    """Bring a locked lead that was an enquiry to the stage of a visit that was just recorded."""
    if lead.is_live and lead.stage == Stage.ENQUIRY:
        step_to(lead, Stage.VISIT, actor=actor, now=now)

"""Acts on leads."""

from hearth.leads.services.assigning import (
    AbsenceUnclear,
    NobodyToShare,
    end_absence,
    note_absence,
    set_assignment,
)
from hearth.leads.services.capturing import Arrival, NewLead, capture_lead, write_leads
from hearth.leads.services.closing import (
    Loss,
    LostWithoutReason,
    WinBackPassed,
    lose_lead,
    reopen_lead,
    take_back_wins_of,
    win_lead,
    win_leads_of,
)
from hearth.leads.services.disputes import (
    DisputeWithoutReason,
    NothingToClaim,
    OwnDispute,
    decide_dispute,
    open_dispute,
)
from hearth.leads.services.grades import GradeTerms, change_grade
from hearth.leads.services.greeting import Visitor, VisitorUnnamed, register_visitor
from hearth.leads.services.losses import GroupWithReasons, keep_loss_reason
from hearth.leads.services.moving import StageProved, change_stage_rule, follow_reservations, move_lead
from hearth.leads.services.owning import (
    CannotTakeLeads,
    assign_lead,
    pass_on_leads,
)
from hearth.leads.services.pool import ClaimedByAnother, TooManyClaims, claim_lead, release_lead
from hearth.leads.services.reclaiming import reclaim_leads
from hearth.leads.services.sourcing import state_source
from hearth.leads.services.stages import ProofMissing
from hearth.leads.services.steps import LeadIsClosed, NextStepMissing, NextStepPassed
from hearth.leads.services.working import FollowUp, follow_up

__all__ = [
    "AbsenceUnclear",
    "Arrival",
    "CannotTakeLeads",
    "ClaimedByAnother",
    "DisputeWithoutReason",
    "FollowUp",
    "GradeTerms",
    "GroupWithReasons",
    "LeadIsClosed",
    "Loss",
    "LostWithoutReason",
    "NewLead",
    "NextStepMissing",
    "NextStepPassed",
    "NobodyToShare",
    "NothingToClaim",
    "OwnDispute",
    "ProofMissing",
    "StageProved",
    "TooManyClaims",
    "Visitor",
    "VisitorUnnamed",
    "WinBackPassed",
    "assign_lead",
    "capture_lead",
    "change_grade",
    "change_stage_rule",
    "claim_lead",
    "decide_dispute",
    "end_absence",
    "follow_reservations",
    "follow_up",
    "keep_loss_reason",
    "lose_lead",
    "move_lead",
    "note_absence",
    "open_dispute",
    "pass_on_leads",
    "reclaim_leads",
    "register_visitor",
    "release_lead",
    "reopen_lead",
    "set_assignment",
    "state_source",
    "take_back_wins_of",
    "win_lead",
    "win_leads_of",
    "write_leads",
]

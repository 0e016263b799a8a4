"""Figures and decisions of places; scores stand with the customer."""

from hearth.core.fence import leave_open
from hearth.insight.models import DuplicateSearch, ProfileCount, Round, RoundDecision, ScoringRun

for figure in (ScoringRun, ProfileCount, Round, RoundDecision, DuplicateSearch):
    leave_open(figure, because="Counts and decisions, which name no customer.")

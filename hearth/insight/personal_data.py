"""Insight counts many; what it says of one stands in the profile."""

from hearth.core.personal_data import holds_none
from hearth.insight.models import DuplicateSearch, ProfileCount, Round, RoundDecision, ScoringRun

holds_none(ScoringRun, ProfileCount, DuplicateSearch, because="Figures over many customers.")
holds_none(Round, RoundDecision, because="What was decided for segments and campaigns.")

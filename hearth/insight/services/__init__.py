"""Acts of analysis: computing profiles, and keeping the rounds of the loop."""

from hearth.insight.services.duplicates import SearchRunning, fill_search, find_duplicates, start_search
from hearth.insight.services.one_customer import (
    CustomerUnknown,
    NotScoredYet,
    ProfilingRefused,
    score_customer,
)
from hearth.insight.services.rounds import (
    CountOfOtherSegment,
    DecisionEmpty,
    NothingScored,
    RoundAlreadyOpen,
    RoundNotOpen,
    RoundStartsTooEarly,
    SnapshotNotNewest,
    close_round,
    decide,
    open_round,
)
from hearth.insight.services.scoring import ScoringRunning, fill_run, run_scoring, score_all, start_scoring

__all__ = [
    "CountOfOtherSegment",
    "CustomerUnknown",
    "DecisionEmpty",
    "NotScoredYet",
    "NothingScored",
    "ProfilingRefused",
    "RoundAlreadyOpen",
    "RoundNotOpen",
    "RoundStartsTooEarly",
    "ScoringRunning",
    "SearchRunning",
    "SnapshotNotNewest",
    "close_round",
    "decide",
    "fill_run",
    "fill_search",
    "find_duplicates",
    "open_round",
    "run_scoring",
    "score_all",
    "score_customer",
    "start_scoring",
    "start_search",
]

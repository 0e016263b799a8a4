"""What is done with cases."""

from hearth.cases.services.breaches import notice_breaches
from hearth.cases.services.clocks import keep_clocks, recompute_portion
from hearth.cases.services.escalating import AtTheTop, escalate_case, tell_escalations
from hearth.cases.services.grading import SignalUnlikely, note_signal, regrade_old
from hearth.cases.services.steps import (
    AnswerMissing,
    CaseIsClosed,
    CaseStaysAnswered,
    NewCase,
    NotAnswered,
    answer_case,
    change_case,
    close_case,
    open_case,
    pass_on_cases,
    tokens_of,
    write_cases,
)
from hearth.cases.services.waiting import (
    AlreadyWaiting,
    CalledBackBefore,
    HandlerCallsBack,
    NotClosedYet,
    NotWaiting,
    ReasonMissing,
    VisitedBeforeOpened,
    call_back,
    note_visit,
    pause_case,
    resume_case,
)

__all__ = [
    "AlreadyWaiting",
    "AnswerMissing",
    "AtTheTop",
    "CalledBackBefore",
    "CaseIsClosed",
    "CaseStaysAnswered",
    "HandlerCallsBack",
    "NewCase",
    "NotAnswered",
    "NotClosedYet",
    "NotWaiting",
    "ReasonMissing",
    "SignalUnlikely",
    "VisitedBeforeOpened",
    "answer_case",
    "call_back",
    "change_case",
    "close_case",
    "escalate_case",
    "keep_clocks",
    "note_signal",
    "note_visit",
    "notice_breaches",
    "open_case",
    "pass_on_cases",
    "pause_case",
    "recompute_portion",
    "regrade_old",
    "resume_case",
    "tell_escalations",
    "tokens_of",
    "write_cases",
]

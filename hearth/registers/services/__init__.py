"""Acts on incidents, assessments, processors and audits."""

from hearth.registers.services.addressing import address_affected
from hearth.registers.services.assessments import (
    AssessmentTerms,
    approve_assessment,
    begin_assessment,
    renew_assessment,
    return_assessment,
    submit_assessment,
    write_assessment,
)
from hearth.registers.services.clocks import tell_of_clocks
from hearth.registers.services.incidents import (
    NewIncident,
    add_note,
    close_incident,
    decide_notice,
    judge_extent,
    report_incident,
    tell_authority,
)
from hearth.registers.services.letters import (
    LetterTerms,
    approve_letter,
    publish_letter,
    return_letter,
    send_letter,
    submit_letter,
    withdraw_letter,
    write_letter,
)
from hearth.registers.services.processors import (
    NewAudit,
    ProcessorTerms,
    add_processor,
    change_processor,
    end_processor,
    note_visit,
    record_audit,
)
from hearth.registers.services.raising import raise_what_is_due
from hearth.registers.services.searching import NewSearch, search_access

__all__ = [
    "AssessmentTerms",
    "LetterTerms",
    "NewAudit",
    "NewIncident",
    "NewSearch",
    "ProcessorTerms",
    "add_note",
    "add_processor",
    "address_affected",
    "approve_assessment",
    "approve_letter",
    "begin_assessment",
    "change_processor",
    "close_incident",
    "decide_notice",
    "end_processor",
    "judge_extent",
    "note_visit",
    "publish_letter",
    "raise_what_is_due",
    "record_audit",
    "renew_assessment",
    "report_incident",
    "return_assessment",
    "return_letter",
    "search_access",
    "send_letter",
    "submit_assessment",
    "submit_letter",
    "tell_authority",
    "tell_of_clocks",
    "withdraw_letter",
    "write_assessment",
    "write_letter",
]

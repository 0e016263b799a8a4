"""Acts on templates and texts of contracts, and what buyers confirm."""

from hearth.contract_texts.services.drafting import (
    Written,
    add_text_clause,
    draft_text,
    template_for,
    write_text_clause,
)
from hearth.contract_texts.services.printing import print_draft, print_text
from hearth.contract_texts.services.readings import (
    ClauseNotMarked,
    confirm_clause,
    confirm_reading,
    marked_in,
    open_reading,
)
from hearth.contract_texts.services.second import OF_TEMPLATES, OF_TEXTS
from hearth.contract_texts.services.steps import (
    NotReadByAll,
    approve_text,
    clauses_of,
    contract_of,
    findings_of,
    give_text,
    return_text,
    sign_text,
    submit_text,
    unread_by,
)
from hearth.contract_texts.services.templates import (
    NewClause,
    approve_template,
    begin_template,
    remove_clause,
    return_template,
    submit_template,
    write_clause,
)
from hearth.contract_texts.services.wordings import allow_words, forbid_words, wordings_at

__all__ = [
    "OF_TEMPLATES",
    "OF_TEXTS",
    "ClauseNotMarked",
    "NewClause",
    "NotReadByAll",
    "Written",
    "add_text_clause",
    "allow_words",
    "approve_template",
    "approve_text",
    "begin_template",
    "clauses_of",
    "confirm_clause",
    "confirm_reading",
    "contract_of",
    "draft_text",
    "findings_of",
    "forbid_words",
    "give_text",
    "marked_in",
    "open_reading",
    "print_draft",
    "print_text",
    "remove_clause",
    "return_template",
    "return_text",
    "sign_text",
    "submit_template",
    "submit_text",
    "template_for",
    "unread_by",
    "wordings_at",
    "write_clause",
    "write_text_clause",
]

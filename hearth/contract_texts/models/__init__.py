"""Templates of contracts, texts made of them, and what buyers confirmed."""

from hearth.contract_texts.models.readings import ClauseConfirmation, TextReading
from hearth.contract_texts.models.templates import ContractTemplate, ForbiddenWording, TemplateClause
from hearth.contract_texts.models.texts import ContractText, TextClause

__all__ = [
    "ClauseConfirmation",
    "ContractTemplate",
    "ContractText",
    "ForbiddenWording",
    "TemplateClause",
    "TextClause",
    "TextReading",
]

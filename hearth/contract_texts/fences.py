"""Templates and texts of contracts, and what buyers confirmed, are seen at their place."""

from hearth.contract_texts.models import (
    ClauseConfirmation,
    ContractTemplate,
    ContractText,
    ForbiddenWording,
    TemplateClause,
    TextClause,
    TextReading,
)
from hearth.core.fence import at_place, fence, leave_open

for paper in (ContractText, TextClause, TextReading, ClauseConfirmation):
    fence(paper, at_place())
for offered in (ContractTemplate, TemplateClause, ForbiddenWording):
    leave_open(offered, because="Words for contracts that a place offers, or forbids, to everybody below it.")

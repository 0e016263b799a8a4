"""Acts on repairs."""

from hearth.repairs.services.acceptance import set_acceptance
from hearth.repairs.services.booking import DaysToCut, book_repair, cut_days, pass_on_repairs, remove_slot
from hearth.repairs.services.ordering import NewRepair, cancel_repair, order_repair
from hearth.repairs.services.parts import AboutPart, keep_part
from hearth.repairs.services.signing import supervise
from hearth.repairs.services.using import PartUnlikely, correct_parts
from hearth.repairs.services.visiting import (
    Signature,
    VisitReport,
    arrive,
    report_visit,
    sign_later,
)

__all__ = [
    "AboutPart",
    "DaysToCut",
    "NewRepair",
    "PartUnlikely",
    "Signature",
    "VisitReport",
    "arrive",
    "book_repair",
    "cancel_repair",
    "correct_parts",
    "cut_days",
    "keep_part",
    "order_repair",
    "pass_on_repairs",
    "remove_slot",
    "report_visit",
    "set_acceptance",
    "sign_later",
    "supervise",
]

"""Reading what is known of families."""

from hearth.families.selectors.needs import (
    NeedVersion,
    need_history,
    present_need,
    stated,
    words_of_need_fields,
)
from hearth.families.selectors.origins import Item, blocked_items, items_of
from hearth.families.selectors.profile import completeness_of
from hearth.families.selectors.relationships import Relative, relatives_of

__all__ = [
    "Item",
    "NeedVersion",
    "Relative",
    "blocked_items",
    "completeness_of",
    "items_of",
    "need_history",
    "present_need",
    "relatives_of",
    "stated",
    "words_of_need_fields",
]

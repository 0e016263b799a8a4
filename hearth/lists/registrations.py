"""What lists offer to the rail and the sheet of keys."""

from django.utils.translation import gettext_lazy as _

from hearth.core.navigation import pin_providers
from hearth.core.palette import Spot
from hearth.core.shortcuts import Shortcut, ShortcutSection, shortcut_sections
from hearth.lists.definitions import lists
from hearth.lists.rail import pins_of

pin_providers.register("lists", pins_of)


def _is_list(spot: Spot) -> bool:
    return any(definition.url_name == spot.page for definition in lists.values())


def _is_record(spot: Spot) -> bool:
    return any(definition.record_url_name == spot.page for definition in lists.values())


shortcut_sections.register(
    "lists.records",
    ShortcutSection(
        _("Keys on the page of a row"),
        (
            Shortcut([">"], _("the next one of the list it was opened from")),
            Shortcut(["<"], _("the one before")),
        ),
        is_shown=_is_record,
    ),
)
shortcut_sections.register(
    "lists",
    ShortcutSection(
        _("Keys on lists"),
        (
            Shortcut(["j", "k"], _("next row, row before")),
            Shortcut(["Space"], _("look at the row beside the list")),
            Shortcut(["o", "Enter"], _("open the row")),
            Shortcut(["e"], _("edit its values where they stand, or its page")),
            Shortcut(["a"], _("put somebody in charge of the row, or of the selected rows")),
            Shortcut(["Enter"], _("while editing: save")),
            Shortcut(["Tab"], _("while editing: save and go to the next value")),
            Shortcut(["Esc"], _("close, or give up editing")),
            Shortcut(["x"], _("select it")),
            Shortcut(["m 1"], _("on a board: move the card to the first column, or another")),
            Shortcut(["f"], _("search in the list")),
        ),
        is_shown=_is_list,
    ),
)

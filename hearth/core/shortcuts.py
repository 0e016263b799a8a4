"""The sheet of keys: each app tells which keys it binds, and on which pages they work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hearth.core.palette import Spot, Words
from hearth.core.registry import Registry


@dataclass(frozen=True)
class Shortcut:
    """Keys that do the same thing; those pressed one after the other are joined by blanks (`g c`)."""

    keys: Sequence[str]
    label: Words


def everywhere(spot: Spot) -> bool:
    """Tell that keys work on every page."""
    return True


@dataclass(frozen=True)
class ShortcutSection:
    """Some keys under a heading; `is_shown` tells on which pages they work."""

    label: Words
    shortcuts: Sequence[Shortcut]
    is_shown: Callable[[Spot], bool] = everywhere


shortcut_sections: Registry[ShortcutSection] = Registry()
shortcut_sections.register(
    "core.everywhere",
    ShortcutSection(
        _("Everywhere"),
        (
            Shortcut(["Ctrl+K"], _("command palette")),
            Shortcut(["/"], _("search everywhere")),
            Shortcut(["n"], _("create something")),
            Shortcut(["["], _("narrow or wide rail")),
            Shortcut(["Ctrl+Enter"], _("send what is being written")),
            Shortcut(["Esc"], _("close")),
            Shortcut(["?"], _("this sheet")),
        ),
    ),
)

"""Acts on saved views."""

from hearth.lists.services.views import (
    FolderNameTooLong,
    ViewIsLocked,
    ViewNameTaken,
    ViewNeedsPlace,
    arrange_pins,
    change_view,
    delete_view,
    pin_view,
    save_view,
    save_view_parameters,
    set_default_view,
)

__all__ = [
    "FolderNameTooLong",
    "ViewIsLocked",
    "ViewNameTaken",
    "ViewNeedsPlace",
    "arrange_pins",
    "change_view",
    "delete_view",
    "pin_view",
    "save_view",
    "save_view_parameters",
    "set_default_view",
]

"""What happens to lists that others should know of."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ViewShared(Event):
    """A view of a list was shared with a team or a place."""

    type: ClassVar[str] = "lists.view_shared"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("View shared")
    object_key: str
    visibility: str


@dataclass(frozen=True, kw_only=True)
class ManyChanged(Event):
    """Many rows of a list were changed at once, or that was taken back; each row has its own event as well."""

    type: ClassVar[str] = "lists.many_changed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Many rows changed")
    object_key: str
    action_key: str
    rows: int
    is_undone: bool = False

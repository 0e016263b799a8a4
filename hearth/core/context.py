"""What every page's shell needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from hearth.core.registry import Registry


@dataclass(frozen=True)
class Notice:
    """A banner above the page; its template gets the page's context."""

    template: str
    is_shown: Callable[[HttpRequest], bool]


notices: Registry[Notice] = Registry()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give the banners that apply; none for a stranger."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {"notices": []}
    return {"notices": [notice for notice in notices.values() if notice.is_shown(request)]}

"""Names of rights, and the mark that every view carries.

A right is declared once, in the `permissions` module of the app that asks for it. Roles are data that list rights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.registry import Registry

View = Callable[..., HttpResponseBase]

permissions: Registry[Promise | str] = Registry()


def permission(name: str, label: Promise | str) -> str:
    """Declare a right, for example `customers.view`, with the sentence that explains it to an administrator."""
    permissions.register(name, label)
    return name


@dataclass(frozen=True)
class Access:
    """What a view demands; the walk over all routes reads it."""

    permission: str
    methods: tuple[str, ...]
    is_public: bool = False


def _method_refused(request: HttpRequest, methods: Sequence[str]) -> HttpResponseNotAllowed | None:
    return None if request.method in methods else HttpResponseNotAllowed(methods)


def _to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Send a stranger to sign in and back; an HTMX request is told to load the whole page."""
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
    response = HttpResponseRedirect(address)
    if request.headers.get("HX-Request"):
        response.headers["HX-Redirect"] = address
    return response


def requires(name: str, *, methods: Sequence[str] = ("GET", "HEAD")) -> Callable[[View], View]:
    """Mark a view as private: a stranger is sent to sign in, a person without the right gets 403."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if refused := _method_refused(request, methods):
                return refused
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not actor_of(request).can(name):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = Access(name, tuple(methods))  # type: ignore[attr-defined]
        return guarded

    return mark


def public(*, methods: Sequence[str] = ("GET", "HEAD")) -> Callable[[View], View]:
    """Mark a view that anybody may open; it shows nothing that belongs to somebody."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _method_refused(request, methods) or view(request, *args, **kwargs)

        guarded.access = Access("", tuple(methods), is_public=True)  # type: ignore[attr-defined]
        return guarded

    return mark


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor that the middleware attached."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


SIGNED_IN = permission("core.signed_in", _("Open the workspace"))
VIEW_EVENTS = permission("core.view_events", _("See the timeline of acts"))

"""Names of rights, and the mark that every view carries.

A right is declared once, in the `permissions` module of the app that asks for it. Roles are data that list rights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.registry import Registry

UNAUTHORIZED = 401
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


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a stranger to sign in and back.

    HTMX is told to leave the page and come back to it: it would follow a redirect by itself, and put the page of the
    sign-in where the part belongs.
    """
    is_part = request.headers.get("HX-Request") == "true"
    here = urlsplit(request.headers.get("HX-Current-URL", "")) if is_part else None
    wanted = here._replace(scheme="", netloc="").geturl() if here and here.path else request.get_full_path()
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': wanted})}"
    if is_part:
        return HttpResponse(status=UNAUTHORIZED, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


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

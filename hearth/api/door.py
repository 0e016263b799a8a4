"""What surrounds every address below /api/: language, request id, headers, and no answer that is not JSON."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, reverse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from hearth.api.problems import Problem, answer_problem
from hearth.core.permissions import public
from hearth.core.rates import WINDOW_SECONDS, Rate
from hearth.lib.identifiers import uuid7

View = Callable[..., HttpResponseBase]
# When parameters were superseded. They stay as long as v1 does, so there is no sunset to tell (RFC 9745, RFC 8594).
SUPERSEDED_AT = datetime(2026, 11, 26, tzinfo=UTC)
ANY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@public(methods=ANY_METHOD)
def unknown_address(request: HttpRequest, address: str = "") -> HttpResponseBase:
    """Answer every address below /api/ that there is not."""
    raise Http404


def enter(view: View) -> View:
    """Surround a view of the API; it sees the language that the program asked for, not that of a cookie."""

    @wraps(view)
    def surrounded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.request_id = str(uuid7())  # type: ignore[attr-defined]
        language = wanted_language(request)
        with translation.override(language):
            try:
                response = view(request, *args, **kwargs)
            except Http404 as error:
                response = answer_problem(request, error)
            if response.status_code == 405:
                allowed = response.headers["Allow"]
                response = answer_problem(request, Problem("method_not_allowed", headers={"Allow": allowed}))
        _set_headers(request, response, language)
        return response

    # Requests carry a token, never a cookie, so there is nothing to forge.
    surrounded.csrf_exempt = True  # type: ignore[attr-defined]
    return surrounded


def enter_all(patterns: list[Any]) -> list[Any]:
    """Surround every view of a list of addresses."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            # The library's own root is no operation; it only lets addresses be made.
            is_root = pattern.name == "api-root"
            pattern.callback = enter(unknown_address if is_root else pattern.callback)
    return patterns


def wanted_language(request: HttpRequest) -> str:
    """Return the first language of Accept-Language that there is, else that of the installation."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _set_headers(request: HttpRequest, response: HttpResponseBase, language: str) -> None:
    response.headers["Content-Language"] = language
    response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Authorization, Accept-Language"
    if getattr(request, "is_superseded", False):
        response.headers["Deprecation"] = f"@{int(SUPERSEDED_AT.timestamp())}"
        response.headers["Link"] = f'<{reverse("api:docs")}>; rel="deprecation"; type="text/html"'
    counted: tuple[str, Rate] | None = getattr(request, "rate", None)
    if counted:
        name, rate = counted
        response.headers["RateLimit-Policy"] = f'"{name}";q={rate.quota};w={WINDOW_SECONDS}'
        response.headers["RateLimit"] = f'"{name}";r={rate.remaining};t={rate.resets_in}'

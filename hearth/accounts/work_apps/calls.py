"""Calls to a work app: to a judged address only, with an end to every wait, and an answer that is checked."""

import http.client
import json
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings

from hearth.lib.outside_addresses import AddressRefused, resolve
from hearth.lib.outside_calls import exchange

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 10.0
ANSWER_BYTES = 100_000
SERVER_ERROR = 500
# A token of the app is let go of this long before it ends, so that none ends under way.
EARLY_SECONDS = 300

Token = tuple[str, int]
_tokens: dict[tuple[str, ...], tuple[str, float]] = {}


class ProviderDown(OAuth2Error):  # type: ignore[misc]
    """The provider cannot be reached, or answers with what is no answer."""


class ProviderRefused(OAuth2Error):  # type: ignore[misc]
    """The provider says no; `code` is its own."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(f"{code} {text}".strip())
        self.code = code


def ask(
    method: str,
    address: str,
    *,
    query: dict[str, str] | None = None,
    content: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Ask a provider and return its answer, whatever it says; neither token nor secret is ever written to a log.

    :raises ProviderDown: if it cannot be reached, fails, or answers with what is not an object of JSON
    """
    body = None if content is None else json.dumps(content).encode()
    sent = {
        "Accept": "application/json",
        "Content-Type": "application/json; charset=utf-8",
        **(headers or {}),
    }
    url = f"{address}?{urlencode(query)}" if query else address
    try:
        target = resolve(url, inside=settings.SSO_NETWORKS)
        answer = exchange(target, method, sent, body, timeout=TIMEOUT_SECONDS, longest=ANSWER_BYTES)
    except AddressRefused as refusal:
        raise ProviderDown(f"{address}: {refusal.code}") from refusal
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ProviderDown(f"{address}: {type(error).__name__}") from error
    if answer.status >= SERVER_ERROR:
        raise ProviderDown(f"{address}: {answer.status}")
    try:
        said = json.loads(answer.body)
    except ValueError as error:
        raise ProviderDown(f"{address}: no JSON") from error
    if not isinstance(said, dict):
        raise ProviderDown(f"{address}: no object")
    return {**said, "_status": answer.status}


def check(said: dict[str, Any], *, code: str, text: str) -> dict[str, Any]:
    """Return an answer that its own code calls good; these providers refuse with the status 200 too.

    :raises ProviderRefused: if the code is there and not nought, or the status is that of a refusal
    """
    found = said.get(code, 0)
    if str(found) != "0" or said["_status"] != http.client.OK:
        raise ProviderRefused(str(found), str(said.get(text, ""))[:200])
    return said


def text_of(said: dict[str, Any], name: str) -> str:
    """Return a text of an answer, empty where it is missing or something else."""
    value = said.get(name)
    return value if isinstance(value, str) else ""


def app_token(key: tuple[str, ...], fetch: Callable[[], Token]) -> str:
    """Return the token of the app itself, kept in this process while it lasts: providers limit how often one asks.

    `fetch` asks for a new one and its seconds.
    """
    kept, ends_at = _tokens.get(key, ("", 0.0))
    if kept and time.monotonic() < ends_at:
        return kept
    token, seconds = fetch()
    _tokens[key] = (token, time.monotonic() + seconds - EARLY_SECONDS)
    return token


def forget_app_token(key: tuple[str, ...]) -> None:
    """Let go of a token that the provider takes no longer."""
    _tokens.pop(key, None)

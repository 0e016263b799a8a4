"""Posting to another system: one connection, no redirect, an end to every wait."""

import http.client
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from hearth.lib.outside_addresses import AddressRefused, Network, resolve
from hearth.lib.outside_calls import exchange

TIMEOUT_SECONDS = 20.0
ANSWER_BYTES = 500
LONGEST_RETRY_AFTER = 24 * 3600


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt: a status, or the code of an error; `retry_after` in seconds if one was asked for."""

    status: int | None
    error: str
    seconds: float
    answer: str = ""
    retry_after: int | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == http.client.GONE

    @property
    def wants_pause(self) -> bool:
        return self.status in {http.client.TOO_MANY_REQUESTS, http.client.SERVICE_UNAVAILABLE}


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    inside: Sequence[Network],
    timeout: float = TIMEOUT_SECONDS,
) -> Outcome:
    """Send one request and return what came of it; raises nothing that the other system could cause."""
    started = time.monotonic()

    def ended(
        status: int | None = None, error: str = "", answer: str = "", after: int | None = None
    ) -> Outcome:
        return Outcome(status, error, time.monotonic() - started, answer, after)

    try:
        target = resolve(url, inside=inside)
        said = exchange(target, "POST", headers, body, timeout=timeout, longest=ANSWER_BYTES)
    except AddressRefused as refusal:
        return ended(error=refusal.code)
    except ssl.SSLError:
        return ended(error="tls_failed")
    except TimeoutError:
        return ended(error="timed_out")
    except (OSError, http.client.HTTPException, ValueError):
        # Our own watch ends a connection that dribbles on; that is a timeout as well.
        is_late = time.monotonic() - started >= timeout
        return ended(error="timed_out" if is_late else "connection_failed")
    return ended(
        said.status,
        "redirected" if 300 <= said.status < 400 else "",
        said.body.decode("utf-8", "replace").replace("\0", ""),
        _retry_after(said.headers.get("Retry-After")),
    )


def _retry_after(value: str | None) -> int | None:
    """Read seconds or a date; what is neither asks for nothing, and nobody may ask for more than a day."""
    if not value:
        return None
    if value.strip().isdecimal() and len(value) < 10:
        seconds = int(value)
    else:
        try:
            until = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        seconds = int((until - datetime.now(UTC)).total_seconds())
    return min(max(seconds, 0), LONGEST_RETRY_AFTER)

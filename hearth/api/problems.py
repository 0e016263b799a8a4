"""Refusals as `application/problem+json` (RFC 9457)."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja.errors import AuthenticationError, HttpError, ValidationError
from psycopg.errors import UniqueViolation

from hearth.api.problem_kinds import problem_kinds
from hearth.api.validation import FieldError, read_errors
from hearth.core.errors import Conflict, DomainError, InvalidInput, NotAllowed
from hearth.core.idempotency import StillRunning
from hearth.core.pages import BadCursor

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """A request that the API refuses by one of its own rules; `kind` is a code of `problem_kinds`."""

    def __init__(
        self,
        kind: str,
        *,
        errors: Sequence[FieldError] = (),
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.errors = errors
        self.extra = extra or {}
        self.headers = headers or {}


class Refused(Exception):
    """A rule of an app said no, and the operation knows the status or more to tell."""

    def __init__(self, reason: DomainError, *, status: int, extra: Mapping[str, Any]) -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.status = status
        self.extra = extra


class UnknownReference(InvalidInput):
    """The body names something that does not exist, or that the actor may not see."""

    code = "unknown_reference"
    message = _("This does not exist, or you may not see it.")


def answer_problem(request: HttpRequest, error: Exception) -> HttpResponse:
    """Turn anything that was raised into a problem; what nobody expected is logged and says nothing of itself."""
    if isinstance(error, Refused):
        return _refusal(request, error.reason, status=error.status, extra=error.extra)
    if isinstance(error, DomainError) and not isinstance(error, BadCursor):
        return _refusal(request, error)
    return _own(request, _as_problem(request, error))


def _as_problem(request: HttpRequest, error: Exception) -> Problem:
    if isinstance(error, HttpError) and isinstance(error.__cause__, Problem):
        return error.__cause__
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationError):
        is_body, errors = read_errors(error.errors)
        return Problem("invalid_body" if is_body else "invalid_parameter", errors=errors)
    if isinstance(error, BadCursor):
        return Problem("invalid_parameter", errors=[FieldError(error.field, error.code, str(error))])
    return _as_plain_problem(request, error)


def _as_plain_problem(request: HttpRequest, error: Exception) -> Problem:
    if isinstance(error, AuthenticationError):
        return unauthorized(request)
    if isinstance(error, Http404):
        return Problem("not_found")
    if isinstance(error, RequestDataTooBig):
        return Problem("body_too_large")
    if isinstance(error.__cause__, UniqueViolation):
        return Problem("already_exists")
    logger.error("Request %s failed", request_id_of(request), exc_info=error)
    return Problem("server_error")


def unauthorized(request: HttpRequest) -> Problem:
    """Ask for a token, and say so if one was sent that is not valid."""
    reason = ', error="invalid_token"' if request.headers.get("Authorization") else ""
    return Problem("unauthorized", headers={"WWW-Authenticate": f'Bearer realm="hearth"{reason}'})


def _own(request: HttpRequest, problem: Problem) -> HttpResponse:
    kind = problem_kinds[problem.kind]
    body = {"title": str(kind.title), "detail": str(kind.detail), **problem.extra}
    return _response(request, kind.code, kind.status, body, problem.errors, problem.headers)


def _refusal(
    request: HttpRequest, error: DomainError, *, status: int = 0, extra: Mapping[str, Any] | None = None
) -> HttpResponse:
    """A rule of an app said no: its code is the problem's, its sentence the detail."""
    kind, errors, headers = problem_kinds["refused"], [], {}
    if isinstance(error, NotAllowed):
        kind = problem_kinds["not_allowed"]
    elif isinstance(error, StillRunning):
        kind, headers = problem_kinds["conflict"], {"Retry-After": "1"}
    elif isinstance(error, Conflict):
        kind = problem_kinds["conflict"]
    elif isinstance(error, InvalidInput) and error.field:
        kind = problem_kinds["invalid_body"]
        errors = [FieldError(f"/{error.field}", error.code, str(error), error.params)]
    body = {"title": str(kind.title), "detail": str(error), **(extra or {})}
    return _response(request, error.code, status or kind.status, body, errors, headers)


def _response(
    request: HttpRequest,
    code: str,
    status: int,
    body: Mapping[str, Any],
    errors: Sequence[FieldError],
    headers: Mapping[str, str],
) -> HttpResponse:
    problem = {
        "type": reverse("api:problem", args=[code]),
        "status": status,
        "instance": request.path,
        "request_id": request_id_of(request),
        "errors": [error.as_json() for error in errors],
        **body,
    }
    encoded = json.dumps(problem, ensure_ascii=False)
    return HttpResponse(encoded, status=status, content_type=CONTENT_TYPE, headers=dict(headers))


def request_id_of(request: HttpRequest) -> str:
    """Return the id that the request was given at the door."""
    return str(getattr(request, "request_id", ""))

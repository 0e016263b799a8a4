"""Many operations in one request."""

import json
from io import BytesIO
from typing import Any, Literal
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import Http404, HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from ninja import Router
from pydantic import BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked
from hearth.api.guard import count_operations
from hearth.api.v1 import batch_examples as examples
from hearth.core.permissions import SIGNED_IN

router = Router(tags=["batch"])
PREFIX = "/api/v1"
# These have an allowance of their own, and answers that are no part of another.
APART = (f"{PREFIX}/batch", f"{PREFIX}/jobs/")
MOST = 500
# What of the whole request counts for each part, and which headers an operation may bring.
SHARED = ("HTTP_ACCEPT_LANGUAGE", "HTTP_AUTHORIZATION", "REMOTE_ADDR", "SERVER_NAME", "SERVER_PORT")
HeaderName = Literal["If-Match", "Idempotency-Key", "X-Duplicate-Policy", "Prefer"]
TOLD = ("ETag", "Location", "Idempotency-Replayed")


class BatchOperation(Asked):
    """One operation, as it would be sent alone."""

    id: str = Field("", max_length=80, description="Any text; it comes back with the answer.")
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str = Field(
        min_length=2,
        max_length=2000,
        pattern=r"^/[!-~]*$",
        description="Below /api/v1, such as `/customers`.",
    )
    headers: dict[HeaderName, str] = Field(default_factory=dict)
    body: dict[str, Any] | None = None


class BatchToRun(Asked):
    """Operations, one after the other."""

    operations: list[BatchOperation] = Field(min_length=1, max_length=MOST)
    atomic: bool = Field(default=False, description="All or none: the first refusal undoes everything.")


class OperationResult(BaseModel):
    """What one operation got; `status` is null for those that were not tried after a refusal."""

    id: str
    status: int | None
    headers: dict[str, str]
    body: Any


class BatchResults(BaseModel):
    """The answers in the order of the operations; `committed` is false when all was undone."""

    committed: bool
    results: list[OperationResult]


@endpoint(
    router,
    "POST /batch",
    permission=SIGNED_IN,
    returns=BatchResults,
    summary="Run a batch",
    example=examples.RESULTS,
    body_example=examples.BATCH,
)
def post_batch(request: HttpRequest, body: BatchToRun) -> Reply:
    """Run up to 500 operations one after the other, each with its own rights and refusals.

    With `atomic`, the first refusal ends and undoes all. The answer is 201 whatever the parts say: read their statuses.
    """
    count_operations(request, len(body.operations))
    results: list[OperationResult] = []
    with transaction.atomic():
        for operation in body.operations:
            results.append(_run(request, operation))
            if body.atomic and _is_refused(results[-1]):
                transaction.set_rollback(True)
                break
    is_undone = body.atomic and _is_refused(results[-1])
    untried = body.operations[len(results) :]
    results += [OperationResult(id=each.id, status=None, headers={}, body=None) for each in untried]
    return Reply(BatchResults(committed=not is_undone, results=results), 201)


def _is_refused(result: OperationResult) -> bool:
    return result.status is None or result.status >= 400


def _run(request: HttpRequest, operation: BatchOperation) -> OperationResult:
    """Run one operation; what it wrote before a refusal is undone."""
    part = _part(request, operation)
    found = _operation_of(part)
    with transaction.atomic():
        response = found.func(part, **found.kwargs)
        if response.status_code >= 400:
            transaction.set_rollback(True)
    if response.status_code == 200:
        # For who notes what was shown: what is undone was seen all the same.
        request.answered_within = [*getattr(request, "answered_within", ()), found]  # type: ignore[attr-defined]
    return OperationResult(
        id=operation.id,
        status=response.status_code,
        headers={name: response.headers[name] for name in TOLD if name in response.headers},
        body=json.loads(response.content) if response.content else None,
    )


def _part(request: HttpRequest, operation: BatchOperation) -> WSGIRequest:
    """Make the request of one operation, with the caller already known."""
    path, query = urlsplit(operation.path).path, urlsplit(operation.path).query
    content = b"" if operation.body is None else json.dumps(operation.body).encode()
    environ: dict[str, Any] = {
        **{name: request.META[name] for name in SHARED if name in request.META},
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in operation.headers.items()},
        "REQUEST_METHOD": operation.method,
        "PATH_INFO": f"{PREFIX}{path}",
        "QUERY_STRING": query,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": BytesIO(content),
        "wsgi.url_scheme": request.scheme,
    }
    part = WSGIRequest(environ)
    part.caller = request.auth, request.actor  # type: ignore[attr-defined]
    return part


def _operation_of(part: HttpRequest) -> ResolverMatch:
    """Return the operation behind an address; a batch holds no batch, and no jobs over files."""
    try:
        found = resolve(part.path_info)
    except Resolver404 as error:
        raise Http404 from error
    is_operation = found.namespaces == ["api", "api_v1"] and not part.path_info.startswith(APART)
    return found if is_operation else resolve(f"{PREFIX}/-")

"""How an operation is declared, run and answered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from ninja import Router
from pydantic import BaseModel

from hearth.api.envelope import superseded_names
from hearth.api.filters import parameter_names
from hearth.api.guard import DEFAULT, Allowance, BearerToken
from hearth.api.page_lists import PageQuery, page_parameters
from hearth.api.problems import Problem
from hearth.api.shaping import includable, shape
from hearth.api.uploads import Upload
from hearth.api.validation import SENTENCES, FieldError
from hearth.core.idempotency import Answer, answer_once
from hearth.core.permissions import Access

Operation = Callable[..., "Reply | FileReply"]
ALWAYS = (400, 401, 403, 429, 500)
ON_CHANGE = (409, 413, 415, 422)
LONGEST_KEY = 255
PART = 256 * 1024


@dataclass(frozen=True)
class Reply:
    """What an operation answers when it refuses nothing; `is_tagged_whole`: its ETag stands for all it says."""

    body: BaseModel
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_tagged_whole: bool = False


@dataclass(frozen=True)
class FileReply:
    """A file, sent as it is read."""

    parts: Iterator[bytes]
    name: str


@dataclass(frozen=True)
class Intake:
    """How an operation takes a file: `receive` refuses what it can before it reads, then keeps what comes."""

    receive: Callable[..., Upload]
    media_types: Sequence[str]


@dataclass(frozen=True)
class Manner:
    """What sets an operation apart from most.

    It takes a file instead of JSON, or `gives` one of that type. `revalidates`: the ETag changes with whatever the
    answer holds, so that who has it already is not sent it again. `allowance`: what it is counted against.
    `may_make`: it answers 201 where it made something, though it is no POST.
    """

    takes: Intake | None = None
    gives: str = "application/json"
    revalidates: bool = False
    allowance: Allowance = DEFAULT
    may_make: bool = False


def endpoint(  # noqa: PLR0913  (each is a part of the operation's description)
    router: Router,
    route: str,
    *,
    permission: str,
    summary: str,
    example: Mapping[str, Any] | str,
    returns: type[BaseModel] | None = None,
    body_example: Mapping[str, Any] | None = None,
    parameters: type[BaseModel] | None = None,
    headers: Mapping[str, str] | None = None,
    problems: tuple[int, ...] = (),
    manner: Manner = Manner(),
) -> Callable[[Operation], Operation]:
    """Declare an operation such as `GET /me`: the right it demands, what it takes and gives, and how it may refuse.

    A method other than GET may be repeated with its Idempotency-Key, and must carry one where `headers` is
    `KEY_REQUIRED`: what moves money is never done twice. It may also be tried with `dry_run`, unless it takes a file.
    Without `returns` the answer is a file.
    """
    method, _space, path = route.partition(" ")
    takes = manner.takes
    is_change = method != "GET"
    needs_key = headers is KEY_REQUIRED
    changing = (TRY if takes is None else {}) if is_change else {}
    is_page = parameters is not None and issubclass(parameters, PageQuery)
    named = _filters_of(parameters) | changing
    if returns and not is_change:
        named |= _shaping_parameters(returns)
    extra = {
        "x-permission": permission,
        "x-problems": sorted({*ALWAYS, *problems, *(ON_CHANGE if is_change else ())}),
        "x-example": example,
        "x-body-example": body_example,
        "x-headers": {
            **(CHANGE_HEADERS if is_change else {}),
            **(REVALIDATION if manner.revalidates else {}),
            **(headers or {}),
        },
        "x-parameters": named,
        "x-gives": manner.gives,
        "x-takes": list(takes.media_types) if takes else [],
        "x-revalidates": manner.revalidates,
        "x-may-make": manner.may_make,
    }

    def register(view: Operation) -> Operation:
        @wraps(view)
        def run(request: HttpRequest, **values: Any) -> HttpResponseBase:
            if needs_key and not (request.headers.get("Idempotency-Key") or is_tried(request)):
                raise Problem("idempotency_key_required")
            if returns is None:
                return _send(view(request, **values), manner.gives)
            if takes is None:
                return _respond(_run_once(request, lambda: view(request, **values), is_change=is_change))
            with takes.receive(request, **values) as upload:
                request.upload = upload  # type: ignore[attr-defined]
                return _respond(_run_once(request, lambda: view(request, **values), is_change=True))

        run.access = Access(permission, (method,))  # type: ignore[attr-defined]
        older = superseded_names(parameters) if parameters else set()
        known = {*(parameters.model_fields if parameters else ()), *named}
        router.api_operation(
            [method],
            path,
            auth=BearerToken(permission, known, manner.allowance, superseded=older, leaves_filters=is_page),
            response={201 if method == "POST" else 200: returns},
            summary=summary,
            operation_id=view.__name__,
            openapi_extra=extra,
        )(run)
        return view

    return register


KEY_DESCRIPTION = "Any text of at most 255 characters. The same key gets the same answer for 24 hours."
MINIMAL = "return=minimal"


CHANGE_HEADERS = {
    "Idempotency-Key": KEY_DESCRIPTION,
    "Prefer": f"`{MINIMAL}`: only the headers are wanted; the answer is 204.",
}
KEY_REQUIRED = {"Idempotency-Key": f"{KEY_DESCRIPTION} Required."}
REVALIDATION = {"If-None-Match": "An ETag: the answer is 304 while it still holds."}
TRY = {"dry_run": "`true`: answer as if it were done, and do nothing."}
YES_OR_NO = {"true": True, "1": True, "false": False, "0": False}


def is_tried(request: HttpRequest) -> bool:
    """Tell whether a change is only tried.

    :raises Problem: 400 if it is not clear
    """
    asked = request.GET.get("dry_run", "false").lower()
    if asked not in YES_OR_NO:
        raise Problem(
            "invalid_parameter",
            errors=[FieldError("dry_run", "bool_parsing", str(SENTENCES["bool_parsing"]))],
        )
    return YES_OR_NO[asked]


def _filters_of(parameters: type[BaseModel] | None) -> dict[str, str]:
    if parameters is not None and issubclass(parameters, PageQuery):
        return page_parameters(parameters)
    return parameter_names(getattr(parameters, "filters", {}))


def _shaping_parameters(returns: type[BaseModel]) -> dict[str, str]:
    found = {"fields": "Names of the fields that are wanted, separated by commas; empty: all."}
    if names := includable(returns):
        found["include"] = f"Records that are wanted as well, separated by commas: {', '.join(names)}."
    return found


def _run_once(request: HttpRequest, act: Callable[[], Any], *, is_change: bool) -> Answer:
    if is_change and is_tried(request):
        return _try(request, act)
    key = request.headers.get("Idempotency-Key", "") if is_change else ""
    if not key:
        return _answer(request, act())
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise invalid_header("Idempotency-Key")
    policy = request.headers.get("X-Duplicate-Policy", "")
    wish = request.headers.get("Prefer", "")
    upload: Upload | None = getattr(request, "upload", None)
    asked = (
        "\n".join((request.method or "", request.get_full_path(), policy, wish)).encode()
        + b"\n"
        + (upload.digest if upload else request.body)
    )
    user_id: int = request.auth.user_id  # type: ignore[attr-defined]
    return answer_once(
        lambda: _answer(request, act()), user_id=user_id, key=key, request=asked, now=timezone.now()
    )


def _try(request: HttpRequest, act: Callable[[], Any]) -> Answer:
    """Do all and undo it: what is queued or told to others is undone as well."""
    with transaction.atomic():
        answer = _answer(request, act())
        transaction.set_rollback(True)
    kept = {name: value for name, value in answer.headers.items() if name not in {"Location", "ETag"}}
    return replace(answer, headers={**kept, "Dry-Run": "true"})


def invalid_header(name: str) -> Problem:
    """Refuse a header's value."""
    return Problem("invalid_parameter", errors=[FieldError(name, "invalid_header", name)])


def _answer(request: HttpRequest, reply: Reply) -> Answer:
    if request.method != "GET" and MINIMAL in request.headers.get("Prefer", "").replace(" ", "").split(","):
        return Answer(204, "", {**reply.headers, "Preference-Applied": MINIMAL})
    if request.method == "GET" and _holds_still(request, reply):
        return Answer(304, "", reply.headers)
    return Answer(reply.status, shape(request, reply.body), reply.headers)


def _holds_still(request: HttpRequest, reply: Reply) -> bool:
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
    return reply.is_tagged_whole and bool(known & {"*", reply.headers.get("ETag")})


def _send(reply: Any, media_type: str) -> StreamingHttpResponse:
    parts = _in_language(reply.parts, translation.get_language())
    response = StreamingHttpResponse(parts, content_type=_in_utf8(media_type))
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=reply.name
    )
    return response


def read_parts(path: Path | str) -> Iterator[bytes]:
    """Read a file as it is sent."""
    with Path(path).open("rb") as file:
        while part := file.read(PART):
            yield part


def _in_utf8(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _in_language(parts: Iterator[bytes], language: str) -> Iterator[bytes]:
    """Make each part in the language of the request, which has ended when they are sent."""
    while True:
        with translation.override(language):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _respond(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json")
    if answer.status in {204, 304}:
        del response.headers["Content-Type"]
    for name, value in answer.headers.items():
        response.headers[name] = value
    if answer.is_replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response

"""The refusals of the API itself, each with its status, and where every refusal is explained."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.errors import Conflict, DomainError, InvalidInput, NotAllowed
from hearth.core.registry import Registry


@dataclass(frozen=True)
class ProblemKind:
    """A stable code, the HTTP status it comes with, and what it says."""

    code: str
    status: int
    title: str | Promise
    detail: str | Promise

    @property
    def sentence(self) -> str:
        """The detail as a page shows it, where the values it speaks of are not known."""
        return re.sub(r"%\(\w+\)s", "…", str(self.detail))


# Refusals that the API answers with 409 although they are no conflict of two changes.
CONFLICTS = {"duplicate"}

problem_kinds: Registry[ProblemKind] = Registry()


def _kind(code: str, status: int, title: str | Promise, detail: str | Promise) -> None:
    problem_kinds.register(code, ProblemKind(code, status, title, detail))


_kind(
    "malformed_body",
    400,
    _("Body not readable"),
    _("The body is not JSON in UTF-8, or holds characters that no text has."),
)
_kind(
    "unknown_parameter",
    400,
    _("Unknown parameter"),
    _("The address has a parameter that this operation does not know."),
)
_kind(
    "invalid_parameter",
    400,
    _("Invalid parameter"),
    _("A parameter has a value that this operation does not understand."),
)
_kind(
    "idempotency_key_required",
    400,
    _("Idempotency-Key required"),
    _("This must not happen twice. Send an Idempotency-Key, and the same one when you repeat the request."),
)
_kind(
    "unauthorized", 401, _("Not signed in"), _("Send a token that is valid: Authorization: Bearer hearth_…")
)
_kind("not_allowed", 403, _("Not allowed"), _("You do not have the right to do this here."))
_kind(
    "token_is_limited",
    403,
    _("Token is limited"),
    _("A webhook acts with all rights of its owner; a token limited to some rights makes and changes none."),
)
_kind("token_reads_only", 403, _("Token reads only"), _("This token may read but not change anything."))
_kind(
    "address_not_allowed",
    403,
    _("Address not allowed"),
    _("This token may not be used from this address."),
)
_kind("not_found", 404, _("Not found"), _("There is nothing at this address, or nothing that you may see."))
_kind("method_not_allowed", 405, _("Method not allowed"), _("This address does not answer this method."))
_kind(
    "conflict",
    409,
    _("Conflict"),
    _("Somebody else changed this meanwhile. Load it again and repeat your change."),
)
_kind("already_exists", 409, _("Already recorded"), _("Something with the same key is already recorded."))
_kind("length_required", 411, _("Length required"), _("Say in Content-Length how long the file is."))
_kind(
    "version_changed",
    412,
    _("Changed meanwhile"),
    _("Somebody else changed this meanwhile. “current” is how it stands now."),
)
_kind("body_too_large", 413, _("Body too large"), _("The body is larger than this address accepts."))
_kind(
    "unsupported_media_type",
    415,
    _("Unsupported media type"),
    _("This address does not take a body of this type."),
)
_kind(
    "invalid_body",
    422,
    _("Invalid body"),
    _("The body has values that cannot be accepted. “errors” lists them."),
)
_kind("refused", 422, _("Refused"), _("This is not possible."))
_kind(
    "version_required",
    428,
    _("Version required"),
    _("Send If-Match with the ETag you last got, so that nobody's change is lost."),
)
_kind(
    "too_many_requests",
    429,
    _("Too many requests"),
    _("This token has used up its requests for this minute."),
)
_kind(
    "server_error",
    500,
    _("Server error"),
    _("Something failed here. Quote the request_id when you ask for help."),
)


def explain(code: str) -> ProblemKind | None:
    """Return what a code means, None when nobody refuses with it."""
    return next((found for found in list_explanations() if found.code == code), None)


def list_explanations() -> list[ProblemKind]:
    """Return every refusal of the API and of the apps behind it, by code."""
    found = {
        code: ProblemKind(code, *_title_of(refusal), refusal.message) for code, refusal in _refusals().items()
    }
    found |= {kind.code: kind for kind in problem_kinds.values()}
    return [found[code] for code in sorted(found)]


def _title_of(refusal: type[DomainError]) -> tuple[int, str | Promise]:
    if issubclass(refusal, NotAllowed):
        return 403, problem_kinds["not_allowed"].title
    if issubclass(refusal, Conflict) or refusal.code in CONFLICTS:
        return 409, problem_kinds["conflict"].title
    kind = "invalid_body" if issubclass(refusal, InvalidInput) else "refused"
    return 422, problem_kinds[kind].title


def _refusals() -> dict[str, type[DomainError]]:
    found: dict[str, type[DomainError]] = {}
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        refusal = waiting.pop()
        found.setdefault(refusal.code, refusal)
        waiting.extend(refusal.__subclasses__())
    return found

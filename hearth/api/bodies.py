"""Reading the body of a request."""

import json
import re
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from ninja.parser import Parser

from hearth.api.problems import Problem

LARGEST_BODY = 1024 * 1024
# As JSON writes it, not a backslash that somebody typed before "u0000".
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class BodyParser(Parser):
    """Accepts JSON in UTF-8 of at most 1 MiB whose texts a database can keep."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the body says.

        :raises Problem: 400, 413 or 415
        """
        if request.content_type != "application/json":
            raise Problem("unsupported_media_type", headers={"Accept": "application/json"})
        try:
            body = json.loads(_read(request).decode("utf-8"), parse_constant=_refuse_constant)
            # Half a surrogate pair is legal in JSON, and no text in UTF-8.
            written = json.dumps(body, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise Problem("malformed_body") from error
        if NUL.search(written) or not isinstance(body, dict):
            raise Problem("malformed_body")
        return body


def _read(request: HttpRequest) -> bytes:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        raise Problem("body_too_large")
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise Problem("body_too_large") from error
    if len(body) > LARGEST_BODY:
        raise Problem("body_too_large")
    return body


def _refuse_constant(name: str) -> float:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)

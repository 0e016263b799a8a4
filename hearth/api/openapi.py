"""The description of the API: what the library generates, with every refusal, header and example added."""

import json
import re
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, Field

from hearth.api.openapi_sharing import laid_out, shared, written
from hearth.api.problem_kinds import problem_kinds
from hearth.api.problems import CONTENT_TYPE
from hearth.api.v1 import api
from hearth.core.permissions import public

PREFIX = "/api/v1"
SCHEMA = re.compile(r"#/components/schemas/([\w.-]+)")
EXAMPLES = {"example", "examples"}
ANSWER_HEADERS = {
    "RateLimit": "How many requests are left, and in how many seconds the allowance is full again.",
    "RateLimit-Policy": "How many requests a token has in how many seconds.",
    "X-Request-Id": "The id of this request in the log.",
}


class ProblemError(BaseModel):
    """One thing wrong: `pointer` is a JSON pointer into the body, or the name of a parameter or header."""

    pointer: str
    code: str
    detail: str
    params: dict[str, Any]


class ProblemBody(BaseModel):
    """A refusal (RFC 9457); `type` is stable and explains itself when it is opened."""

    type: str = Field(examples=["/api/problems/not_found"])
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[ProblemError]


@cache
def openapi_document() -> dict[str, Any]:
    """Return the document as it is served and committed."""
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=f"{PREFIX}/")))
    schema = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = document["components"]["schemas"]
    schemas.update(schema.pop("$defs"))
    schemas["Problem"] = {**schema, "title": "Problem"}
    refused = sorted({kind.status for kind in problem_kinds.values()})
    document["components"]["responses"] = {f"{status}": _problem(status) for status in refused}
    document["components"]["headers"] = {
        name: {"description": description, "schema": {"type": "string"}}
        for name, description in ANSWER_HEADERS.items()
    }
    for methods in document["paths"].values():
        for operation in methods.values():
            _complete(operation)
    _link(document["paths"])
    _drop_unnamed(document)
    return {**document, **{part: _without_titles(document[part]) for part in ("paths", "components")}}


def _drop_unnamed(document: dict[str, Any]) -> None:
    """Leave out the models that nothing refers to: those of queries stand as parameters."""
    schemas = document["components"]["schemas"]
    named: set[str] = set()
    texts = [written({**document, "components": {**document["components"], "schemas": {}}})]
    while texts:
        found = set(SCHEMA.findall(texts.pop())) - named
        named |= found
        texts += [written(schemas[name]) for name in found]
    for name in set(schemas) - named:
        del schemas[name]


def _without_titles(value: Any, *, is_names: bool = False) -> Any:
    """Return a description without the titles that the library makes of names and that say nothing more."""
    if isinstance(value, list):
        return [_without_titles(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: part if key in EXAMPLES else _without_titles(part, is_names=key == "properties")
        for key, part in value.items()
        if is_names or key != "title" or not isinstance(part, str)
    }


def _link(paths: dict[str, Any]) -> None:
    """Say of everything that can be made what can be done with it: at its address and below, by its id."""
    for path, methods in paths.items():
        made = methods.get("post", {}).get("responses", {}).get("201")
        below = re.compile(rf"{re.escape(path)}/{{(\w+)}}(/[^{{}}]+)?")
        links = {
            operation["operationId"]: {
                "operationId": operation["operationId"],
                "parameters": {found[1]: "$response.body#/id"},
            }
            for other, others in paths.items()
            if (found := below.fullmatch(other))
            for operation in others.values()
        }
        if made and links:
            made["links"] = links


@cache
def write_document() -> str:
    """Return the document as text; the committed copy is equal to it, byte by byte."""
    return laid_out(shared(openapi_document())) + "\n"


def _complete(operation: dict[str, Any]) -> None:
    example, body_example = operation.pop("x-example"), operation.pop("x-body-example")
    gives, takes = operation.pop("x-gives"), operation.pop("x-takes")
    for answer in operation["responses"].values():
        answer["description"] = "Done."
        answer.setdefault("content", {}).setdefault(gives, {"schema": {"type": "string"}})["example"] = (
            example
        )
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in ANSWER_HEADERS}
    if operation.pop("x-may-make"):
        operation["responses"]["201"] = operation["responses"]["200"]
    if takes:
        binary = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(takes, binary)}
    if body_example is not None:
        operation["requestBody"]["content"]["application/json"]["example"] = body_example
    if operation.pop("x-revalidates"):
        operation["responses"]["304"] = {"description": "What the caller has still holds."}
    for name, description in operation.pop("x-headers").items():
        operation["parameters"].append(_header_parameter(name, description))
    for name, description in operation.pop("x-parameters").items():
        operation["parameters"].append(
            {"in": "query", "name": name, "schema": {"type": "string"}, "description": description}
        )
    for status in operation.pop("x-problems"):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}


def _header_parameter(name: str, description: str) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "schema": {"type": "string"},
        "required": description.endswith("Required."),
        "description": description,
    }


def _problem(status: int) -> dict[str, Any]:
    codes = [kind.code for kind in problem_kinds.values() if kind.status == status]
    example = {
        "type": f"/api/problems/{codes[0]}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "",
        "instance": f"{PREFIX}/customers",
        "request_id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c08",
        "errors": [],
    }
    return {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(codes)}.",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }


@public()
def show_document(request: HttpRequest) -> HttpResponse:
    """Give the document to programs."""
    return HttpResponse(write_document(), content_type="application/json")

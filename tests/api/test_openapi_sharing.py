"""The written description of the API says the same as the whole one, in fewer bytes."""

import json
from typing import Any

from hearth.api.openapi import openapi_document, write_document
from hearth.api.openapi_sharing import shared

WHOLE, WRITTEN = openapi_document(), json.loads(write_document())
OPERATIONS = [
    (path, method, operation)
    for path, methods in WHOLE["paths"].items()
    for method, operation in methods.items()
]


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference of the written document leads to."""
    while "$ref" in value:
        found: Any = WRITTEN
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


def parameters_of(operation: dict[str, Any]) -> dict[str, str]:
    """Return what a written operation says of each of its parameters, each operator of a filter by itself."""
    found = {}
    for one in map(resolved, operation["parameters"]):
        if one.get("style") == "deepObject":
            for part, schema in resolved(one["schema"])["properties"].items():
                found[f"{one['name']}[{part}]"] = said_of(schema)
        else:
            found[one["name"]] = said_of({**one["schema"], "description": one.get("description", "")})
    return found


def said_of(schema: dict[str, Any]) -> str:
    """Return what a schema says of a value that an address holds, whichever way nothing and choices are written."""
    choices = [each for each in schema.get("anyOf", [schema]) if each != {"type": "null"}]
    kinds = [each["type"] if isinstance(each.get("type"), str) else each.get("type", "") for each in choices]
    kinds = [kind[0] if isinstance(kind, list) else kind for kind in kinds]
    enums = [each.get("enum") for each in choices]
    return json.dumps([kinds, enums, schema.get("description", "")], ensure_ascii=False)


def examples_of(part: dict[str, Any]) -> list[Any]:
    found = []
    for content in part.get("content", {}).values():
        if "example" in content:
            found.append(content["example"])
        found += [resolved(each)["value"] for each in content.get("examples", {}).values()]
    return found


def test_every_operation_says_of_its_parameters_what_it_says_in_whole() -> None:
    for path, method, operation in OPERATIONS:
        written = WRITTEN["paths"][path][method]

        assert parameters_of(written) == {
            one["name"]: said_of({**one["schema"], "description": one.get("description", "")})
            for one in operation["parameters"]
        }


def test_filters_with_the_same_operators_that_ask_otherwise_are_not_mixed_up() -> None:
    asked = {"description": "One.", "schema": {"type": "string"}}
    document = {
        "paths": {
            f"/{number}": {
                "get": {
                    "parameters": [{"in": "query", "name": "filter[made][eq]", **asked, "schema": schema}],
                    "responses": {},
                }
            }
            for number, schema in enumerate(({"type": "string"}, {"type": "integer"}, {"type": "string"}))
        },
        "components": {"schemas": {}},
    }

    schemas = shared(document)["components"]["schemas"]

    assert [each["properties"]["eq"]["type"] for each in schemas.values()] == ["string", "integer"]


def test_the_written_description_is_made_once() -> None:
    assert write_document() is write_document()


def test_no_operation_loses_an_example_an_answer_or_a_body() -> None:
    for path, method, operation in OPERATIONS:
        written = WRITTEN["paths"][path][method]

        assert set(written["responses"]) == set(operation["responses"])
        for status, answer in operation["responses"].items():
            assert examples_of(written["responses"][status]) == examples_of(answer)
        assert examples_of(written.get("requestBody", {})) == examples_of(operation.get("requestBody", {}))


def test_every_reference_of_the_written_document_leads_somewhere() -> None:
    text = json.dumps(WRITTEN)

    references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}

    assert all(resolved({"$ref": each}) for each in references)


def test_what_may_be_nothing_is_still_said() -> None:
    whole, written = WHOLE["components"]["schemas"], WRITTEN["components"]["schemas"]

    for name, schema in whole.items():
        for field, said in schema.get("properties", {}).items():
            if {"type": "null"} in said.get("anyOf", []):
                shown = written[name]["properties"][field]
                assert "null" in shown.get("type", []) or {"type": "null"} in shown["anyOf"]

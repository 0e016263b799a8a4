"""The written description of the API says the same as the whole one, in fewer bytes."""

import json
from typing import Any

from hearth.api.openapi import openapi_document, write_document

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


def names_of(operation: dict[str, Any]) -> set[str]:
    """Return the names of the parameters of a written operation, each operator of a filter by itself."""
    found = set()
    for one in map(resolved, operation["parameters"]):
        if one.get("style") == "deepObject":
            found |= {f"{one['name']}[{part}]" for part in resolved(one["schema"])["properties"]}
        else:
            found.add(one["name"])
    return found


def examples_of(part: dict[str, Any]) -> list[Any]:
    found = []
    for content in part.get("content", {}).values():
        if "example" in content:
            found.append(content["example"])
        found += [resolved(each)["value"] for each in content.get("examples", {}).values()]
    return found


def test_no_operation_loses_a_parameter() -> None:
    for path, method, operation in OPERATIONS:
        written = WRITTEN["paths"][path][method]

        assert names_of(written) == {one["name"] for one in operation["parameters"]}


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

"""The written form of the description of the API: what its operations share stands once, a line for each part."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

LINES_DOWN_TO = 5
SIGNED_IN: list[dict[str, list[str]]] = [{"BearerToken": []}]
FILTER = re.compile(r"(filter\[\w+\])\[(\w+)\]")
PLAIN = {"string", "integer", "number", "boolean", "object", "array"}
NOTHING = {"type": "null"}


def written(value: Any) -> str:
    """Return a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def laid_out(value: Any, depth: int = 0) -> str:
    """Write JSON with a line for each part of an operation and of a schema: a change is seen, the file stays light."""
    if depth == LINES_DOWN_TO or not isinstance(value, dict) or not value:
        return written(value)
    inside = " " * (depth + 1)
    parts = [f"{inside}{written(key)}: {laid_out(part, depth + 1)}" for key, part in value.items()]
    return "{\n" + ",\n".join(parts) + "\n" + " " * depth + "}"


def shared(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with what operations share written once: filters, parameters, examples, and who may ask."""
    whole: dict[str, Any] = _with_short_nulls(deepcopy(document))
    operations = [operation for methods in whole["paths"].values() for operation in methods.values()]
    for operation in operations:
        operation["parameters"] = [_lean(one) for one in operation["parameters"]]
        if operation.setdefault("security", []) == SIGNED_IN:
            del operation["security"]
    _share_filters(operations, whole["components"]["schemas"])
    whole["security"] = SIGNED_IN
    whole["components"]["parameters"] = _share_parameters(operations)
    whole["components"]["examples"] = _share_examples(operations)
    return whole


def _with_short_nulls(value: Any) -> Any:
    """Write what may be nothing as a list of types, where the library writes a choice of two schemas."""
    if isinstance(value, list):
        return [_with_short_nulls(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: _with_short_nulls(part) for key, part in value.items()}
    choice = found.get("anyOf")
    if not isinstance(choice, list) or len(choice) != 2 or choice[1] != NOTHING:
        return found
    one = choice[0]
    if one.get("type") not in PLAIN or "enum" in one or "const" in one:
        return found
    del found["anyOf"]
    return {**one, "type": [one["type"], "null"], **found}


def _lean(parameter: dict[str, Any]) -> dict[str, Any]:
    """Leave out of the schema of a parameter what the parameter says itself, and the null that no address can hold."""
    schema = dict(parameter["schema"])
    for name in ("description", "deprecated"):
        if schema.get(name) == parameter.get(name):
            schema.pop(name, None)
    choices = [each for each in schema.get("anyOf", []) if each != NOTHING]
    if len(choices) == 1:
        del schema["anyOf"]
        schema |= choices[0]
    if isinstance(schema.get("type"), list):
        schema["type"] = schema["type"][0]
    lean = {**parameter, "schema": schema}
    if lean.get("required") is False:
        del lean["required"]
    return lean


def _share_filters(operations: list[dict[str, Any]], schemas: dict[str, Any]) -> None:
    """Write `filter[stage][eq]` and `filter[stage][in]` as one parameter whose parts are the operators.

    Filters that ask in the same way share a schema; others with the same operators have one of their own.
    """
    names: dict[str, str] = {}
    for operation in operations:
        others: list[dict[str, Any]] = []
        operators: dict[str, dict[str, Any]] = {}
        for one in operation["parameters"]:
            if found := FILTER.fullmatch(one["name"]):
                operators.setdefault(found[1], {})[found[2]] = {
                    **one["schema"],
                    "description": one["description"],
                }
            else:
                others.append(one)
        for name, parts in operators.items():
            schema = {"type": "object", "properties": parts, "additionalProperties": False}
            text = written(schema)
            if text not in names:
                names[text] = _free_name("Filter_" + "_".join(parts), schemas)
                schemas[names[text]] = schema
            reference = {"$ref": f"#/components/schemas/{names[text]}"}
            others.append(
                {"in": "query", "name": name, "style": "deepObject", "explode": True, "schema": reference}
            )
        operation["parameters"] = others


def _share_parameters(operations: list[dict[str, Any]]) -> dict[str, Any]:
    counted = Counter(written(one) for operation in operations for one in operation["parameters"])
    names: dict[str, str] = {}
    components: dict[str, Any] = {}
    for text, number in counted.items():
        if number > 1:
            one = json.loads(text)
            names[text] = _free_name(re.sub(r"\W+", "_", one["name"]).strip("_"), components)
            components[names[text]] = one
    for operation in operations:
        operation["parameters"] = [
            {"$ref": f"#/components/parameters/{names[text]}"} if (text := written(one)) in names else one
            for one in operation["parameters"]
        ]
    return components


def _share_examples(operations: list[dict[str, Any]]) -> dict[str, Any]:
    """Write an example that several answers or bodies show once, under the name of their schema."""
    contents = [content for operation in operations for content in _contents(operation)]
    counted = Counter(written(content["example"]) for content in contents)
    names: dict[str, str] = {}
    components: dict[str, Any] = {}
    for content in contents:
        text = written(content["example"])
        if counted[text] == 1:
            continue
        if text not in names:
            stem = content["schema"].get("$ref", "file").rpartition("/")[2]
            names[text] = _free_name(stem, components)
            components[names[text]] = {"value": content["example"]}
        del content["example"]
        content["examples"] = {"shown": {"$ref": f"#/components/examples/{names[text]}"}}
    return components


def _contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in (*operation["responses"].values(), operation.get("requestBody", {})):
        yield from (content for content in part.get("content", {}).values() if "example" in content)


def _free_name(stem: str, taken: dict[str, Any]) -> str:
    number = sum(1 for name in taken if re.fullmatch(rf"{re.escape(stem)}(_\d+)?", name))
    return f"{stem}_{number + 1}" if number else stem

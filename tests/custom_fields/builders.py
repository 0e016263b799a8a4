"""Custom fields for tests."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.services import FieldValues, define_field
from hearth.organization.models import OrgUnit
from tests.customers.builders import NOW, SYSTEM

_numbers = count(1)


def make_field(
    org_unit: OrgUnit,
    *,
    object_code: str = "customer",
    key: str = "",
    kind: str = "text",
    choices: Sequence[str] = (),
    **values: Any,
) -> FieldDefinition:
    """Write a field of an object at a place."""
    key = key or f"field_{next(_numbers)}"
    names = {"name_zh": values.pop("name_zh", f"字段{key}"), "name_en": values.pop("name_en", key)}
    stated = FieldValues(key=key, kind=kind, choices=choices, **names, **values)
    return define_field(object_code, stated, org_unit=org_unit, actor=SYSTEM, now=NOW)

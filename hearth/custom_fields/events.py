"""What happens to custom fields; codes only."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class FieldDefined(Event):
    """A custom field was defined or its definition changed; `subject_id` is the definition."""

    type: ClassVar[str] = "custom_field.defined"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Custom field defined")

    object_code: str
    key: str


@dataclass(frozen=True, kw_only=True)
class CustomValuesChanged(Event):
    """Custom fields of a record got other values; `subject_id` is the record, `keys` the fields."""

    type: ClassVar[str] = "custom_values.changed"
    family: ClassVar[str] = "customer"
    label: ClassVar[str | Promise] = _("Custom fields changed")

    object_code: str
    keys: tuple[str, ...]

"""Custom fields are described here; their values stand in the records."""

from hearth.core.fence import leave_open
from hearth.custom_fields.models import FieldDefinition

leave_open(FieldDefinition, because="What a field is called and may hold.")

"""Fields are ours; their values stand in the records and go with them."""

from hearth.core.personal_data import holds_none
from hearth.custom_fields.models import FieldDefinition

holds_none(FieldDefinition, because="What can be noted; values stand in the records.")

"""What of contacts rules may mask or hide, by their place and the reader's role."""

from django.utils.translation import gettext_lazy as _

from hearth.channels.permissions import VIEW_SENSITIVE
from hearth.core.field_rules import RuledField, ruled_columns, ruled_field

SENSITIVE_NOTE = ruled_field(RuledField("sensitive_note", _("notes marked sensitive"), VIEW_SENSITIVE))
for _column in ("summary", "body"):  # what they said before they were marked
    ruled_columns[f"channels_interaction.{_column}"] = SENSITIVE_NOTE

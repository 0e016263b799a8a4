"""What of a family rules may mask or hide, by their place and the reader's role."""

from django.utils.translation import gettext_lazy as _

from hearth.core.field_rules import RuledField, ruled_columns, ruled_field
from hearth.families.permissions import VIEW_INCOME

INCOME = ruled_field(RuledField("income", _("income of the family"), VIEW_INCOME))
ruled_columns["families_needprofile.income"] = INCOME

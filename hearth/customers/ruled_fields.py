"""The fields of a customer that rules may mask or hide, by their place and the reader's role."""

from django.utils.translation import gettext_lazy as _

from hearth.core.field_rules import RuledField, ruled_field
from hearth.customers.models import ContactPoint
from hearth.customers.permissions import VIEW_CONTACT, VIEW_IDENTITY

CONTACTS = {
    kind.value: ruled_field(RuledField(kind.value, kind.label, VIEW_CONTACT)) for kind in ContactPoint.Kind
}
IDENTITY = ruled_field(RuledField("identity", _("identity number"), VIEW_IDENTITY))

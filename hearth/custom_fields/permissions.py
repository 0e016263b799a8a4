"""Rights over the definitions of custom fields; values follow the rights of their record."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

DEFINE_FIELD = permission("custom_fields.define", _("Define custom fields"))

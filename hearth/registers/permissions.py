"""Rights over what the law has us keep account of: incidents, and whom they touched."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_REGISTER = permission(
    "registers.view", _("See impact assessments, processors, audits, and incidents that others reported")
)
CHANGE_REGISTER = permission(
    "registers.change", _("Keep the registers of data protection, and handle incidents with personal data")
)
APPROVE_ASSESSMENT = permission(
    "registers.approve", _("Approve, as the second person, impact assessments that others wrote")
)
APPROVE_LETTER = permission(
    "registers.approve_letter",
    _("Approve, as the second person, letters to those whom an incident touched, which sends them"),
)

"""Rights over consent and the access log."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_CONSENT = permission("privacy.view_consent", _("See what customers agreed to"))
CHANGE_CONSENT = permission("privacy.change_consent", _("Record consent and its withdrawal"))
CHANGE_PURPOSE = permission("privacy.change_purposes", _("Change purposes of processing and their texts"))
TAKE_REQUEST = permission(
    "privacy.take_requests", _("See what persons ask for by right, and note that they asked")
)
ANSWER_REQUEST = permission(
    "privacy.answer_requests", _("Answer requests of persons: access, copy, correction, erasure, restriction")
)
APPROVE_ERASURE = permission(
    "privacy.approve_erasures", _("Approve, as the second person, that a person's data are erased")
)
CHANGE_RETENTION = permission(
    "privacy.change_retention", _("See and change how long personal data are kept, and what was let go")
)

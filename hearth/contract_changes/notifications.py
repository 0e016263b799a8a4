"""What the bell says of changes of contracts."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

WAITS = notification_kind(
    "contract_changes.waits", _("A change of contract %(number)s waits for you"), "checklist"
)
REMINDED = notification_kind(
    "contract_changes.reminded", _("A change of contract %(number)s still waits for you"), "clock"
)
APPROVED = notification_kind(
    "contract_changes.approved", _("The change of contract %(number)s is approved: carry it out"), "check"
)
REFUSED = notification_kind(
    "contract_changes.refused", _("The change of contract %(number)s was refused"), "x"
)
LAPSED = notification_kind("contract_changes.lapsed", _("The change of contract %(number)s lapsed"), "clock")

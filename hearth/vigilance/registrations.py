"""Places in the rail, and the rules that ship."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.audit.coverage import leave_unwatched
from hearth.core.context import Notice, notices
from hearth.core.installation import installation_steps
from hearth.core.navigation import Place, Section, register_place
from hearth.customers.following import rows_stay
from hearth.vigilance.emergency_views import UNTIL
from hearth.vigilance.models import Alarm, Read
from hearth.vigilance.permissions import CHANGE_RULE, VIEW_ALARM
from hearth.vigilance.selectors import count_waiting
from hearth.vigilance.services import sync_rules

register_place(
    Place(
        _("Alarms"),
        "alert-triangle",
        "vigilance:alarms",
        VIEW_ALARM,
        order=40,
        section=Section.DATA,
        count=count_waiting,
    )
)
register_place(
    Place(
        _("Rules of alarms"),
        "shield-lock",
        "vigilance:rules",
        CHANGE_RULE,
        order=31,
        section=Section.SETTINGS,
    )
)
register_place(
    Place(
        _("Canary customers"),
        "shield-check",
        "vigilance:canaries",
        CHANGE_RULE,
        order=32,
        section=Section.SETTINGS,
        is_in_rail=False,
    )
)
notices.register(
    "emergency", Notice("vigilance/emergency_notice.html", lambda request: bool(request.session.get(UNTIL)))
)


def keep_rules(now: datetime) -> None:
    """Add the shipped rules that are missing."""
    sync_rules()


installation_steps.register("vigilance.rules", keep_rules)
rows_stay(Alarm, "customer", because="an alarm names the record that was opened")
leave_unwatched(Read, because="A log itself: who was shown what.")

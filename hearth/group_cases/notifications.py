"""What the bell says of group complaints."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

TOLD = {
    "ordinary": notification_kind(
        "group_cases.ordinary", _("Group complaint #%(number)s of %(households)s households"), "users-group"
    ),
    "major": notification_kind(
        "group_cases.major",
        _("Major group complaint #%(number)s of %(households)s households"),
        "alert-triangle",
    ),
    "crisis": notification_kind(
        "group_cases.crisis",
        _("Group complaint #%(number)s is a crisis: %(households)s households"),
        "alert-triangle",
    ),
}
OVERDUE_COMMITMENT = notification_kind(
    "group_cases.overdue_commitment",
    _("A promise to the households of group complaint #%(number)s is overdue"),
    "clock",
)
OVERDUE_STEP = notification_kind(
    "group_cases.overdue_step", _("A step of the plan for group complaint #%(number)s is overdue"), "clock"
)
OVERDUE_REVIEW = notification_kind(
    "group_cases.overdue_review", _("The review of group complaint #%(number)s is overdue"), "clock"
)

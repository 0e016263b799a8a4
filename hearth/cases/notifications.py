"""What the bell says of cases."""

from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Step
from hearth.core.notifications import notification_kind

BROKEN = {
    Step.ANSWER.value: notification_kind(
        "cases.broken_answer", _("Case #%(number)s is overdue for its first answer"), "clock"
    ),
    Step.DISPATCH.value: notification_kind(
        "cases.broken_dispatch", _("Case #%(number)s is overdue: nobody is in charge of it"), "clock"
    ),
    Step.ON_SITE.value: notification_kind(
        "cases.broken_on_site", _("Case #%(number)s is overdue: nobody has been there"), "clock"
    ),
    Step.SOLUTION.value: notification_kind(
        "cases.broken_solution", _("Case #%(number)s is overdue for its solution"), "clock"
    ),
    Step.CALL_BACK.value: notification_kind(
        "cases.broken_call_back", _("Case #%(number)s is overdue for the call-back"), "clock"
    ),
}
ESCALATED = {
    "broken": notification_kind(
        "cases.escalated_broken", _("Case #%(number)s comes to you: it is overdue still"), "arrow-up"
    ),
    "grade": notification_kind(
        "cases.escalated_grade", _("Case #%(number)s comes to you because of its grade"), "arrow-up"
    ),
    "group": notification_kind(
        "cases.escalated_group", _("A group complaint comes to you: case #%(number)s"), "arrow-up"
    ),
    "customer": notification_kind(
        "cases.escalated_customer", _("The customer of case #%(number)s turns to you"), "arrow-up"
    ),
    "colleague": notification_kind(
        "cases.escalated_colleague", _("A colleague brings case #%(number)s to you"), "arrow-up"
    ),
}

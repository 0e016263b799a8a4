# domain data
"""When people are reminded of an instalment. Numbers are proposed defaults, inherited down the tree."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from hearth.organization.models import OrgUnit
from hearth.organization.selectors import settings_at_each
from hearth.organization.settings_catalogue import SettingDefinition, declare
from hearth.payment_reminders.models import PaymentReminder

Step = PaymentReminder.Step
MOST_DAYS = 90
NONE = _("Nought: no reminder then.")
DAYS_BEFORE = declare(
    SettingDefinition(
        "payment_reminders.days_before",
        _("Days before an instalment is due, for the first reminder"),
        "int",
        7,
        minimum=0,
        maximum=MOST_DAYS,
        help_text=NONE,
    )
)
DAYS_AFTER = declare(
    SettingDefinition(
        "payment_reminders.days_after",
        _("Days after an instalment was due, for the second reminder"),
        "int",
        3,
        minimum=0,
        maximum=MOST_DAYS,
        help_text=NONE,
    )
)
DAYS_AGAIN = declare(
    SettingDefinition(
        "payment_reminders.days_again",
        _("Days after an instalment was due, for the last reminder"),
        "int",
        15,
        minimum=0,
        maximum=365,
        help_text=NONE,
    )
)
BY_MESSAGE = declare(
    SettingDefinition(
        "payment_reminders.by_message",
        _("Customers are reminded by message too"),
        "bool",
        default=True,
        help_text=_("Where not, consultants get their tasks alone."),
    )
)
ALL = (DAYS_BEFORE, DAYS_AFTER, DAYS_AGAIN, BY_MESSAGE)


@dataclass(frozen=True)
class ReminderRules:
    """What holds at a place."""

    before: int
    after: int
    again: int
    by_message: bool

    def step_on(self, due_date: date, today: date) -> str:
        """Return which reminder an instalment that is open calls for today, empty for none; the latest alone."""
        if self.again and today >= due_date + timedelta(days=self.again):
            return Step.AGAIN
        if self.after and today >= due_date + timedelta(days=self.after):
            return Step.AFTER
        if self.before and due_date - timedelta(days=self.before) <= today <= due_date:
            return Step.BEFORE
        return ""


def rules_at(places: Collection[OrgUnit]) -> Mapping[int, ReminderRules]:
    """Return what holds at each of several places; one query."""
    found = settings_at_each({each.key: each.default for each in ALL}, places)
    return {
        place: ReminderRules(
            before=int(rules[DAYS_BEFORE.key].value),
            after=int(rules[DAYS_AFTER.key].value),
            again=int(rules[DAYS_AGAIN.key].value),
            by_message=bool(rules[BY_MESSAGE.key].value),
        )
        for place, rules in found.items()
    }

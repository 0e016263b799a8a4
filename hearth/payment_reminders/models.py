"""Reminders of what is to be paid 催款: each once for an instalment and a step."""

from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from hearth.channels.models import Message
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.sales.models import Instalment
from hearth.sales.permissions import VIEW_CONTRACT
from hearth.tasks.models import Task


class PaymentReminderQuerySet(ScopedQuerySet["PaymentReminder"]):
    view_permission = VIEW_CONTRACT


class PaymentReminder(Record):
    """That an instalment was reminded of. The row is the key: it exists before a task or message does, once."""

    class Step(models.TextChoices):
        BEFORE = "before", pgettext_lazy("payment reminder", "before the day")
        AFTER = "after", pgettext_lazy("payment reminder", "soon after the day")
        AGAIN = "again", pgettext_lazy("payment reminder", "once more")

    class Way(models.TextChoices):
        TASK = "task", pgettext_lazy("payment reminder", "task of the consultant")
        MESSAGE = "message", pgettext_lazy("payment reminder", "message, and task of the consultant")
        HELD = "held", pgettext_lazy("payment reminder", "held back: task of the customer manager")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="payment_reminders")
    instalment = models.ForeignKey(Instalment, on_delete=models.CASCADE, related_name="reminders")
    step = models.CharField(pgettext_lazy("payment reminder", "reminder"), max_length=6, choices=Step)
    way = models.CharField(pgettext_lazy("payment reminder", "how"), max_length=7, choices=Way)
    task = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = PaymentReminderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["instalment", "step"], name="an_instalment_is_reminded_of_once_at_each_step"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_step_display())

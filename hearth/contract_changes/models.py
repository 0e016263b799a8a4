"""Changes of contracts 合同变更: asked for, approved step by step, carried out once."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.contract_changes.permissions import VIEW_CHANGE
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.sales.models import Contract

OPEN = ("submitted", "approved")


class ChangeRequestQuerySet(ScopedQuerySet["ChangeRequest"]):
    view_permission = VIEW_CHANGE

    def open(self) -> "ChangeRequestQuerySet":
        """Keep those that may still be carried out."""
        return self.filter(state__in=OPEN)


class ChangeRequest(Record):
    """A change of a contract that somebody asks for, as it was asked: nothing of it is changed later but its state.

    `said_before` and `said_after` hold what the contract says and would say, by the names of `words.fields`; ids and
    amounts as text. `asked_version` is the version of the contract that was before their eyes. `unit` is the home
    wanted instead, `customer` the new buyer, or who comes or goes as an owner. `difference_amount` is what the total
    changes by.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("change of a contract", "waits for approval")
        APPROVED = "approved", pgettext_lazy("change of a contract", "approved")
        CARRIED_OUT = "carried_out", pgettext_lazy("change of a contract", "carried out")
        REFUSED = "refused", pgettext_lazy("change of a contract", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("change of a contract", "withdrawn")
        LAPSED = "lapsed", pgettext_lazy("change of a contract", "lapsed")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="change_requests")
    kind = models.CharField(pgettext_lazy("change of a contract", "kind"), max_length=20)
    reason = models.CharField(pgettext_lazy("change of a contract", "reason"), max_length=1000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_version = models.PositiveIntegerField(pgettext_lazy("change of a contract", "version"))
    said_before: "models.JSONField[Any, Any]" = models.JSONField()
    said_after: "models.JSONField[Any, Any]" = models.JSONField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="+")
    difference_amount = models.DecimalField(
        pgettext_lazy("change of a contract", "difference, ¥"), max_digits=14, decimal_places=2
    )
    penalty_amount = models.DecimalField(
        pgettext_lazy("settlement", "penalty"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    fee_amount = models.DecimalField(
        pgettext_lazy("settlement", "fee"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    refund_amount = models.DecimalField(
        pgettext_lazy("settlement", "refund due"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.SUBMITTED)
    lapses_at = models.DateTimeField(pgettext_lazy("change of a contract", "lapses"))
    closed_at = models.DateTimeField(pgettext_lazy("change of a contract", "closed"), null=True)
    carried_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    new_contract = models.OneToOneField(Contract, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org_unit", "-id"], name="change_request_at_a_place"),
            models.Index(
                fields=["lapses_at"],
                name="change_request_that_may_lapse",
                condition=models.Q(state__in=OPEN),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=models.Q(state__in=OPEN),
                name="one_open_change_request_for_each_contract",
            ),
            models.CheckConstraint(
                condition=models.Q(penalty_amount__gte=0, fee_amount__gte=0, refund_amount__gte=0),
                name="no_part_of_a_settlement_is_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN, closed_at=None)
                | (~models.Q(state__in=OPEN) & models.Q(closed_at__isnull=False)),
                name="a_closed_change_request_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.contract_id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class ApprovalStepQuerySet(ScopedQuerySet["ApprovalStep"]):
    view_permission = VIEW_CHANGE

    def waiting(self) -> "ApprovalStepQuerySet":
        return self.filter(state=ApprovalStep.State.WAITING)


class ApprovalStep(Record):
    """One step of the chain of a request. One waits at a time; who may decide it holds the right at `place`."""

    class State(models.TextChoices):
        AHEAD = "ahead", pgettext_lazy("approval step", "comes later")
        WAITING = "waiting", pgettext_lazy("approval step", "waits")
        APPROVED = "approved", pgettext_lazy("approval step", "approved")
        REFUSED = "refused", pgettext_lazy("approval step", "refused")
        DROPPED = "dropped", pgettext_lazy("approval step", "not needed any more")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    place = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.AHEAD)
    due_at = models.DateTimeField(pgettext_lazy("approval step", "due"), null=True)
    reminded_at = models.DateTimeField(pgettext_lazy("approval step", "reminded"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(pgettext_lazy("approval step", "decided"), null=True)
    comment = models.CharField(pgettext_lazy("approval step", "comment"), max_length=500, blank=True)

    objects = ApprovalStepQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="approval_step_by_its_day", condition=models.Q(state="waiting")
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "position"], name="a_step_of_a_request_once"),
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(state="waiting"),
                name="one_step_of_a_request_waits_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["request", "decided_by"],
                condition=models.Q(state="approved"),
                name="nobody_approves_two_steps_of_a_request",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=("approved", "refused"), decided_by__isnull=False, decided_at__isnull=False
                )
                | (~models.Q(state__in=("approved", "refused")) & models.Q(decided_at=None)),
                name="a_decided_step_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.position}"

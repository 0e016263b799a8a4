"""Who holds a home, and who waits in a queue."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.models import Customer
from hearth.inventory.models.prices import UnitPrice
from hearth.inventory.models.releases import ReleaseBatch
from hearth.inventory.permissions import VIEW_INVENTORY
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit


class HoldQuerySet(ScopedQuerySet["Hold"]):
    view_permission = VIEW_INVENTORY

    def live(self, now: datetime) -> "HoldQuerySet":
        """Keep those that hold their home at an instant: not ended, and not run out by the clock."""
        return self.filter(ended_at=None).filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now))


class Hold(Record):
    """A home that is kept for a customer: held for a time, or reserved without one.

    The clock alone ends a hold: one that has run out holds nobody off, and is closed by who takes the home next. The
    database admits one open row for each home. `price` is what the home cost when it was taken,
    `entry` the queue number by which it was chosen on an opening day.

    A reservation 认购 may rest on a deposit. Until `withdrawal_ends_at` the customer withdraws without a reason and
    gets all of it back; by `sign_by_date` the contract is to be signed. `returned_amount` is what went back at its end.
    """

    class Kind(models.TextChoices):
        HOLD = "hold", pgettext_lazy("hold", "held")
        RESERVATION = "reservation", pgettext_lazy("hold", "reserved")

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("hold", "open")
        RELEASED = "released", pgettext_lazy("hold", "given free")
        LAPSED = "lapsed", pgettext_lazy("hold", "ran out")
        RESERVED = "reserved", pgettext_lazy("hold", "became a reservation")
        SIGNED = "signed", pgettext_lazy("hold", "contract signed")
        WITHDRAWN = "withdrawn", pgettext_lazy("hold", "customer withdrew")

    class Deposit(models.TextChoices):
        EARNEST = "earnest", pgettext_lazy("deposit", "earnest money")
        SINCERITY = "sincerity", pgettext_lazy("deposit", "sincerity money")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holds")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="holds")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(pgettext_lazy("hold", "kind"), max_length=11, choices=Kind)
    price = models.ForeignKey(UnitPrice, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey("QueueEntry", on_delete=models.PROTECT, null=True, related_name="choices")
    expires_at = models.DateTimeField(pgettext_lazy("hold", "until"), null=True)
    ended_at = models.DateTimeField(pgettext_lazy("hold", "ended"), null=True)
    outcome = models.CharField(
        pgettext_lazy("hold", "outcome"), max_length=9, choices=Outcome, blank=True, default=""
    )
    deposit_kind = models.CharField(
        pgettext_lazy("hold", "kind of deposit"), max_length=9, choices=Deposit, blank=True, default=""
    )
    deposit_amount = models.DecimalField(
        pgettext_lazy("hold", "deposit, ¥"), max_digits=14, decimal_places=2, null=True
    )
    returned_amount = models.DecimalField(
        pgettext_lazy("hold", "paid back, ¥"), max_digits=14, decimal_places=2, null=True
    )
    withdrawal_ends_at = models.DateTimeField(pgettext_lazy("hold", "withdrawal until"), null=True)
    sign_by_date = models.DateField(pgettext_lazy("hold", "sign by"), null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "-id"], name="hold_of_a_home"),
            models.Index(fields=["org_unit", "-id"], name="hold_at_a_place"),
            models.Index(fields=["org_unit", "updated_at"], name="hold_by_its_last_change"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(ended_at=None), name="a_home_is_held_by_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(ended_at=None), name="a_queue_number_has_one_home"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="reservation", expires_at=None)
                | models.Q(kind="hold", expires_at__isnull=False),
                name="a_hold_runs_out_and_a_reservation_does_not",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, outcome="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(outcome="")),
                name="an_ended_hold_says_how",
            ),
            models.CheckConstraint(
                condition=models.Q(deposit_kind="", deposit_amount=None)
                | (~models.Q(deposit_kind="") & models.Q(kind="reservation", deposit_amount__gt=0)),
                name="a_deposit_is_positive_and_of_a_reservation",
            ),
            models.CheckConstraint(
                condition=models.Q(returned_amount=None)
                | models.Q(
                    returned_amount__gte=0,
                    returned_amount__lte=models.F("deposit_amount"),
                    ended_at__isnull=False,
                    deposit_amount__isnull=False,
                ),
                name="no_more_of_a_deposit_goes_back_than_came_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind}"

    def may_withdraw(self, now: datetime) -> bool:
        """Tell whether the customer may still withdraw without a reason."""
        return self.is_live(now) and self.withdrawal_ends_at is not None and now < self.withdrawal_ends_at

    def is_live(self, now: datetime) -> bool:
        """Tell whether it holds its home at an instant."""
        return self.ended_at is None and (self.expires_at is None or self.expires_at > now)


class QueueEntryQuerySet(ScopedQuerySet["QueueEntry"]):
    view_permission = VIEW_INVENTORY


class QueueEntry(Record):
    """A number in the queue of a batch 认筹排号.

    Numbers follow each other without gaps, and nobody's number changes: who withdraws keeps theirs. An erased person
    leaves an entry without a customer, so that the order stays whole. `amount` is the sincerity money, if any.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("queue", "waits")
        CHOSEN = "chosen", pgettext_lazy("queue", "has chosen")
        WITHDRAWN = "withdrawn", pgettext_lazy("queue", "withdrew")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(ReleaseBatch, on_delete=models.PROTECT, related_name="queue")
    number = models.PositiveIntegerField(pgettext_lazy("queue", "number"))
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="queue_entries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(
        pgettext_lazy("queue", "sincerity money, ¥"), max_digits=12, decimal_places=2, null=True
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    withdrawn_at = models.DateTimeField(pgettext_lazy("queue", "withdrew"), null=True)
    round = models.PositiveIntegerField(pgettext_lazy("queue", "round"), null=True)
    called_at = models.DateTimeField(pgettext_lazy("queue", "called"), null=True)
    chosen_at = models.DateTimeField(pgettext_lazy("queue", "chose"), null=True)

    objects = QueueEntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="a_queue_number_once_in_a_batch"),
            models.UniqueConstraint(
                fields=["customer", "batch"],
                condition=~models.Q(state="withdrawn"),
                name="a_customer_waits_once_in_a_queue",
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="queue_numbers_begin_at_one"),
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gt=0),
                name="sincerity_money_is_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~models.Q(state="withdrawn") & models.Q(withdrawn_at=None)),
                name="who_withdrew_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(chosen_at=None)
                | models.Q(called_at__isnull=False, chosen_at__gte=models.F("called_at")),
                name="a_number_chooses_after_it_was_called",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="chosen") | models.Q(chosen_at__isnull=False),
                name="a_number_that_chose_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

"""Repair orders 维修单 and what was done on site."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models import Case, Cause, CostLine
from hearth.core.models import Record, StoredFile, next_value
from hearth.core.querysets import ScopedQuerySet
from hearth.lib.warranty import Source
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.repairs.home_parts import HomePart
from hearth.repairs.models.slots import RepairSlot
from hearth.repairs.permissions import VIEW_REPAIR

SOURCES = tuple((source.value, source.value) for source in Source)


class RepairOrderQuerySet(ScopedQuerySet["RepairOrder"]):
    view_permission = VIEW_REPAIR

    def live(self) -> "RepairOrderQuerySet":
        """Keep what still has to be repaired."""
        return self.filter(state__in=RepairOrder.LIVE)


class RepairOrder(Record):
    """One repair of one part of a home. It belongs to a case; `org_unit` repeats the home's place.

    The warranty is kept as it stood when the customer asked. `repeat_of` is an earlier repair that did not hold.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("repair", "to be booked")
        BOOKED = "booked", pgettext_lazy("repair", "booked")
        ARRIVED = "arrived", pgettext_lazy("repair", "on site")
        FINISHED = "finished", pgettext_lazy("repair", "finished")
        SIGNED = "signed", pgettext_lazy("repair", "signed off")
        CANCELLED = "cancelled", pgettext_lazy("repair", "cancelled")

    LIVE: ClassVar = (State.OPEN, State.BOOKED, State.ARRIVED)

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="repair_orders")
    number = models.BigIntegerField(
        _("number"), unique=True, db_default=next_value("repairs_number"), editable=False
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="repair_orders")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="repair_orders")
    part = models.CharField(_("part of the home"), max_length=16, choices=HomePart)
    fault = models.TextField(pgettext_lazy("repair", "what is broken"))
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, null=True, related_name="+")
    is_in_warranty = models.BooleanField(pgettext_lazy("repair", "in warranty"))
    warranty_until_date = models.DateField(pgettext_lazy("repair", "warranty until"), null=True)
    warranty_source = models.CharField(max_length=8, choices=SOURCES, blank=True)
    contractor = models.CharField(
        pgettext_lazy("repair", "contractor responsible"), max_length=80, blank=True
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="repair_orders"
    )
    slot = models.ForeignKey(RepairSlot, on_delete=models.PROTECT, null=True, related_name="orders")
    dispatched_at = models.DateTimeField(pgettext_lazy("repair", "dispatched"), null=True)
    arrived_at = models.DateTimeField(pgettext_lazy("repair", "arrived"), null=True)
    finished_at = models.DateTimeField(pgettext_lazy("repair", "finished"), null=True)
    signed_at = models.DateTimeField(pgettext_lazy("repair", "signed off"), null=True)
    cancelled_because = models.CharField(
        pgettext_lazy("repair", "cancelled because"), max_length=200, blank=True
    )
    repeat_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="repeats", verbose_name=_("repeat of")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = RepairOrderQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org_unit", "-id"], name="repair_order_at_a_place"),
            models.Index(fields=["unit", "part"], name="repair_order_by_part"),
            models.Index(fields=["engineer", "state"], name="repair_order_of_engineer"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="booked") | models.Q(slot__isnull=False, engineer__isnull=False),
                name="a_booked_repair_has_an_engineer_and_a_slot",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at=None) | models.Q(arrived_at__lte=models.F("finished_at")),
                name="a_repair_is_finished_after_somebody_came",
            ),
            models.CheckConstraint(
                condition=models.Q(state="signed", signed_at__isnull=False)
                | (~models.Q(state="signed") & models.Q(signed_at=None)),
                name="a_signed_repair_says_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cancelled") | ~models.Q(cancelled_because=""),
                name="a_cancelled_repair_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"W{self.number}"

    @property
    def is_live(self) -> bool:
        """Tell whether it still has to be repaired."""
        return self.state in self.LIVE


class RepairVisitQuerySet(ScopedQuerySet["RepairVisit"]):
    view_permission = VIEW_REPAIR


class RepairVisit(Record):
    """What an engineer reports of one visit. The phone makes `key`, so that a report that comes twice is kept once.

    `came_at` is the phone's time, `created_at` when the report came in.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="visits")
    key = models.UUIDField(unique=True)
    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    came_at = models.DateTimeField(pgettext_lazy("repair", "came"))
    note = models.TextField(pgettext_lazy("repair", "what was done"))
    is_finished = models.BooleanField(pgettext_lazy("repair", "repaired"))

    objects = RepairVisitQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.order_id} {self.came_at:%Y-%m-%d}"


class RepairPhotoQuerySet(ScopedQuerySet["RepairPhoto"]):
    view_permission = VIEW_REPAIR


class RepairPhoto(Record):
    """A photo of a visit."""

    class Moment(models.TextChoices):
        BEFORE = "before", pgettext_lazy("repair photo", "before")
        AFTER = "after", pgettext_lazy("repair photo", "after")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(RepairVisit, on_delete=models.CASCADE, related_name="photos")
    moment = models.CharField(max_length=6, choices=Moment)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    objects = RepairPhotoQuerySet.as_manager()

    def __str__(self) -> str:
        return self.stored.name


class SparePartQuerySet(ScopedQuerySet["SparePart"]):
    view_permission = VIEW_REPAIR

    def for_places(self, *places: OrgUnit) -> "SparePartQuerySet":
        """Keep what is in use at one of some places: its own and that of places above."""
        paths = {path for place in places for path in place.ancestor_paths()}
        return self.filter(org_unit__path__in=paths, is_active=True)


class SparePart(Record):
    """A part 配件 in the catalogue of a place, with what one costs."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="spare_parts")
    name = models.CharField(_("name"), max_length=80)
    measure = models.CharField(pgettext_lazy("spare part", "counted in"), max_length=10)
    price_amount = models.DecimalField(
        pgettext_lazy("spare part", "price, ¥"), max_digits=10, decimal_places=2
    )
    is_active = models.BooleanField(pgettext_lazy("spare part", "in use"), default=True)

    objects = SparePartQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_unit", "name"], name="a_place_has_each_spare_part_once"),
            models.CheckConstraint(
                condition=models.Q(price_amount__gte=0), name="a_spare_part_costs_nothing_at_least"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_for(self, place: OrgUnit) -> bool:
        """Tell whether it is of a place or one above; load it with its own."""
        return self.org_unit.path in place.ancestor_paths()


class UsedPartQuerySet(ScopedQuerySet["UsedPart"]):
    view_permission = VIEW_REPAIR


class UsedPart(Record):
    """A part that a visit used, at the price of that day, and the line of the case that says so."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(RepairVisit, on_delete=models.CASCADE, related_name="used_parts")
    part = models.ForeignKey(SparePart, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(pgettext_lazy("spare part", "quantity"), max_digits=8, decimal_places=2)
    price_amount = models.DecimalField(
        pgettext_lazy("spare part", "price, ¥"), max_digits=10, decimal_places=2
    )
    cost_line = models.OneToOneField(CostLine, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = UsedPartQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "part"], name="a_visit_names_each_spare_part_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="a_used_part_was_used"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} {self.quantity}"

    @property
    def amount(self) -> Decimal:
        """What was used of it costs."""
        return (self.quantity * self.price_amount).quantize(Decimal("0.01"))


class SignOffQuerySet(ScopedQuerySet["SignOff"]):
    view_permission = VIEW_REPAIR


class SignOff(Record):
    """One of the three signatures under a repair; `drawing` is drawn with the finger, or missing where who signs has
    signed in."""

    class Signer(models.TextChoices):
        ENGINEER = "engineer", pgettext_lazy("signature", "engineer")
        OWNER = "owner", pgettext_lazy("signature", "owner")
        SUPERVISOR = (
            "supervisor",
            pgettext_lazy("signature", "supervisor of the developer or property service"),
        )

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="sign_offs")
    signer = models.CharField(pgettext_lazy("signature", "signed by"), max_length=10, choices=Signer)
    name = models.CharField(_("name"), max_length=60, blank=True)
    drawing = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(pgettext_lazy("signature", "signed"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = SignOffQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "signer"], name="each_party_signs_a_repair_once")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.signer}"

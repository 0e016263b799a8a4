"""How a matter was settled: what was done, who agrees, why it came up, who answers for it, the cost and the proof."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models.cases import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.core.models import Record, StoredFile
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet


class CauseQuerySet(RecordQuerySet["Cause"]):
    def in_use(self) -> "CauseQuerySet":
        """Keep what may be chosen: a class, or a cause in a class, neither of them put aside."""
        return self.filter(models.Q(parent=None) | models.Q(parent__is_active=True), is_active=True)

    def in_order(self) -> "CauseQuerySet":
        """Order by class, each followed by what is in it."""
        of_class = Coalesce("parent__position", "position")
        return self.order_by(of_class, models.F("parent").asc(nulls_first=True), "position", "id")


class Cause(models.Model):
    """Why matters come up: classes, and causes in them. Data of the group; what is put aside stays with old cases."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="causes")
    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(pgettext_lazy("cause", "in use"), default=True)

    objects = CauseQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code


class Party(models.TextChoices):
    """Who answers for a cause."""

    DEPARTMENT = "department", pgettext_lazy("responsible party", "department")
    CONTRACTOR = "contractor", pgettext_lazy("responsible party", "contractor")
    SUPPLIER = "supplier", pgettext_lazy("responsible party", "supplier")
    DESIGNER = "designer", pgettext_lazy("responsible party", "design institute")
    AGENCY = "agency", pgettext_lazy("responsible party", "sales agency")
    PROPERTY = "property", pgettext_lazy("responsible party", "property service")
    OUTSIDE = "outside", pgettext_lazy("responsible party", "government or third party")


class SettlementQuerySet(ScopedQuerySet["Settlement"]):
    view_permission = VIEW_CASE
    place_path = "case__org_unit_id"

    def standing(self) -> "SettlementQuerySet":
        return self.filter(withdrawn_at=None)


class Settlement(Record):
    """What whoever handled a case says of how it was settled; one stands at a time.

    One that a reopened case had is withdrawn and kept. A final position without the customer's agreement needs somebody
    above to approve it.
    """

    class Outcome(models.TextChoices):
        AGREED = "agreed", pgettext_lazy("settlement", "the customer agrees")
        FINAL = "final", pgettext_lazy("settlement", "no agreement: our final position")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="settlements")
    solution = models.TextField(_("solution"), max_length=4000)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    cause = models.ForeignKey(
        Cause, on_delete=models.PROTECT, related_name="settlements", verbose_name=_("cause")
    )
    party = models.CharField(_("who answers for it"), max_length=10, choices=Party)
    party_name = models.CharField(_("name of who answers for it"), max_length=80, blank=True)
    has_no_cost = models.BooleanField(_("it cost nothing"), default=False)
    proof = models.CharField(_("what proves it"), max_length=300, blank=True)
    evidence_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    settled_at = models.DateTimeField(_("settled"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SettlementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_settlement_of_a_case_stands",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True)
                | models.Q(approved_by__isnull=True)
                | ~models.Q(approved_by=models.F("settled_by")),
                name="nobody_approves_their_own_position",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"

    @property
    def is_approved(self) -> bool:
        """Whether nobody needs to approve it any more."""
        return self.outcome == self.Outcome.AGREED or self.approved_at is not None


class CostLineQuerySet(ScopedQuerySet["CostLine"]):
    view_permission = VIEW_CASE
    place_path = "case__org_unit_id"


class CostLine(Record):
    """What a case cost, in yuan, and to whom it is charged; lines are added and struck out, never changed."""

    class Kind(models.TextChoices):
        REPAIR = "repair", pgettext_lazy("cost", "repair")
        COMPENSATION = "compensation", pgettext_lazy("cost", "compensation")
        RENT = "rent", pgettext_lazy("cost", "rent meanwhile")
        LEGAL = "legal", pgettext_lazy("cost", "legal")
        GIFT = "gift", pgettext_lazy("cost", "gift")
        GOODWILL = "goodwill", pgettext_lazy("cost", "goodwill")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="cost_lines")
    kind = models.CharField(_("kind of cost"), max_length=12, choices=Kind)
    amount = models.DecimalField(_("amount, ¥"), max_digits=12, decimal_places=2)
    is_charged = models.BooleanField(_("charged to who answers for it"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    struck_out_at = models.DateTimeField(null=True, blank=True)

    objects = CostLineQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_cost_is_above_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class CallBackQuerySet(ScopedQuerySet["CallBack"]):
    view_permission = VIEW_CASE
    place_path = "case__org_unit_id"


class CallBack(Record):
    """What the customer said after a closing, from 1 (bad) to 5 (very good); a bad one opened the case again."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="call_backs")
    rating = models.PositiveSmallIntegerField(_("rating"))
    note = models.CharField(_("what the customer says"), max_length=300, blank=True)
    has_reopened = models.BooleanField(default=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = CallBackQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(rating__gte=1, rating__lte=5), name="a_call_back_is_rated_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.rating}"

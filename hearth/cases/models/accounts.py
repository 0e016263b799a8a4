"""What a customer told of a matter beside the words: when, where, who, how and why, what is asked and by when."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models.cases import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet


class CaseAccountQuerySet(ScopedQuerySet["CaseAccount"]):
    view_permission = VIEW_CASE
    place_path = "case__org_unit_id"


class CaseAccount(Record):
    """The account of one matter as the customer gave it; what happened stands in the case itself."""

    class Demand(models.TextChoices):
        REPAIR = "repair", pgettext_lazy("demand", "repair")
        RECTIFICATION = "rectification", pgettext_lazy("demand", "rectification")
        COMPENSATION = "compensation", pgettext_lazy("demand", "compensation")
        REPLACEMENT = "replacement", pgettext_lazy("demand", "replacement or return")
        EXPLANATION = "explanation", pgettext_lazy("demand", "explanation")
        APOLOGY = "apology", pgettext_lazy("demand", "apology")
        OTHER = "other", pgettext_lazy("demand", "something else")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="account")
    happened_date = models.DateField(_("day it happened"), null=True, blank=True)
    spot = models.CharField(_("where exactly"), max_length=120, blank=True)
    persons = models.CharField(_("who was concerned"), max_length=200, blank=True)
    course = models.TextField(_("how it came about"), max_length=4000, blank=True)
    reason = models.CharField(_("why, as the customer sees it"), max_length=500, blank=True)
    demand = models.CharField(_("demand"), max_length=13, choices=Demand, blank=True)
    demand_note = models.CharField(_("the demand in words"), max_length=300, blank=True)
    expected_date = models.DateField(_("expected by"), null=True, blank=True)
    others = models.CharField(_("who else is affected"), max_length=300, blank=True)

    objects = CaseAccountQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["expected_date"],
                condition=models.Q(expected_date__isnull=False),
                name="case_account_by_expected_date",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

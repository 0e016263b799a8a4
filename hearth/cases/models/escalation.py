"""What makes a case graver, how its grade went, and who above was told of it and when."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models.cases import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.organization.models import OrgUnit


class Signal(models.TextChoices):
    """What may make a case graver."""

    MEDIA = "media", pgettext_lazy("signal", "media report on it")
    ONLINE = "online", pgettext_lazy("signal", "it spreads online")
    LAWSUIT = "lawsuit", pgettext_lazy("signal", "a lawsuit")
    AUTHORITY = "authority", pgettext_lazy("signal", "an authority took it up")
    INJURY = "injury", pgettext_lazy("signal", "somebody was or may be hurt")
    AMOUNT = "amount", pgettext_lazy("signal", "the amount that is claimed")
    HOUSEHOLDS = "households", pgettext_lazy("signal", "the number of households")
    DISSATISFIED = "dissatisfied", pgettext_lazy("signal", "the customer is dissatisfied again")


class Level(models.TextChoices):
    """To whom a case climbs."""

    CITY = "city_company", pgettext_lazy("escalation", "city company")
    REGION = "region", pgettext_lazy("escalation", "region")
    GROUP = "group", pgettext_lazy("escalation", "group")


class CaseSignalQuerySet(ScopedQuerySet["CaseSignal"]):
    view_permission = VIEW_CASE
    place_path = "case__org_unit_id"


class CaseSignal(Record):
    """Something that was noted about a case; signals are added, never changed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="signals")
    what = models.CharField(_("what happened"), max_length=12, choices=Signal)
    number = models.DecimalField(_("how much"), max_digits=14, decimal_places=2, null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = CaseSignalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(what__in=("amount", "households"), number__gt=0)
                | (~models.Q(what__in=("amount", "households")) & models.Q(number__isnull=True)),
                name="amounts_and_households_are_numbers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.what}"


class GradeChangeQuerySet(ScopedQuerySet["GradeChange"]):
    view_permission = VIEW_CASE
    place_path = "case__org_unit_id"


class GradeChange(Record):
    """One step in the history of a grade; `because` is a signal, `age`, or empty where a colleague judged."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="grade_changes")
    from_grade = models.CharField(max_length=10, choices=Case.Grade)
    to_grade = models.CharField(max_length=10, choices=Case.Grade)
    because = models.CharField(max_length=12, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = GradeChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.case_id} {self.to_grade}"

    @property
    def because_label(self) -> str:
        return str(dict(BECAUSE).get(self.because, self.because))


BECAUSE = (
    *Signal.choices,
    ("age", pgettext_lazy("grade", "it is open for long")),
    ("", pgettext_lazy("grade", "a colleague judged so")),
)


class EscalationQuerySet(ScopedQuerySet["Escalation"]):
    view_permission = VIEW_CASE
    place_path = "case__org_unit_id"

    def waiting(self) -> "EscalationQuerySet":
        return self.filter(told_at=None, withdrawn_at=None)


class Escalation(Record):
    """Somebody above is to be told of a case: from when, by when, and the proof of whom and when.

    `key` names what it was raised for; no level is told of that twice. What was closed before anybody had to be told
    is withdrawn.
    """

    class Because(models.TextChoices):
        BROKEN = "broken", pgettext_lazy("escalation", "a promise was broken")
        GRADE = "grade", pgettext_lazy("escalation", "its grade")
        GROUP = "group", pgettext_lazy("escalation", "the number of households")
        CUSTOMER = "customer", pgettext_lazy("escalation", "the customer asked for it")
        COLLEAGUE = "colleague", pgettext_lazy("escalation", "a colleague asked for it")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="escalations")
    level = models.CharField(_("level"), max_length=12, choices=Level)
    because = models.CharField(_("because of"), max_length=10, choices=Because)
    key = models.CharField(max_length=40)
    note = models.CharField(_("note"), max_length=200, blank=True)
    tell_at = models.DateTimeField(_("from"))
    due_at = models.DateTimeField(_("to be told by"))
    told_at = models.DateTimeField(_("told"), null=True)
    told_ids = ArrayField(models.BigIntegerField(), default=list)
    place = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["tell_at"],
                name="escalation_waiting",
                condition=models.Q(told_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "level", "key"], name="no_level_is_told_twice_of_one_thing"
            ),
            models.CheckConstraint(
                condition=models.Q(told_at__isnull=True)
                | (models.Q(place__isnull=False) & ~models.Q(told_ids=[])),
                name="what_was_told_says_where_and_to_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.level} {self.key}"

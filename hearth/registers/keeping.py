"""How long the registers are kept: three years by article 56 of the PIPL, then gone by the rules of retention.

Gone are closed incidents with their steps, searches, letter and list of persons; versions of assessments that another
one replaced; audits but for the last, from which the next one is counted. What is in force or open is never due.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.retention import KeptKind, Way, keep_for_a_time
from hearth.registers.models import Assessment, ComplianceAudit, Incident, Processor


def _closed(before: datetime) -> QuerySet[Incident]:
    return Incident.objects.filter(state=Incident.State.CLOSED, closed_at__lt=before, is_sample=False)


def _replaced(before: datetime) -> QuerySet[Assessment]:
    rows = Assessment.objects.filter(state=Assessment.State.REPLACED, is_sample=False)
    return rows.filter(updated_at__lt=before)


def _audited(before: datetime) -> QuerySet[ComplianceAudit]:
    last = ComplianceAudit.objects.order_by("-done_date", "-id").values_list("pk", flat=True)[:1]
    rows = ComplianceAudit.objects.filter(done_date__lt=localdate(before), is_sample=False)
    return rows.exclude(pk__in=list(last))


def named_by_processors(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the assessments by which a company gets data; they go after it."""
    found = Processor.objects.filter(assessment__in=ids).values_list("assessment_id", flat=True)
    return set(found)


def erase_incidents(ids: Sequence[UUID], now: datetime) -> int:
    number = Incident.objects.filter(pk__in=ids).count()
    Incident.objects.filter(pk__in=ids).delete()
    return number


def erase_assessments(ids: Sequence[UUID], now: datetime) -> int:
    return Assessment.objects.filter(pk__in=ids).delete()[0]


def erase_audits(ids: Sequence[UUID], now: datetime) -> int:
    return ComplianceAudit.objects.filter(pk__in=ids).delete()[0]


keep_for_a_time(
    KeptKind(
        code="registers.incidents",
        label=_("Closed incidents with personal data"),
        due=_closed,
        ways={Way.ERASE: erase_incidents},
        portion=20,
    )
)
keep_for_a_time(
    KeptKind(
        code="registers.assessments",
        label=_("Replaced versions of impact assessments"),
        due=_replaced,
        ways={Way.ERASE: erase_assessments},
        keep=named_by_processors,
    )
)
keep_for_a_time(
    KeptKind(
        code="registers.audits",
        label=_("Compliance audits"),
        due=_audited,
        ways={Way.ERASE: erase_audits},
    )
)

"""When the next compliance audit is due."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import setting_at
from hearth.registers.models import ComplianceAudit
from hearth.registers.policy import AUDIT_MONTHS, AUDIT_MONTHS_MANY, AUDIT_PERSONS


def audit_months() -> int:
    """Return the months between audits: fewer where data of more persons are handled than the group's rule says."""
    group = OrgUnit.objects.filter(depth=0).order_by("id").first()
    persons, many, otherwise = (
        int(setting_at(each.key, group)) if group else int(each.default)
        for each in (AUDIT_PERSONS, AUDIT_MONTHS_MANY, AUDIT_MONTHS)
    )
    is_many = (
        Customer.objects.unmerged().filter(erased_at=None).order_by("id")[persons : persons + 1].exists()
    )
    return many if is_many else otherwise


def next_audit_date() -> date | None:
    """Return the day by which the next audit must be done; None where none was ever done."""
    last = ComplianceAudit.objects.aggregate(last=Max("done_date"))["last"]
    return add_months(last, audit_months()) if last else None


@dataclass(frozen=True)
class AuditStanding:
    """When the next audit is due, None where none was ever done, and how often one is."""

    due_date: date | None
    months: int
    is_late: bool


def audit_standing(today: date) -> AuditStanding:
    """Say when the next audit is due, for pages; some ten queries."""
    due_date = next_audit_date()
    return AuditStanding(due_date, audit_months(), due_date is not None and due_date < today)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)

"""What the pages of commissions show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import pgettext

from hearth.brokers.models import (
    Broker,
    ChannelRegistration,
    Commission,
    CommissionRule,
    CommissionSheet,
    Partner,
)
from hearth.core.actor import Actor
from hearth.sales.permissions import VIEW_CONTRACT

SHOWN = 200


@dataclass(frozen=True)
class SheetLine:
    """A line of a sheet; the contract is named to those who may see it."""

    row: Commission
    may_see_contract: bool


def sheet_lines(sheet: CommissionSheet, actor: Actor) -> Sequence[SheetLine]:
    """Return the lines of a sheet in the order in which they came about; one query."""
    rows = sheet.lines.select_related("contract", "registration__broker", "registration__project", "rule")
    scope = actor.scope(VIEW_CONTRACT)
    return [
        SheetLine(row, scope.covers(row.contract.org_unit_id)) for row in rows.order_by("created_at", "id")
    ]


def lines_on(rule: CommissionRule) -> Sequence[Commission]:
    """Return what was earned by a version of a rule, the latest first; one query."""
    rows = rule.commissions.select_related("registration__broker", "partner", "settlement")
    return list(rows.order_by("-created_at", "-id")[:SHOWN])


def lines_of_registration(row: ChannelRegistration) -> Sequence[Commission]:
    """Return what was earned on a registration and taken back, in order; one query."""
    rows = Commission.objects.filter(registration=row).select_related("settlement", "rule")
    return list(rows.order_by("created_at", "id"))


def payable_to(partner: Partner) -> Decimal:
    """Return what is payable to a partner and stands on no sheet yet; one query."""
    found = Commission.objects.payable().filter(partner=partner).aggregate(total=Sum("amount"))["total"]
    return found if found is not None else Decimal(0)


@dataclass(frozen=True)
class OwnCommission:
    """What a broker sees of a commission of theirs: project, day, amount and how far it has come."""

    project: str
    day: date
    amount: Decimal
    state: str


def commissions_of(broker: Broker) -> Sequence[OwnCommission]:
    """Return the commissions of a broker's own registrations, the latest first; one query."""
    rows = Commission.objects.filter(registration__broker=broker).select_related(
        "registration__project", "contract", "settlement"
    )
    return [
        OwnCommission(row.registration.project.name, row.contract.signed_date, row.amount, _state(row))
        for row in rows.order_by("-created_at", "-id")[:SHOWN]
    ]


def _state(row: Commission) -> str:
    if row.is_reversal:
        return pgettext("commission", "taken back: the contract was cancelled")
    if row.settlement is not None and row.settlement.state == CommissionSheet.State.PAID:
        return pgettext("commission", "paid")
    if row.settlement is not None:
        return pgettext("commission", "on a settlement")
    if row.payable_at is not None:
        return pgettext("commission", "payable")
    return pgettext("commission", "waits for the customer's payments")

"""What contracts earn: a line when one is signed on a registration, payable by the rule, reversed by a counter line."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from hearth.brokers.events import CommissionEarned, CommissionReversed
from hearth.brokers.models import (
    ChannelRegistration,
    Commission,
    CommissionRule,
    CommissionStep,
    ConflictSide,
    Partner,
)
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.sales.models import Contract

CENT, HUNDRED = Decimal("0.01"), Decimal(100)
State = ChannelRegistration.State
# Confirmed by a visit, whatever became of the registration since; the days tell whether it still protected.
CAME = (State.VISITED, State.SIGNED, State.EXPIRED)


def amount_of(kind: str, rate: Decimal, total: Decimal) -> Decimal:
    """Return a commission to the cent, half a cent up."""
    earned = total * rate / HUNDRED if kind == CommissionRule.Kind.PERCENT else rate
    return earned.quantize(CENT, ROUND_HALF_UP)


def step_for(steps: Sequence[CommissionStep], deal: int) -> CommissionStep:
    """Return the step of a rule that counts for a deal: the last that has begun."""
    begun = [step for step in steps if step.from_deal <= deal]
    return max(begun, key=lambda step: step.from_deal)


def rule_for(project_id: UUID, partner_id: UUID, day: date) -> CommissionRule | None:
    """Return the rule that held on a day: the partner's own, else that for every partner; one query."""
    rows = CommissionRule.objects.holding_on(day).filter(
        Q(partner=partner_id) | Q(partner=None), project=project_id
    )
    return rows.order_by("partner", "-version").first()  # NULL stands last


@transaction.atomic
def earn_commission(contract: Contract, *, actor: Actor, now: datetime) -> Commission | None:
    """Write what a live contract earns if its buyer came on a registration; None where there is nothing. Repeatable.

    A registration that is disputed earns nothing until the conflict is decided. Without a rule on the day of signing
    the registration is signed and earns nothing.
    """
    if not contract.is_live:
        return None
    found = _registration_for(contract)
    if found is None:
        return None
    partner = Partner.objects.select_for_update(no_key=True, of=("self",)).get(pk=found.partner_id)
    known = Commission.objects.filter(contract=contract, reverses=None).first()
    if known is not None:
        return known
    _mark_signed(found, now)
    rule = rule_for(found.project_id, partner.pk, contract.signed_date)
    return _write_line(contract, found, rule, actor, now) if rule else None


def _registration_for(contract: Contract) -> ChannelRegistration | None:
    """Return the registration on which the buyer came, if it still protected on the day of signing.

    A contract that takes the place of another stands on the registration of that one.
    """
    if contract.replaces_id is not None:
        first = Commission.objects.filter(contract=contract.replaces_id, reverses=None)
        earned = first.select_related("registration").first()
        return earned.registration if earned else None
    rows = ChannelRegistration.objects.filter(
        customer=contract.customer_id,
        project=contract.unit.project_id,
        visited_at__isnull=False,
        state__in=CAME,
    )
    disputed = ConflictSide.objects.filter(conflict__decided_at=None).values("registration")
    for row in rows.exclude(pk__in=disputed).order_by("visited_at", "id"):
        came = localdate(row.visited_at)
        if came <= contract.signed_date < localdate(row.protected_until_at):
            return row
    return None


def _mark_signed(found: ChannelRegistration, now: datetime) -> None:
    row = ChannelRegistration.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if row.state != State.SIGNED:
        row.state, row.updated_at = State.SIGNED, now
        row.save(update_fields=["state", "updated_at"])


def _write_line(
    contract: Contract, found: ChannelRegistration, rule: CommissionRule, actor: Actor, now: datetime
) -> Commission:
    earned = Commission.objects.filter(
        partner=found.partner_id, registration__project=found.project_id, reverses=None, reversed_by=None
    ).exclude(contract=contract.replaces_id)
    deal = earned.count() + 1
    step = step_for(list(rule.steps.all()), deal)
    row = Commission.objects.create(
        org_unit_id=found.org_unit_id,
        registration=found,
        partner_id=found.partner_id,
        contract=contract,
        rule=rule,
        deal=deal,
        rate=step.rate,
        total_amount=contract.total_amount,
        amount=amount_of(rule.kind, step.rate, contract.total_amount),
        payable_at=now if _is_payable(contract, rule) else None,
        is_sample=contract.is_sample,
        created_at=now,
        updated_at=now,
    )
    record(CommissionEarned(**_about(row), amount=row.amount, deal=deal), actor=actor, now=now)
    return row


def _is_payable(contract: Contract, rule: CommissionRule) -> bool:
    received = Contract.objects.with_received().get(pk=contract.pk).received  # type: ignore[attr-defined]
    return bool(received * HUNDRED >= contract.total_amount * rule.payable_percent)


@transaction.atomic
def release_commission(contract: Contract, *, now: datetime) -> int:
    """Make payable what a contract earned once the money has come in that the rule asks for; return how many lines."""
    rows = Commission.objects.filter(contract=contract, reverses=None, payable_at=None)
    number = 0
    for row in rows.select_for_update(of=("self",)).select_related("rule"):
        if _is_payable(contract, row.rule):
            row.payable_at, row.updated_at = now, now
            row.save(update_fields=["payable_at", "updated_at"])
            number += 1
    return number


@transaction.atomic
def reverse_commission(contract: Contract, *, actor: Actor, now: datetime) -> Commission | None:
    """Take back what a cancelled contract earned by a counter line; the line itself stays. Repeatable.

    Both are payable from now on, so that they meet on a sheet: what was paid before is taken off the next one.
    """
    rows = Commission.objects.filter(contract=contract, reverses=None).select_for_update(of=("self",))
    row = rows.first()
    if row is None:
        return None
    known = Commission.objects.filter(reverses=row).first()
    if known is not None:
        return known
    if row.payable_at is None:
        row.payable_at, row.updated_at = now, now
        row.save(update_fields=["payable_at", "updated_at"])
    counter = Commission.objects.create(
        org_unit_id=row.org_unit_id,
        registration_id=row.registration_id,
        partner_id=row.partner_id,
        contract_id=row.contract_id,
        rule_id=row.rule_id,
        reverses=row,
        deal=row.deal,
        rate=row.rate,
        total_amount=row.total_amount,
        amount=-row.amount,
        payable_at=now,
        is_sample=row.is_sample,
        created_at=now,
        updated_at=now,
    )
    if contract.state != Contract.State.REPLACED:
        ChannelRegistration.objects.filter(pk=row.registration_id, state=State.SIGNED).update(
            state=State.EXPIRED, updated_at=now
        )
    record(CommissionReversed(**_about(counter), amount=counter.amount), actor=actor, now=now)
    return counter


def _about(row: Commission) -> dict[str, Any]:
    registration = row.registration
    return {
        "org_unit_id": row.org_unit_id,
        "customer_id": registration.customer_id,
        "project_id": registration.project_id,
        "unit_id": row.contract.unit_id,
        "subject_id": registration.pk,
        "is_sample": row.is_sample,
    }

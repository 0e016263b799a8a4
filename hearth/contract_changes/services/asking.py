"""Asking for a change, and taking it back."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from hearth.contract_changes.bands import Rules, places_for, rules_at
from hearth.contract_changes.events import ChangeAsked
from hearth.contract_changes.kinds import Proposal, Wanted, kinds
from hearth.contract_changes.models import ApprovalStep, ChangeRequest
from hearth.contract_changes.permissions import ASK_CHANGE
from hearth.contract_changes.refusals import (
    KindUnknown,
    ReasonMissing,
    RequestOpen,
    StrangersCustomer,
    StrangersUnit,
)
from hearth.contract_changes.services.steps import DESK, State, about_request, close, go_on, lock_open
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.customers.models import Customer
from hearth.properties.models import Unit
from hearth.sales.models import Contract
from hearth.sales.services import lock_live_contract


@transaction.atomic
def ask_change(
    contract: Contract, kind: str, wanted: Wanted, *, reason: str, actor: Actor, now: datetime
) -> ChangeRequest:
    """Ask for a change of a contract; the people of the first step are told.

    What nobody need approve is approved at once. The contract's row is locked, and the database admits one open request
    for each contract.

    :raises NotAllowed: if the actor may not ask for changes there, or is no person
    :raises KindUnknown, ReasonMissing: if the kind or the reason is none
    :raises StrangersCustomer, StrangersUnit: if the actor may not see who or what is named
    :raises ContractNotLive: if the contract was ended
    :raises RequestOpen: if another change of it is on its way
    :raises DomainError: as the kind says
    """
    author_id = DESK.writer_of(actor, contract.org_unit_id)
    if kind not in kinds:
        raise KindUnknown("kind")
    because = reason.strip()[:1000]
    if not because:
        raise ReasonMissing("reason")
    wanted = _refuse_strangers(wanted, actor)
    locked = lock_live_contract(contract)
    if ChangeRequest.objects.open().filter(contract=locked).exists():
        raise RequestOpen
    proposal = kinds[kind].propose(locked, wanted, actor=actor, now=now)
    rules = rules_at(locked.org_unit)
    row = _write(locked, kind, because, proposal, author_id, rules, now)
    steps = _write_chain(row, proposal, rules, now)
    record(ChangeAsked(**about_request(row), kind=kind, steps=steps), actor=actor, now=now)
    go_on(row, rules.answer_days, now=now)
    return row


def _refuse_strangers(wanted: Wanted, actor: Actor) -> Wanted:
    """Return what is wanted with its rows as the actor sees them."""
    if wanted.customer is not None:
        seen = Customer.objects.visible_to(actor).filter(pk=wanted.customer.pk).first()
        if seen is None:
            raise StrangersCustomer("customer")
        wanted = replace(wanted, customer=seen)
    if wanted.unit is not None:
        unit = Unit.objects.visible_to(actor).filter(pk=wanted.unit.pk).with_place().first()
        if unit is None:
            raise StrangersUnit("unit")
        wanted = replace(wanted, unit=unit)
    return wanted


def _write(
    contract: Contract,
    kind: str,
    reason: str,
    proposal: Proposal,
    author_id: int,
    rules: Rules,
    now: datetime,
) -> ChangeRequest:
    effect = proposal.effect
    return ChangeRequest.objects.create(
        org_unit_id=contract.org_unit_id,
        contract=contract,
        kind=kind,
        reason=reason,
        author_id=author_id,
        asked_version=contract.version,
        said_before=dict(proposal.before),
        said_after=dict(proposal.after),
        unit=proposal.unit,
        customer=proposal.customer,
        difference_amount=effect.difference,
        penalty_amount=effect.penalty,
        fee_amount=effect.fee,
        refund_amount=effect.refund,
        lapses_at=now + timedelta(days=rules.lapse_days),
        created_at=now,
        updated_at=now,
        is_sample=contract.is_sample,
    )


def _write_chain(row: ChangeRequest, proposal: Proposal, rules: Rules, now: datetime) -> int:
    """Write the steps that the money asks for, and return how many."""
    amount = abs(proposal.effect.difference)
    percent = amount / row.contract.total_amount * Decimal(100)
    places = places_for(row.org_unit, rules.levels_for(row.kind, percent, amount))
    ApprovalStep.objects.bulk_create(
        ApprovalStep(
            org_unit_id=row.org_unit_id,
            request=row,
            position=position,
            place=place,
            created_at=now,
            updated_at=now,
            is_sample=row.is_sample,
        )
        for position, place in enumerate(places, start=1)
    )
    return len(places)


@transaction.atomic
def withdraw_change(request: ChangeRequest, *, actor: Actor, now: datetime) -> ChangeRequest:
    """Take a request back, whether it is approved or not.

    :raises NotAllowed: if the actor may not ask for changes there
    :raises PastThatStep: if it is closed
    """
    actor.require(ASK_CHANGE, request.org_unit_id)
    locked = lock_open(request)
    close(locked, State.WITHDRAWN, actor=actor, now=now)
    return locked

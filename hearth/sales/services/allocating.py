"""Putting money on instalments, by rule or because somebody says for which it is."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.sales.allocation import Due, allocate
from hearth.sales.events import PaymentNamed
from hearth.sales.models import Contract, Instalment, Payment, PaymentPlan
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.sales.services.plan_refusals import InstalmentElsewhere

NOTHING = Decimal(0)
Sums = Mapping[UUID, Mapping[UUID | None, Decimal]]


def reallocate(contract_ids: Collection[UUID], *, now: datetime) -> None:
    """Compute anew what is paid on the instalments of contracts.

    A step of whatever changes their money or their plan; opens no transaction, may be repeated. The plans are locked
    before the money is summed, so that of two payments at once the second sees both. One query where no contract has
    a plan; five at most.
    """
    current = PaymentPlan.objects.current().filter(contract__in=contract_ids).order_by("id")
    plans = list(current.select_for_update(of=("self",)))
    if not plans:
        return
    sums = _sums([plan.contract_id for plan in plans])
    parts: dict[UUID, list[Instalment]] = {plan.pk: [] for plan in plans}
    for each in Instalment.objects.filter(plan__in=parts).order_by("position"):
        parts[each.plan_id].append(each)
    moved: list[Instalment] = []
    changed: list[PaymentPlan] = []
    for plan in plans:
        received = sums.get(plan.contract_id, {})
        moved += _put(plan, parts[plan.pk], received, changed, now)
    if moved:
        Instalment.objects.bulk_update(moved, ["paid_amount", "updated_at"])
    if changed:
        PaymentPlan.objects.bulk_update(changed, ["unallocated_amount", "updated_at"])


def _sums(contract_ids: Collection[UUID]) -> Sums:
    """Return what came in less what went back, by contract and by the instalment it was said to be for."""
    rows = Payment.objects.filter(contract__in=contract_ids).order_by()
    found: dict[UUID, dict[UUID | None, Decimal]] = {}
    for contract_id, instalment_id, total in rows.values_list("contract_id", "instalment_id").annotate(
        total=Sum("amount")
    ):
        if contract_id:
            found.setdefault(contract_id, {})[instalment_id] = total
    return found


def _put(
    plan: PaymentPlan,
    parts: Collection[Instalment],
    received: Mapping[UUID | None, Decimal],
    changed: list[PaymentPlan],
    now: datetime,
) -> list[Instalment]:
    """Put the money of one contract on its instalments, and return those that changed; a changed plan is added."""
    dues = [Due(each.pk, each.position, each.amount, each.due_date) for each in parts]
    named = {key: amount for key, amount in received.items() if key}
    done = allocate(dues, sum(received.values(), NOTHING), named)
    if done.unallocated != plan.unallocated_amount:
        plan.unallocated_amount, plan.updated_at = done.unallocated, now
        changed.append(plan)
    moved = [each for each in parts if each.paid_amount != done.paid[each.pk]]
    for each in moved:
        each.paid_amount, each.updated_at = done.paid[each.pk], now
    return moved


def refuse_if_elsewhere(instalment: Instalment, contract_id: UUID) -> None:
    """Refuse an instalment by which a contract is not paid now; one query.

    :raises InstalmentElsewhere: if it belongs to another contract or to a version that was replaced
    """
    plans = PaymentPlan.objects.current().filter(contract=contract_id)
    if not plans.filter(pk=instalment.plan_id).exists():
        raise InstalmentElsewhere("instalment")


@transaction.atomic
def name_instalment(
    payment: Payment, instalment: Instalment | None, *, actor: Actor, now: datetime
) -> Payment:
    """Say for which instalment a payment is, or with None that it follows the rule; the same again changes nothing.

    :raises NotAllowed: if the actor may not record payments there
    :raises InstalmentElsewhere: if the contract is not paid by this instalment now
    """
    actor.require(CHANGE_CONTRACT, payment.org_unit_id)
    if payment.contract_id is None:
        raise InstalmentElsewhere("instalment")
    contract = (
        Contract.objects.select_for_update(of=("self",)).select_related("unit").get(pk=payment.contract_id)
    )
    locked = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if instalment:
        refuse_if_elsewhere(instalment, contract.pk)
    if locked.instalment_id == (instalment.pk if instalment else None):
        return locked
    locked.instalment, locked.updated_at = instalment, now
    locked.save(update_fields=["instalment", "updated_at"])
    reallocate([contract.pk], now=now)
    record(
        PaymentNamed(
            org_unit_id=locked.org_unit_id,
            customer_id=locked.customer_id,
            unit_id=contract.unit_id,
            project_id=contract.unit.project_id,
            subject_id=locked.pk,
            contract_id=contract.pk,
            position=instalment.position if instalment else 0,
            is_sample=locked.is_sample,
        ),
        actor=actor,
        now=now,
    )
    return locked

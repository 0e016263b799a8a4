"""Settling how a contract is paid, and settling it anew."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.sales.events import PlanMade
from hearth.sales.models import BuildingStage, Contract, Instalment, PaymentPlan, Stage
from hearth.sales.models.plans import Kind, Method
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.sales.services.allocating import reallocate
from hearth.sales.services.plan_refusals import (
    DatesOutOfOrder,
    DueBeforeSigning,
    InstalmentNotPositive,
    InstalmentWithoutDay,
    NoInstalments,
    NoPlanYet,
    PlanExists,
    PlanReasonMissing,
    PlanUnbalanced,
)
from hearth.sales.services.refusals import ContractNotLive
from hearth.sales.terms import CENT, MOST_STEPS, NewInstalment, NewPlan


@transaction.atomic
def make_plan(contract: Contract, plan: NewPlan, *, actor: Actor, now: datetime) -> PaymentPlan:
    """Settle how a contract is paid; what was received already is put on the instalments.

    :raises NotAllowed: if the actor may not record contracts there
    :raises ContractNotLive: if it was cancelled
    :raises PlanExists: if it is settled already
    :raises InvalidInput: as `refuse_unsound`
    """
    locked = _lock(contract, actor)
    if PaymentPlan.objects.current().filter(contract=locked).exists():
        raise PlanExists
    return _write(locked, plan, version=1, reason="", actor=actor, now=now)


@transaction.atomic
def replace_plan(
    contract: Contract, *, actor: Actor, plan: NewPlan, reason: str, now: datetime
) -> PaymentPlan:
    """Have another version take the place of the plan by which a contract is paid.

    The version before stays as it was, with what was paid on it by then. What payments were said to be for holds for
    that version alone: on the new one they follow the rule until somebody says more.

    :raises NotAllowed: if the actor may not record contracts there
    :raises ContractNotLive: if it was cancelled
    :raises NoPlanYet: if nothing is settled yet
    :raises PlanReasonMissing: without a reason
    :raises InvalidInput: as `refuse_unsound`
    """
    locked = _lock(contract, actor)
    if not reason.strip():
        raise PlanReasonMissing("reason")
    before = PaymentPlan.objects.current().select_for_update(of=("self",)).filter(contract=locked).first()
    if before is None:
        raise NoPlanYet
    refuse_unsound(plan, total=locked.total_amount, signed_date=locked.signed_date)
    before.superseded_at = before.updated_at = now
    before.save(update_fields=["superseded_at", "updated_at"])
    return _write(locked, plan, version=before.version + 1, reason=reason, actor=actor, now=now)


def reprice_plan(locked: Contract, *, actor: Actor, now: datetime) -> PaymentPlan | None:
    """Have another version of the plan make up the total of a locked contract; None where nothing is settled.

    What is added comes with the last instalment, what is taken off comes off the last ones. A step of changing the
    total; opens no transaction and asks for no right.
    """
    before = PaymentPlan.objects.current().select_for_update(of=("self",)).filter(contract=locked).first()
    if before is None:
        return None
    rows = list(before.instalments.order_by("position"))
    amounts = [row.amount for row in rows]
    rest = locked.total_amount - sum(amounts, Decimal(0))
    amounts[-1] += max(rest, Decimal(0))
    for place in reversed(range(len(amounts))):
        taken = min(amounts[place], max(-rest, Decimal(0)))
        amounts[place], rest = amounts[place] - taken, rest + taken
    kept = [
        NewInstalment(row.kind, amount, None if row.stage else row.due_date, row.stage, row.days_after)
        for row, amount in zip(rows, amounts, strict=True)
        if amount
    ]
    before.superseded_at = before.updated_at = now
    before.save(update_fields=["superseded_at", "updated_at"])
    plan = NewPlan(before.name, before.method, tuple(kept))
    reason = gettext("The total of the contract was changed.")
    return _write(locked, plan, version=before.version + 1, reason=reason, actor=actor, now=now)


def _lock(contract: Contract, actor: Actor) -> Contract:
    actor.require(CHANGE_CONTRACT, contract.org_unit_id)
    locked = Contract.objects.select_for_update(of=("self",)).select_related("unit").get(pk=contract.pk)
    if not locked.is_live:
        raise ContractNotLive
    return locked


def refuse_unsound(plan: NewPlan, *, total: Decimal, signed_date: date) -> None:
    """Refuse a plan that does not make up the total, or whose days are out of order; no query.

    :raises NoInstalments, InstalmentNotPositive, InstalmentWithoutDay: if an instalment lacks what it needs
    :raises PlanUnbalanced: if the instalments do not make up the total, to the cent
    :raises DueBeforeSigning, DatesOutOfOrder: if a day comes before that of signing or of the instalment above
    """
    if plan.method not in Method.values:
        raise InvalidInput("method")
    if not 0 < len(plan.instalments) <= MOST_STEPS:
        raise NoInstalments("instalments", most=MOST_STEPS)
    for position, each in enumerate(plan.instalments, start=1):
        _refuse_instalment(each, position)
    made_up = sum((each.amount for each in plan.instalments), Decimal(0))
    if made_up != total:
        words = {
            "sum": f"{made_up:,.2f}",
            "total": f"{total:,.2f}",
            "difference": f"{abs(total - made_up):,.2f}",
        }
        raise PlanUnbalanced("instalments", **words)
    _refuse_days(plan.instalments, signed_date)


def _refuse_instalment(each: NewInstalment, position: int) -> None:
    if each.kind not in Kind.values or each.stage not in ("", *Stage.values):
        raise InvalidInput("instalments")
    if each.amount <= 0 or each.amount != each.amount.quantize(CENT):
        raise InstalmentNotPositive("instalments", position=position)
    if bool(each.due_date) == bool(each.stage):
        raise InstalmentWithoutDay("instalments", position=position)


def _refuse_days(instalments: Sequence[NewInstalment], signed_date: date) -> None:
    latest = signed_date
    for position, each in enumerate(instalments, start=1):
        if each.due_date is None:
            continue
        words = {"position": position, "day": each.due_date.isoformat()}
        if each.due_date < signed_date:
            raise DueBeforeSigning("instalments", **words)
        if each.due_date < latest:
            raise DatesOutOfOrder("instalments", **words)
        latest = each.due_date


def _write(
    contract: Contract, new: NewPlan, *, version: int, reason: str, actor: Actor, now: datetime
) -> PaymentPlan:
    refuse_unsound(new, total=contract.total_amount, signed_date=contract.signed_date)
    about = {
        "org_unit_id": contract.org_unit_id,
        "is_sample": contract.is_sample,
        "created_at": now,
        "updated_at": now,
    }
    plan = PaymentPlan.objects.create(
        contract=contract,
        version=version,
        name=new.name.strip()[:60],
        method=new.method,
        reason=reason.strip()[:300],
        author_id=actor.user_id,
        **about,
    )
    reached = _reached(contract)
    insert_many(
        [
            Instalment(
                plan=plan,
                position=position,
                kind=each.kind,
                due_date=each.due_date
                or day_after(reached.get(each.stage), each.days_after, contract.signed_date),
                stage=each.stage,
                days_after=each.days_after,
                amount=each.amount,
                **about,
            )
            for position, each in enumerate(new.instalments, start=1)
        ]
    )
    reallocate([contract.pk], now=now)
    event = PlanMade(
        org_unit_id=contract.org_unit_id,
        customer_id=contract.customer_id,
        unit_id=contract.unit_id,
        project_id=contract.unit.project_id,
        subject_id=plan.pk,
        contract_id=contract.pk,
        version=version,
        method=plan.method,
        instalments=len(new.instalments),
        is_sample=contract.is_sample,
    )
    record(event, actor=actor, now=now)
    return plan


def _reached(contract: Contract) -> Mapping[str, date]:
    """Return when the building of a contract reached its stages; one query."""
    rows = BuildingStage.objects.filter(building=contract.unit.building_id)
    return dict(rows.values_list("stage", "reached_date"))


def day_after(reached: date | None, days: int, signed_date: date) -> date | None:
    """Return when an instalment is due that waits for a stage, never before signing; None before the stage."""
    return max(reached + timedelta(days=days), signed_date) if reached else None

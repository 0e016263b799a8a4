"""Noting which stage a building has reached, by which instalments fall due."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.properties.models import Building
from hearth.sales.events import StageReached
from hearth.sales.models import ENDED, BuildingStage, Instalment, PaymentPlan, Stage
from hearth.sales.permissions import KEEP_TERMS
from hearth.sales.services.allocating import reallocate
from hearth.sales.services.plans import day_after
from hearth.sales.services.refusals import DateInFuture


@transaction.atomic
def note_stage(
    building: Building, stage: str, *, reached_date: date, actor: Actor, now: datetime
) -> BuildingStage:
    """Note when a building reached a stage, or correct the day; instalments that wait for it get theirs.

    The same again changes nothing. The number of queries does not depend on how many contracts there are.

    :raises NotAllowed: if the actor may not note stages at the place of the project
    :raises DateInFuture: if the day lies ahead
    """
    place = building.project.org_unit_id
    actor.require(KEEP_TERMS, place)
    if stage not in Stage.values:
        raise InvalidInput("stage")
    if reached_date > localdate(now):
        raise DateInFuture("reached_date")
    Building.objects.select_for_update(of=("self",)).get(pk=building.pk)
    row = BuildingStage.objects.filter(building=building, stage=stage).first()
    if row and row.reached_date == reached_date:
        return row
    if row is None:
        row = BuildingStage(
            org_unit_id=place, building=building, stage=stage, created_at=now, is_sample=building.is_sample
        )
    row.reached_date, row.user_id, row.updated_at = reached_date, actor.user_id, now
    row.save()
    waiting = _let_fall_due(row, now)
    event = StageReached(
        org_unit_id=place,
        project_id=building.project_id,
        subject_id=row.pk,
        stage=stage,
        instalments=waiting,
        is_sample=building.is_sample,
    )
    record(event, actor=actor, now=now)
    return row


def _let_fall_due(row: BuildingStage, now: datetime) -> int:
    """Give the instalments that wait for the stage their day, put the money anew, and return how many there are.

    The plans are locked first, as by whoever puts money on their instalments.
    """
    plans = PaymentPlan.objects.current().filter(contract__unit__building=row.building_id).order_by("id")
    list(plans.select_for_update(of=("self",)).values_list("pk"))
    found = Instalment.objects.filter(
        plan__superseded_at=None, plan__contract__unit__building=row.building_id, stage=row.stage
    )
    live = found.exclude(plan__contract__state__in=ENDED).select_related("plan__contract")
    waiting = list(live.order_by("id"))
    for each in waiting:
        each.due_date = day_after(row.reached_date, each.days_after, each.plan.contract.signed_date)
        each.updated_at = now
    Instalment.objects.bulk_update(waiting, ["due_date", "updated_at"], batch_size=1_000)
    reallocate({each.plan.contract_id for each in waiting}, now=now)
    return len(waiting)

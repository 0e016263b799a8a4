"""Keeping the ways to pay that places offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.organization.models import OrgUnit
from hearth.sales.events import PlanTemplateKept
from hearth.sales.models import PlanTemplate, Stage
from hearth.sales.models.plans import Kind, Method
from hearth.sales.permissions import KEEP_TERMS
from hearth.sales.services.plan_refusals import (
    LoanMissing,
    NoInstalments,
    PlanTemplateNameTaken,
    SharesNotWhole,
    StepNotClear,
)
from hearth.sales.terms import MOST_STEPS, WHOLE_SHARE, Step


@dataclass(frozen=True)
class PlanTerms:
    """What a template says."""

    name: str
    method: str
    steps: tuple[Step, ...]
    is_active: bool = True


def add_plan_template(
    terms: PlanTerms, *, org_unit: OrgUnit, actor: Actor, now: datetime, is_sample: bool = False
) -> PlanTemplate:
    """Offer one more way to pay at a place and below it.

    :raises NotAllowed: if the actor may not keep ways to pay there
    :raises PlanTemplateNameTaken: if the place has one of this name
    :raises NoInstalments, StepNotClear, SharesNotWhole, LoanMissing: if the steps do not hold
    """
    return _keep(
        PlanTemplate(org_unit=org_unit, created_at=now, is_sample=is_sample), terms, actor=actor, now=now
    )


def change_plan_template(
    template: PlanTemplate, terms: PlanTerms, *, actor: Actor, now: datetime
) -> PlanTemplate:
    """Change a way to pay, or put it out of use; plans that were made from it stay.

    :raises NotAllowed, InvalidInput: as `add_plan_template`
    """
    return _keep(template, terms, actor=actor, now=now)


def _keep(template: PlanTemplate, terms: PlanTerms, *, actor: Actor, now: datetime) -> PlanTemplate:
    actor.require(KEEP_TERMS, template.org_unit_id)
    if terms.method not in Method.values:
        raise InvalidInput("method")
    _refuse_steps(terms.steps, terms.method)
    template.name, template.method, template.is_active = (
        terms.name.strip()[:60],
        terms.method,
        terms.is_active,
    )
    template.steps, template.updated_at = [step.written() for step in terms.steps], now
    try:
        with transaction.atomic():
            template.save()
            event = PlanTemplateKept(
                org_unit_id=template.org_unit_id,
                subject_id=template.pk,
                is_active=template.is_active,
                is_sample=template.is_sample,
            )
            record(event, actor=actor, now=now)
    except IntegrityError as error:
        raise PlanTemplateNameTaken("name") from error
    return template


def _refuse_steps(steps: Sequence[Step], method: str) -> None:
    if not 0 < len(steps) <= MOST_STEPS:
        raise NoInstalments("steps", most=MOST_STEPS)
    for position, step in enumerate(steps, start=1):
        if step.kind not in Kind.values or step.stage not in ("", *Stage.values) or step.days_after < 0:
            raise InvalidInput("steps")
        if step.share <= 0 or (step.stage and step.due_date):
            raise StepNotClear("steps", position=position)
    if (shares := sum((step.share for step in steps), Decimal(0))) != WHOLE_SHARE:
        raise SharesNotWhole("steps", sum=shares)
    kinds = {step.kind for step in steps}
    if method == Method.MORTGAGE and not kinds >= {Kind.DOWN, Kind.MORTGAGE}:
        raise LoanMissing("steps")

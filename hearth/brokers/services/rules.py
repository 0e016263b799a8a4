"""Rules of commission, in versions that are never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import pgettext_lazy

from hearth.brokers.models import CommissionRule, CommissionStep, Partner
from hearth.brokers.permissions import CHANGE_COMMISSION
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import InvalidInput
from hearth.properties.models import Project

HUNDRED = Decimal(100)
MOST_STEPS = 20
Kind = CommissionRule.Kind


class StepsUnclear(InvalidInput):
    """The steps begin with the first deal and rise; each pays something, a percentage at most all."""

    code = "steps_unclear"
    message = pgettext_lazy(
        "commission", "The steps begin with deal 1 and rise; each pays more than nought, at most 100 percent."
    )


class RuleBeforeLast(InvalidInput):
    """A version begins after the one before."""

    code = "rule_before_last"
    message = pgettext_lazy("commission", "The version before begins on %(day)s; this one must begin later.")


class PartnerElsewhere(InvalidInput):
    """The partner does not work for the project."""

    code = "partner_elsewhere"
    message = pgettext_lazy("commission", "The partner does not work for this project.")


@dataclass(frozen=True)
class NewRule:
    """A version to be written: `steps` pairs the deal from which a rate holds with the rate."""

    kind: str
    steps: Sequence[tuple[int, Decimal]]
    payable_percent: Decimal
    valid_from_date: date
    partner: Partner | None = None


@transaction.atomic
def write_rule(project: Project, new: NewRule, *, actor: Actor, now: datetime) -> CommissionRule:
    """Write the next version of what a project pays to a partner, or to all; the one before ends the day before.

    :raises NotAllowed: if the actor may not change rules of commission there
    :raises StepsUnclear, RuleBeforeLast, PartnerElsewhere, InvalidInput: if it does not hold
    """
    actor.require(CHANGE_COMMISSION, project.org_unit_id)
    if new.kind not in Kind.values:
        raise InvalidInput("kind")
    if not 0 <= new.payable_percent <= HUNDRED:
        raise InvalidInput("payable_percent")
    _refuse_steps(new)
    if new.partner and not project.org_unit.path.startswith(new.partner.org_unit.path):
        raise PartnerElsewhere("partner")
    Project.objects.select_for_update(no_key=True, of=("self",)).get(pk=project.pk)
    last = CommissionRule.objects.filter(project=project, partner=new.partner).order_by("-version").first()
    if last is not None:
        if new.valid_from_date <= last.valid_from_date:
            raise RuleBeforeLast("valid_from_date", day=last.valid_from_date.isoformat())
        last.valid_until_date, last.updated_at = new.valid_from_date - timedelta(days=1), now
        last.save(update_fields=["valid_until_date", "updated_at"])
    stamps = {"is_sample": project.is_sample, "created_at": now, "updated_at": now}
    rule = CommissionRule.objects.create(
        org_unit_id=project.org_unit_id,
        project=project,
        partner=new.partner,
        version=last.version + 1 if last else 1,
        kind=new.kind,
        payable_percent=new.payable_percent,
        valid_from_date=new.valid_from_date,
        author_id=actor.user_id,
        **stamps,
    )
    insert_many(
        [
            CommissionStep(org_unit_id=rule.org_unit_id, rule=rule, from_deal=deal, rate=rate, **stamps)
            for deal, rate in new.steps
        ]
    )
    return rule


def _refuse_steps(new: NewRule) -> None:
    deals = [deal for deal, _rate in new.steps]
    rises = deals == sorted(set(deals))
    highest = HUNDRED if new.kind == Kind.PERCENT else Decimal(10**9)
    pays = all(0 < rate <= highest and rate == round(rate, 2) for _deal, rate in new.steps)
    if not (deals and deals[0] == 1 and rises and pays and len(deals) <= MOST_STEPS):
        raise StepsUnclear("steps")

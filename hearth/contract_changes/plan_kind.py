"""Another way to pay 变更付款方式: which instalments take the place of those that stand, as they were approved."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from hearth.contract_changes.kinds import ChangeKind, Proposal, Wanted, register_kind
from hearth.contract_changes.models import ChangeRequest
from hearth.contract_changes.refusals import NothingChanges, ValueMissing
from hearth.contract_changes.words import ChangedField, Names, fields
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.templatetags.ui import cents
from hearth.sales.models import Contract, Instalment, PaymentPlan, PlanTemplate, Stage
from hearth.sales.models.plans import Kind
from hearth.sales.services import replace_plan
from hearth.sales.services.plan_refusals import NoPlanYet
from hearth.sales.services.plans import refuse_unsound
from hearth.sales.terms import NewInstalment, NewPlan, plan_from

Said = Mapping[str, Any]


def propose_plan(contract: Contract, wanted: Wanted, *, actor: Actor, now: datetime) -> Proposal:
    """What a way to pay of the place makes of the total.

    :raises ValueMissing, InvalidInput: if no way to pay is named, or one that the place does not offer
    :raises NoPlanYet: if nothing is settled yet
    :raises NothingChanges: if the same instalments stand already
    """
    template = wanted.template
    if template is None:
        raise ValueMissing("template")
    if not PlanTemplate.objects.used_at(contract.org_unit).filter(pk=template.pk).exists():
        raise InvalidInput("template")
    standing = PaymentPlan.objects.current().filter(contract=contract).first()
    if standing is None:
        raise NoPlanYet
    plan = plan_from(template, total=contract.total_amount, signed_date=contract.signed_date)
    refuse_unsound(plan, total=contract.total_amount, signed_date=contract.signed_date)
    before = _said(standing.name, standing.method, standing.instalments.order_by("position"))
    after = _said(plan.name, plan.method, plan.instalments)
    if before["instalments"] == after["instalments"]:
        raise NothingChanges("template")
    return Proposal({"plan": before}, {"plan": after})


def carry_out_plan(request: ChangeRequest, locked: Contract, *, actor: Actor, now: datetime) -> None:
    """Settle the instalments that were approved, whatever became of the template since."""
    said: Said = request.said_after["plan"]
    parts = tuple(
        NewInstalment(
            each["kind"],
            Decimal(each["amount"]),
            date.fromisoformat(each["due"]) if each["due"] else None,
            each["stage"],
            each["days"],
        )
        for each in said["instalments"]
    )
    plan = NewPlan(said["name"], said["method"], parts)
    replace_plan(locked, actor=actor, plan=plan, reason=request.reason, now=now)


def _said(name: str, method: str, parts: Iterable[NewInstalment | Instalment]) -> Said:
    return {
        "name": name,
        "method": method,
        "instalments": [
            {
                "kind": each.kind,
                "amount": str(each.amount.quantize(Decimal("0.01"))),
                "due": "" if each.stage or each.due_date is None else each.due_date.isoformat(),
                "stage": each.stage,
                "days": each.days_after,
            }
            for each in parts
        ],
    }


def _in_words(said: Said, _names: Names) -> str:
    parts = pgettext("list of words", ", ").join(_part(each) for each in said["instalments"])
    return f"{said['name']}: {parts}"


def _part(each: Said) -> str:
    due = each["due"] or gettext("%(days)s days after: %(stage)s") % {
        "days": each["days"],
        "stage": Stage(each["stage"]).label,
    }
    return f"{Kind(each['kind']).label} {cents(Decimal(each['amount']))} ({due})"


fields.register("plan", ChangedField(pgettext_lazy("change of a contract", "Payment plan"), _in_words))
register_kind(
    ChangeKind(
        "payment_plan",
        pgettext_lazy("change of a contract", "Payment plan"),
        gettext_lazy("Another way to pay takes the place of the one that stands, which stays on record."),
        "calendar-event",
        ("template",),
        propose_plan,
        carry_out_plan,
    )
)

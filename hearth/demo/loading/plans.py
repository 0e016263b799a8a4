"""How some buyers pay, through the hands of the demo accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.demo.loading.hands import actor_of_role
from hearth.organization.models import OrgUnit
from hearth.sales.models import Contract, PlanTemplate
from hearth.sales.models.plans import Method
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.sales.services import PlanTerms, add_plan_template, make_plan
from hearth.sales.terms import PROPOSED, plan_from

PLANNED = 30
NAMES = {Method.ONCE: "一次性付款", Method.INSTALMENTS: "分期付款", Method.MORTGAGE: "按揭付款，首付三成"}


@dataclass(frozen=True)
class PlanLoader:
    """Writes ways to pay, and payment plans of contracts."""

    users: Mapping[str, User]
    now: datetime

    def load(self) -> None:
        """Write them, first for what is not paid in full; nothing where the account that would do it is missing."""
        manager = actor_of_role(self.users, "sales_manager", self.now)
        if manager is None:
            return
        rows = (
            Contract.objects.visible_with(manager, CHANGE_CONTRACT)
            .live()
            .filter(is_sample=True)
            .with_received()
        )
        owing = rows.annotate(is_paid=Q(received__gte=F("total_amount"))).order_by(
            "is_paid", "-signed_date", "id"
        )
        newest = list(owing.select_related("org_unit", "unit")[:PLANNED])
        if not newest:
            return
        offered = [self._offer(method, newest[0].org_unit, manager) for method in Method]
        for number, contract in enumerate(newest):
            template = offered[(number * 2) % len(offered)]
            plan = plan_from(template, total=contract.total_amount, signed_date=contract.signed_date)
            make_plan(contract, plan, actor=manager, now=self.now)

    def _offer(self, method: Method, place: OrgUnit, manager: Actor) -> PlanTemplate:
        terms = PlanTerms(NAMES[method], method, PROPOSED[method])
        return add_plan_template(terms, org_unit=place, actor=manager, now=self.now, is_sample=True)

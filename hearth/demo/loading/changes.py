"""Changes of contracts that wait, and one that was carried out, through the hands of the demo accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hearth.accounts.models import User
from hearth.contract_changes.kinds import Wanted
from hearth.contract_changes.models import ChangeRequest
from hearth.contract_changes.permissions import APPROVE_CHANGE, ASK_CHANGE
from hearth.contract_changes.services import approve_change, ask_change, carry_out_change
from hearth.core.actor import Actor
from hearth.demo.loading.hands import actor_of_role
from hearth.sales.models import Contract

CENT = Decimal("0.01")
CARRIED_OUT = Decimal("0.995")
# The kind, the share of the total that is left, and why.
ASKED = (
    ("discount", Decimal("0.97"), "同层房源近期成交价较低，客户申请折扣。"),
    ("withdrawal", Decimal(0), "客户工作调动，申请退房。"),
    ("discount", CARRIED_OUT, "签约时承诺的老客户优惠。"),
)
APPROVERS = ("project_manager", "city_cr_manager")


@dataclass(frozen=True)
class ChangeLoader:
    """Asks for changes of the latest contracts."""

    users: Mapping[str, User]
    now: datetime

    def load(self) -> None:
        """Write them; nothing where the account that would do it is missing."""
        seller = actor_of_role(self.users, "sales_manager", self.now)
        if seller is None:
            return
        rows = Contract.objects.visible_with(seller, ASK_CHANGE).live().filter(is_sample=True)
        rows = rows.select_related("org_unit", "unit").order_by("-signed_date", "id")
        for contract, (kind, share, reason) in zip(rows[: len(ASKED)], ASKED, strict=False):
            total = (contract.total_amount * share).quantize(CENT)
            wanted = Wanted(total_amount=total) if kind == "discount" else Wanted()
            row = ask_change(contract, kind, wanted, reason=reason, actor=seller, now=self.now)
            if share == CARRIED_OUT:
                self._carry_out(row, seller)

    def _carry_out(self, row: ChangeRequest, seller: Actor) -> None:
        """Have each step approved by an account that may, and carry the change out if all of them are."""
        able = [who for role in APPROVERS if (who := actor_of_role(self.users, role, self.now))]
        for approver in able:
            step = row.steps.filter(state="waiting").first()
            if step is not None and approver.can(APPROVE_CHANGE, step.place_id):
                row = approve_change(row, comment="同意", actor=approver, now=self.now)
        if row.state == ChangeRequest.State.APPROVED:
            carry_out_change(row, actor=seller, now=self.now)

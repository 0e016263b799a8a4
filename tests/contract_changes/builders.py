"""Changes of contracts for tests."""

from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from hearth.accounts.models import User
from hearth.contract_changes.kinds import Wanted
from hearth.contract_changes.models import ChangeRequest
from hearth.contract_changes.permissions import APPROVE_CHANGE, ASK_CHANGE, VIEW_CHANGE
from hearth.contract_changes.services import approve_change, ask_change, carry_out_change
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit, Setting
from hearth.sales.models import Contract
from hearth.sales.permissions import CHANGE_CONTRACT, VIEW_CONTRACT
from hearth.sales.services import receive_payment
from tests.customers.builders import make_customer, make_home
from tests.exports.builders import actor_of
from tests.organization.builders import make_member
from tests.sales.builders import NOW, make_contract

SYSTEM = Actor.system("test")
LESS = Wanted(total_amount=Decimal(1_950_000))
_numbers = count(1)


def make_asker(place: OrgUnit) -> User:
    """Write a user who asks for changes at a place and carries them out."""
    rights = (VIEW_CONTRACT, CHANGE_CONTRACT, VIEW_CHANGE, ASK_CHANGE)
    return make_member(place, SIGNED_IN, "properties.view", "customers.view", *rights)


def make_approver(place: OrgUnit) -> User:
    """Write a user who approves changes at a place and below."""
    rights = (VIEW_CONTRACT, VIEW_CHANGE, APPROVE_CHANGE)
    return make_member(place, SIGNED_IN, "properties.view", "customers.view", *rights)


def make_paid(place: OrgUnit, amount: int = 600_000) -> Contract:
    """Write a signed contract over 2,000,000 with one payment."""
    contract = make_contract(make_home(place), make_customer(place))
    if amount:
        pay(contract, amount)
    return contract


def pay(contract: Contract, amount: Decimal | int, now: datetime = NOW) -> None:
    """Write what came in for a contract today, or went back."""
    receive_payment(
        contract,
        actor=SYSTEM,
        receipt_number=f"SK{next(_numbers):05}",
        paid_date=now.date(),
        amount=Decimal(amount),
        now=now,
    )


def set_bands(place: OrgUnit, *bands: dict[str, Any]) -> None:
    """Say who approves at a place."""
    Setting.objects.update_or_create(
        key="contract_changes.bands",
        org_unit=place,
        defaults={"value": list(bands), "updated_at": NOW},
    )


def make_request(
    place: OrgUnit,
    *,
    contract: Contract | None = None,
    kind: str = "discount",
    wanted: Wanted = LESS,
    asker: User | None = None,
    reason: str = "邻居的成交价更低",
    now: datetime = NOW,
) -> ChangeRequest:
    """Write a request for a discount of 50,000, unless stated."""
    actor = actor_of(asker or make_asker(place))
    return ask_change(contract or make_paid(place), kind, wanted, reason=reason, actor=actor, now=now)


def make_approved(request: ChangeRequest, now: datetime = NOW) -> ChangeRequest:
    """Have every step of a request approved, each by a person of its own."""
    while (step := request.steps.filter(state="waiting").select_related("place").first()) is not None:
        approver = actor_of(make_approver(step.place))
        request = approve_change(request, comment="同意", actor=approver, now=now)
    return request


def make_carried_out(request: ChangeRequest, now: datetime = NOW) -> ChangeRequest:
    """Have a request approved and carried out by who asked for it."""
    return carry_out_change(make_approved(request, now), actor=actor_of(request.author), now=now)

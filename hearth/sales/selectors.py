"""What the contract pages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, Sum

from hearth.core.actor import Actor
from hearth.sales.models import ENDED, Contract, ContractQuerySet, ContractVersion, Payment


@dataclass(frozen=True)
class ContractFilters:
    """What a person asks of the list; empty values ask nothing."""

    state: str = ""
    number: str = ""
    project: str = ""


def contract_list(actor: Actor, filters: ContractFilters) -> ContractQuerySet:
    """The contracts a list shows, with customer, home and money received; no order yet."""
    contracts = Contract.objects.visible_to(actor).with_received()
    if filters.state:
        contracts = contracts.filter(state=filters.state)
    if filters.number:
        contracts = contracts.filter(number__startswith=filters.number)
    if filters.project:
        contracts = contracts.filter(unit__project_id=filters.project)
    return contracts.select_related(
        "customer", "org_unit", "unit__project", "unit__building", "unit__entrance"
    )


@dataclass(frozen=True)
class Money:
    """What a customer bought and paid, in yuan."""

    contracts: int
    contracted_amount: Decimal
    received_amount: Decimal

    @property
    def outstanding_amount(self) -> Decimal:
        return self.contracted_amount - self.received_amount


def money_of_customer(customer_id: UUID, actor: Actor) -> Money:
    """Sum up a customer's live contracts and payments, as far as the actor may see them; two queries."""
    contracts = Contract.objects.visible_to(actor).filter(customer_id=customer_id).live()
    totals = contracts.aggregate(number=Count("id"), total=Sum("total_amount", default=Decimal(0)))
    of_contracts = Q(contract__customer=customer_id) & ~Q(contract__state__in=ENDED)
    paid = Payment.objects.visible_to(actor).filter(
        of_contracts | Q(contract__isnull=True, customer=customer_id)
    )
    received = paid.aggregate(total=Sum("amount", default=Decimal(0)))["total"]
    return Money(totals["number"], totals["total"], received)


def contracts_of_customer(customer_id: UUID, actor: Actor) -> Sequence[Contract]:
    """A customer's contracts, the newest first; one query."""
    found = Contract.objects.visible_to(actor).filter(customer_id=customer_id).with_received()
    return list(
        found.select_related("unit__project", "unit__building", "unit__entrance").order_by(
            "-signed_date", "-id"
        )
    )


@dataclass(frozen=True)
class ContractThen:
    """What a contract said at an instant."""

    version: int
    customer_id: UUID
    state: str
    total_amount: Decimal


def contract_at(contract: Contract, instant: datetime) -> ContractThen | None:
    """Return what a contract said at an instant, None before it was recorded; one query at most."""
    if instant >= contract.known_at:
        found: Contract | ContractVersion | None = contract
    else:
        found = contract.versions.believed_at(instant).order_by("-version").first()
    if found is None:
        return None
    return ContractThen(found.version, found.customer_id, found.state, found.total_amount)

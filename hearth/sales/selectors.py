"""What the contract pages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, Sum

from hearth.core.actor import Actor
from hearth.sales.models import Contract, ContractQuerySet, Payment


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
    payments = Payment.objects.visible_to(actor).filter(customer_id=customer_id)
    live = Q(contract__isnull=True) | ~Q(contract__state=Contract.State.CANCELLED)
    received = payments.filter(live).aggregate(total=Sum("amount", default=Decimal(0)))["total"]
    return Money(totals["number"], totals["total"], received)


def contracts_of_customer(customer_id: UUID, actor: Actor) -> Sequence[Contract]:
    """A customer's contracts, the newest first; one query."""
    found = Contract.objects.visible_to(actor).filter(customer_id=customer_id).with_received()
    return list(
        found.select_related("unit__project", "unit__building", "unit__entrance").order_by(
            "-signed_date", "-id"
        )
    )

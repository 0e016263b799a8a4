"""The kinds of changes: what each asks for and validates, what it does to the money, and how it is carried out.

An app above adds a kind of its own by registering it; everything else (chain, pages, API, history) is the same for all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from django.utils.functional import Promise

from hearth.contract_changes.models import ChangeRequest
from hearth.core.actor import Actor
from hearth.core.registry import Registry
from hearth.customers.models import Customer
from hearth.properties.models import Unit
from hearth.sales.models import Contract, PlanTemplate

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for; each kind takes what it needs of it."""

    customer: Customer | None = None
    unit: Unit | None = None
    template: PlanTemplate | None = None
    number: str = ""
    total_amount: Decimal | None = None
    penalty_amount: Decimal = NOTHING
    fee_amount: Decimal = NOTHING


@dataclass(frozen=True)
class Effect:
    """What a change does to the money: what the total changes by, what is kept of what was received, what goes back."""

    difference: Decimal = NOTHING
    penalty: Decimal = NOTHING
    fee: Decimal = NOTHING
    refund: Decimal = NOTHING


@dataclass(frozen=True)
class Proposal:
    """A change that holds: what the contract says, what it would say, and the money."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    effect: Effect = field(default_factory=Effect)
    unit: Unit | None = None
    customer: Customer | None = None


class Propose(Protocol):
    """Validate what is wanted of a contract and say what it comes to; refuses in words."""

    def __call__(self, contract: Contract, wanted: Wanted, *, actor: Actor, now: datetime) -> Proposal: ...


class CarryOut(Protocol):
    """Do what was approved to a locked contract, and return the contract that came of it if there is a new one."""

    def __call__(
        self, request: ChangeRequest, locked: Contract, *, actor: Actor, now: datetime
    ) -> Contract | None: ...


@dataclass(frozen=True)
class ChangeKind:
    """One kind of change. `asks` names the fields of `Wanted` that its form shows."""

    code: str
    label: str | Promise
    explanation: str | Promise
    icon: str
    asks: tuple[str, ...]
    propose: Propose
    carry_out: CarryOut


kinds: Registry[ChangeKind] = Registry()


def register_kind(kind: ChangeKind) -> ChangeKind:
    """Register a kind under its code."""
    return kinds.register(kind.code, kind)


def kind_choices() -> list[tuple[str, str | Promise]]:
    """Return codes and labels of all kinds, in the order of registration."""
    return [(code, kind.label) for code, kind in kinds.items()]

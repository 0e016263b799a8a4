"""Contracts for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.properties.models import Unit
from hearth.sales.models import Contract
from hearth.sales.services import file_contract, sign_contract

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
_numbers = count(1)


def make_contract(
    unit: Unit,
    customer: Customer,
    *,
    number: str = "",
    signed_date: date = date(2025, 6, 1),
    total_amount: Decimal = Decimal(2_000_000),
    now: datetime = NOW,
) -> Contract:
    """Write a signed contract."""
    return sign_contract(
        unit,
        actor=Actor.system("test"),
        customer=customer,
        number=number or f"HT{next(_numbers):05}",
        signed_date=signed_date,
        total_amount=total_amount,
        now=now,
    )


def make_filed(contract: Contract, *, number: str = "", now: datetime = NOW) -> Contract:
    """Have a contract filed online on the day it was signed."""
    return file_contract(
        contract,
        actor=Actor.system("test"),
        filing_number=number or f"WQ{next(_numbers):05}",
        filed_date=contract.signed_date,
        now=now,
    )

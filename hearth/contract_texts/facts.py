"""What the record says of a contract, as its text says it; always in Chinese, whatever the reader's language."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext, pgettext

from hearth.customers.models import Customer, UnitRole
from hearth.lib.capitals import capital_amount
from hearth.organization.models import OrgUnit
from hearth.sales.models import Contract, Instalment, PaymentPlan
from hearth.sales.services import OWNERS

CENT = Decimal("0.01")
CHINESE = "zh-hans"
BETWEEN_NAMES = "、"
# What a contract is loaded with for its text.
WITH_TEXT = ("org_unit", "unit__project", "unit__building", "unit__entrance", "customer")


@dataclass(frozen=True)
class Facts:
    """What the record says: the values of the placeholders, the table of payments, the buyers, and its figures."""

    values: Mapping[str, str]
    instalments: Sequence[Mapping[str, str]]
    buyers: Sequence[Customer]
    total: Decimal
    unit_price: Decimal | None
    has_plan: bool
    planned: Decimal

    @property
    def digest(self) -> str:
        """A checksum: another one means that the record says something else by now.

        It holds the buyers by name, as the text does: duplicates of a customer may be merged without changing it.
        """
        return _digest([dict(self.values), list(self.instalments)])

    def agree_with(self, digest: str) -> bool:
        """Tell whether the record still says what a text of this checksum was drafted from."""
        return digest in (self.digest, self._digest_of_keys())

    def _digest_of_keys(self) -> str:
        """Return the checksum that texts have which were drafted before 0002: it held the keys of the buyers too."""
        buyers = [*self.buyers[:1], *sorted(self.buyers[1:], key=lambda each: each.pk)]
        values = {**self.values, "buyer": BETWEEN_NAMES.join(each.name for each in buyers)}
        return _digest([values, list(self.instalments), sorted(str(each.pk) for each in buyers)])


def _digest(said: list[Any]) -> str:
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def figure(amount: Decimal) -> str:
    """Return an amount in figures as a text writes it, to the cent."""
    return f"{amount:,.2f}"


def buyers_of(contract: Contract) -> list[Customer]:
    """Return who buys: the customer of the contract first, then who owns the home beside them, by name; one query."""
    owners = UnitRole.objects.filter(unit=contract.unit_id, role__in=OWNERS, valid_to__isnull=True)
    rows = Customer.objects.filter(
        pk__in=[contract.customer_id, *owners.values_list("customer_id", flat=True)]
    )
    return sorted(rows, key=lambda each: (each.pk != contract.customer_id, each.name, each.pk))


def seller_of(place: OrgUnit) -> OrgUnit:
    """Return the city company that a place belongs to, the place itself where none stands above it; one query."""
    above = OrgUnit.objects.above(place).filter(kind=OrgUnit.Kind.CITY_COMPANY)
    return above.last() or place


def facts_of(contract: Contract) -> Facts:
    """Return what the record says of a contract that was loaded with its home and place; five queries."""
    with translation.override(CHINESE):
        return _facts(contract)


def _facts(contract: Contract) -> Facts:
    unit, total, buyers = contract.unit, contract.total_amount, buyers_of(contract)
    plan = PaymentPlan.objects.current().filter(contract=contract).first()
    parts = list(Instalment.objects.filter(plan=plan).order_by("position")) if plan else []
    unit_price = (total / unit.floor_area).quantize(CENT, ROUND_HALF_UP) if unit.floor_area else None
    values = {
        "number": contract.number,
        "seller": str(seller_of(contract.org_unit)),
        "buyer": BETWEEN_NAMES.join(each.name for each in buyers),
        "project": unit.project.name,
        "building": unit.building.name,
        "unit": unit.address,
        "area": f"{unit.floor_area:.2f}" if unit.floor_area else "",
        "unit_price": figure(unit_price) if unit_price else "",
        "total": figure(total),
        "total_capitals": capital_amount(total),
        "signed_date": f"{contract.signed_date:%Y-%m-%d}",
        "plan": f"{plan.get_method_display()}（{plan.name}）" if plan else "",
        "instalments": str(len(parts)) if parts else "",
    }
    planned = sum((each.amount for each in parts), Decimal(0))
    rows = [_row(number, each) for number, each in enumerate(parts, start=1)]
    return Facts(values, rows, buyers, total, unit_price, plan is not None, planned)


def _row(number: int, part: Instalment) -> dict[str, str]:
    return {
        "number": str(number),
        "kind": part.get_kind_display(),
        "due": _due(part),
        "amount": figure(part.amount),
        "capitals": capital_amount(part.amount),
    }


def _due(part: Instalment) -> str:
    if part.due_date:
        return f"{part.due_date:%Y-%m-%d}"
    if not part.stage:
        return gettext("not settled")
    said: dict[str, Any] = {"stage": part.get_stage_display(), "days": part.days_after}
    return pgettext("instalment", "%(days)s days after: %(stage)s") % said


def amounts_of(facts: Facts) -> frozenset[str]:
    """Return every amount of the record as a text writes it."""
    known = {figure(facts.total), *(row["amount"] for row in facts.instalments)}
    return frozenset(known | ({figure(facts.unit_price)} if facts.unit_price else set()))


def digest_of_words(title: str, clauses: Sequence[tuple[str, str]], instalments: Sequence[Any]) -> str:
    """Return the checksum of the words of a text: title, headings and wordings in order, and the table."""
    return _digest([title, [list(each) for each in clauses], list(instalments)])


def code_of(digest: str, text_id: UUID) -> str:
    """Return what people compare: twelve characters in groups of four that follow from text and checksum."""
    mixed = sha256(f"{text_id}{digest}".encode()).hexdigest().upper()
    return "-".join(mixed[place : place + 4] for place in (0, 4, 8))

"""Short forms of records that others lead to, as far as the caller may see them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from pydantic import BaseModel, Field

from hearth.api.shaping import included
from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.properties.models import Unit

INCLUDABLE = {"customer", "unit"}


class CustomerBrief(BaseModel):
    """A customer in one line."""

    id: UUID
    number: int
    name: str


class UnitBrief(BaseModel):
    """A home in one line."""

    id: UUID
    address: str


def on_demand(description: str) -> Any:
    """A field that is sent only when `include` names it."""
    return Field(
        None, description=f"{description} Only with `include`.", json_schema_extra={"x-include": True}
    )


class Briefs:
    """The customers and homes that rows lead to; a query for each kind that is included, none otherwise."""

    def __init__(self, request: HttpRequest, model: type[BaseModel], rows: Iterable[Any]) -> None:
        actor, wanted, kept = actor_of(request), included(request, model), list(rows)
        self._customers = _customers(kept, actor) if "customer" in wanted else {}
        self._units = _units(kept, actor) if "unit" in wanted else {}

    def of(self, row: Any) -> dict[str, Any]:
        """Return the fields that a row's customer and home fill."""
        return {
            "customer": self._customers.get(getattr(row, "customer_id", None)),
            "unit": self._units.get(getattr(row, "unit_id", None)),
        }


def _customers(rows: list[Any], actor: Actor) -> dict[UUID | None, CustomerBrief]:
    ids = {row.customer_id for row in rows if row.customer_id}
    found = Customer.objects.visible_to(actor).filter(pk__in=ids).only("id", "number", "name")
    return {row.pk: CustomerBrief(id=row.pk, number=row.number, name=row.name) for row in found}


def _units(rows: list[Any], actor: Actor) -> dict[UUID | None, UnitBrief]:
    ids = {row.unit_id for row in rows if row.unit_id}
    found = Unit.objects.visible_to(actor).with_place().filter(pk__in=ids)
    return {row.pk: UnitBrief(id=row.pk, address=row.address) for row in found}

"""What every answer has in common: lists, money, choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from django.db import models
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from hearth.core.pages import MAX_LIMIT, estimated_count

Item = TypeVar("Item")


class Asked(BaseModel):
    """What a program sends; an unknown field is refused."""

    model_config = ConfigDict(extra="forbid")


class NoFields(Asked):
    """Nothing needs to be said."""


class ListQuery(BaseModel):
    """What every list understands; `filters` are the fields it can be narrowed by, see `hearth.api.filters`."""

    filters: ClassVar[Mapping[str, Any]] = {}
    cursor: str = Field("", max_length=1000, description="“page.next” of the page before.")
    limit: int = Field(50, ge=1, le=MAX_LIMIT)
    exact_count: bool = Field(
        default=False, description="Count the rows instead of estimating them. May be slow."
    )


def superseded(default: Any, by: str, **constraints: Any) -> Any:
    """A parameter that stays for as long as v1 does, though another asks the same; who uses it is told."""
    words = f"The older way to say `{by}`."
    return Field(default, description=words, json_schema_extra={"deprecated": True}, **constraints)


def superseded_names(parameters: type[BaseModel]) -> set[str]:
    """Return the names of the parameters that another one supersedes."""
    return {
        name
        for name, found in parameters.model_fields.items()
        if isinstance(found.json_schema_extra, dict) and found.json_schema_extra.get("deprecated")
    }


class Page(BaseModel):
    """Where a list goes on; `next` is null at its end."""

    next: str | None
    limit: int
    estimated_total: int | None


class ListOf(BaseModel, Generic[Item]):
    data: list[Item]
    page: Page


class Money(BaseModel):
    """An amount as text, so that no digit is lost."""

    amount: str = Field(examples=["2100000.00"])
    currency: Literal["CNY"] = "CNY"


def money(amount: Decimal | None) -> Money | None:
    return None if amount is None else Money(amount=f"{amount:.2f}")


@dataclass(frozen=True)
class OneOf:
    """A text that must be one of a model's choices."""

    choices: type[models.TextChoices]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema([str(value) for value in self.choices.values])


# Days beyond these are slips of the keyboard.
Day = Annotated[date, Field(ge=date(1880, 1, 1), le=date(2199, 12, 31))]
Amount = Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
DatabaseId = Annotated[int, Field(ge=1, le=2**63 - 1)]


def page_of(next_cursor: str, query: ListQuery, rows: "models.QuerySet[Any]") -> Page:
    """Return a list's page, with the number of all rows estimated by the planner or counted; one query."""
    total = rows.order_by().count() if query.exact_count else estimated_count(rows)
    return Page(next=next_cursor or None, limit=query.limit, estimated_total=total)

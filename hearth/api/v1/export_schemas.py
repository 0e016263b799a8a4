"""Exports of lists as programs ask for them and see them."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.envelope import Asked, ListOf, ListQuery, OneOf
from hearth.api.filters import equals, ordered
from hearth.exports.models import Export
from hearth.exports.services.asking import LONGEST_REASON, MOST_CHOSEN, SHORTEST_REASON

State = Annotated[str, OneOf(Export.State)]
Format = Annotated[str, OneOf(Export.Format)]
Key = Annotated[str, Field(min_length=1, max_length=80)]
FILTER_WORDS = (
    "As in the address of the list's page, without what shows it: keys of `GET /jobs/export/objects`, values such as "
    "`call,visit`, `not:closed`, `last:30`, `2026-01-01..2026-03-31`; `any.` before a key: one of several must fit."
)


class ExportToStart(Asked):
    """Which rows and columns are wanted, in which format, and what for."""

    object: Key = Field(description="A list: a key of `GET /jobs/export/objects`.")
    segment_id: UUID | None = Field(
        None, description="Only the members of a segment at its newest count; for customers."
    )
    view: str = Field("", max_length=40, description="A saved view of the list, or one that ships.")
    q: str = Field("", max_length=200, description="A text to search for.")
    filters: dict[Key, Annotated[str, Field(max_length=2000)]] = Field(
        default_factory=dict, max_length=40, description=FILTER_WORDS
    )
    sort: str = Field("", max_length=40, description="An order of the list, with `-` the other way round.")
    ids: list[UUID] | None = Field(
        None, min_length=1, max_length=MOST_CHOSEN, description="Only these rows; filters do not matter then."
    )
    columns: list[Key] = Field(
        default_factory=list, max_length=200, description="In this order; empty: those of the view."
    )
    format: Format
    reason: str = Field(min_length=SHORTEST_REASON, max_length=LONGEST_REASON)


class ExportRefusal(Asked):
    """Why a file is refused."""

    reason: str = Field(min_length=SHORTEST_REASON, max_length=LONGEST_REASON)


class ExportQuery(ListQuery):
    """What the list of exports can be asked for."""

    filters: ClassVar = {
        "object": equals(str, "object_key"),
        "state": equals(State, "state"),
        "created_at": ordered(AwareDatetime, "created_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class ExportTrouble(BaseModel):
    """Why there is no file."""

    code: str
    detail: str


class ExportRecord(BaseModel):
    """A file on its way out; `chosen_rows` were named by their ids, `size` is in bytes.

    The file is there while the state is `done`.
    """

    id: UUID
    object: str
    segment_id: UUID | None
    name: str
    state: str
    format: str
    columns: list[str]
    filters: dict[str, str]
    chosen_rows: int | None
    reason: str
    total_rows: int | None
    written_rows: int
    cut_cells: int
    size: int | None
    trouble: ExportTrouble | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


class ExportList(ListOf[ExportRecord]):
    pass


class ExportColumn(BaseModel):
    """A column; `is_masked`: its values are masked for the caller, in some rows at least."""

    key: str
    label: str
    type: str
    is_usual: bool
    is_masked: bool


class ExportFilter(BaseModel):
    key: str
    label: str
    kind: str


class ExportObject(BaseModel):
    """A list the caller may export."""

    object: str
    label: str
    columns: list[ExportColumn]
    filters: list[ExportFilter]
    orders: list[str]


class ExportObjectList(ListOf[ExportObject]):
    pass

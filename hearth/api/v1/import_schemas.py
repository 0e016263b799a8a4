"""Imports of files as programs see and steer them."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from hearth.api.envelope import Asked, DatabaseId, ListOf, ListQuery, OneOf
from hearth.api.filters import equals, ordered
from hearth.imports.models import ImportJob

State = Annotated[str, OneOf(ImportJob.State)]
Encoding = Literal["", "utf-8", "gb18030", "utf-16"]
ENCODING_WORDS = "How the text is written; empty: recognise it."
SHEET_WORDS = "The sheet of a workbook; empty: the first visible one that is not empty."
Options = dict[Annotated[str, Field(max_length=60)], bool]


class ImportToStart(BaseModel):
    """What a file is; the file itself is the body."""

    kind: str = Field(max_length=30, description="What its rows are: a code of `GET /jobs/import/kinds`.")
    org_unit: str = Field(
        max_length=40, description="Code of the city company or project team it belongs to."
    )
    name: str = Field("", max_length=120, description="Its name, for people.")
    encoding: Encoding = Field("", description=ENCODING_WORDS)
    sheet: str = Field("", max_length=100, description=SHEET_WORDS)


class ImportQuery(ListQuery):
    """What the list of imports can be asked for."""

    filters: ClassVar = {
        "kind": equals(str, "kind"),
        "state": equals(State, "state"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "created_by_id": equals(DatabaseId, "created_by_id", can_be_empty=True),
        "created_at": ordered(AwareDatetime, "created_at"),
    }
    sort: Literal["-created_at", "created_at"] = "-created_at"


class FindingQuery(ListQuery):
    """What the findings of an import can be asked for."""

    filters: ClassVar = {
        "row": ordered(Annotated[int, Field(ge=0, le=2**31 - 1)], "row"),
        "code": equals(str, "code"),
        "is_warning": equals(bool, "is_warning"),
    }


class ImportedField(BaseModel):
    """Something a row may say; `choices` are the codes it may have, `aliases` further names of its column."""

    name: str
    label: str
    kind: str
    is_required: bool
    aliases: list[str]
    choices: list[str]


class ImportOptionRecord(BaseModel):
    """A question about a whole file."""

    name: str
    label: str
    default: bool


class ImportKindRecord(BaseModel):
    """What the rows of a file may be; `permission` is demanded at the place, beside the right to import."""

    code: str
    label: str
    description: str
    permission: str
    fields: list[ImportedField]
    options: list[ImportOptionRecord]


class ImportKindList(ListOf[ImportKindRecord]):
    pass


class FieldSource(BaseModel):
    """Where a field comes from: a column, the same text for all rows, or the number of the row behind a prefix.

    `confidence` says how sure a guess is.
    """

    column: str | None = None
    constant: str | None = None
    row_number: str | None = None
    confidence: float | None = None


class SourceToSet(Asked, FieldSource):
    """One of the three ways; `confidence` may be sent back and means nothing."""

    column: str | None = Field(None, max_length=1_000)
    constant: str | None = Field(None, max_length=200)
    row_number: str | None = Field(None, max_length=60)

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        if sum(way is not None for way in (self.column, self.constant, self.row_number)) != 1:
            message = "one way"
            raise ValueError(message)
        return self


class ImportChange(Asked):
    """How the file is read; what is left out stays, `mapping` is set as a whole, further options keep their answers."""

    encoding: Encoding = Field("", description=ENCODING_WORDS)
    sheet: str = Field("", max_length=100, description=SHEET_WORDS)
    mapping: dict[Annotated[str, Field(max_length=60)], SourceToSet] = Field(
        default_factory=dict, description="By name of the field; what is not named stays empty."
    )
    options: Options = Field(default_factory=dict)


class ImportToCommit(Asked):
    """What is to be written."""

    good_rows_only: bool = Field(
        default=False, description="Leave out rows with problems instead of refusing."
    )


class ImportProgress(BaseModel):
    """How far running work is; `seconds_left` at the pace so far."""

    done: int
    percent: int
    rows_a_second: int
    seconds_left: int | None


class ImportTrouble(BaseModel):
    """Why a file cannot be used, or the work stopped."""

    code: str
    detail: str


class ImportLine(BaseModel):
    """A file on its way in; `total_rows` is an estimate until it was looked through."""

    id: UUID
    kind: str
    org_unit_id: int
    state: State
    file_name: str
    file_size: int
    good_rows_only: bool
    total_rows: int
    processed_rows: int
    bad_rows: int
    created_rows: int
    updated_rows: int
    linked_rows: int
    skipped_rows: int
    reverted_rows: int
    kept_rows: int
    progress: ImportProgress | None
    trouble: ImportTrouble | None
    created_by_id: int | None
    created_at: datetime
    updated_at: datetime
    committed_at: datetime | None


class ImportList(ListOf[ImportLine]):
    pass


class FindingCount(BaseModel):
    """How often something was found among the first thousand findings."""

    code: str
    is_warning: bool
    findings: int


class ImportRecord(ImportLine):
    """A file with how it is read and what was found in it; `has_result` and `has_report` say which files there are."""

    encoding: str
    sheet: str
    columns: list[str]
    sample_rows: list[list[str]]
    mapping: dict[str, FieldSource]
    is_mapping_remembered: bool
    options: dict[str, bool]
    finding_count: int
    findings: list[FindingCount]
    has_result: bool
    has_report: bool


class Candidate(BaseModel):
    """Somebody recorded who may be the same; `id` is null where the caller may not see who."""

    id: UUID | None
    number: int


class FindingRecord(BaseModel):
    """Something found in a row: what keeps it out, or a remark (`is_warning`)."""

    row: int
    column: str
    code: str
    detail: str
    is_warning: bool
    params: dict[str, Any]
    candidate: Candidate | None = Field(description="Where a customer is known who may be the same.")


class FindingList(ListOf[FindingRecord]):
    pass

"""Files for tests, and imports at each step."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from hearth.core.actor import Actor
from hearth.imports.kinds import Written
from hearth.imports.models import ImportJob
from hearth.imports.services import change_mapping, receive_file, start_check, start_commit
from hearth.organization.models import OrgUnit

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
ACTOR = Actor.system("test")
HEADER = "项目,楼栋,单元,房号,楼层,户型,建筑面积,标价,状态,外部编号"
ROWS = (
    "金色家园,1栋,1单元,101,1,三室两厅,89.5,200万,在售,A-1",
    "金色家园,1栋,1单元,201,2,三室两厅,89.5,205万,认购,A-2",
    "云锦府,A座,,1203,12,两室一厅,76,180万,在售,B-1",
)


def outcomes_of(written: Sequence[Written]) -> list[str]:
    """Return what became of rows."""
    return [each.outcome for each in written]


def make_file(
    folder: Path, *rows: str, header: str = HEADER, name: str = "homes.csv", encoding: str = "utf-8"
) -> Path:
    """Write a CSV file of homes."""
    path = folder / name
    path.write_text("\n".join([header, *(rows or ROWS)]) + "\n", encoding=encoding)
    return path


def make_received(path: Path, org_unit: OrgUnit, *, actor: Actor = ACTOR, encoding: str = "") -> ImportJob:
    """Receive a file of homes."""
    return receive_file(path, kind="units", org_unit=org_unit, actor=actor, now=NOW, encoding=encoding)


def make_checked(
    path: Path,
    org_unit: OrgUnit,
    *,
    options: Sequence[str] = ("create_projects",),
    actor: Actor = ACTOR,
) -> ImportJob:
    """Receive and check a file of homes with the guessed mapping."""
    job = make_received(path, org_unit, actor=actor)
    job = change_mapping(job, job.mapping, dict.fromkeys(options, True), actor=actor, now=NOW)
    return start_check(job, actor=actor, now=NOW)


def make_committing(
    path: Path,
    org_unit: OrgUnit,
    *,
    options: Sequence[str] = ("create_projects",),
    good_rows_only: bool = False,
    actor: Actor = ACTOR,
) -> ImportJob:
    """Bring a file to the point where its rows are written next."""
    job = make_checked(path, org_unit, options=options, actor=actor)
    return start_commit(job, good_rows_only=good_rows_only, actor=actor, now=NOW)

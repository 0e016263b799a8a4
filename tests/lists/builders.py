"""Saved views for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from hearth.accounts.models import User
from hearth.core.bounded import TookTooLong
from hearth.lists.models import BulkRow, BulkRun, SavedView
from hearth.organization.models import OrgUnit

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
_numbers = count(1)


def make_view(
    owner: User,
    *,
    name: str = "",
    object_key: str = "customers",
    parameters: dict[str, str] | None = None,
    team: OrgUnit | None = None,
    place: OrgUnit | None = None,
    is_locked: bool = False,
) -> SavedView:
    """Write a view of the list of customers; shared with a team or a place when one is named."""
    visibility = "team" if team else "place" if place else "private"
    view = SavedView(
        object_key=object_key,
        name=name or f"View {next(_numbers)}",
        parameters=parameters or {},
        visibility=visibility,
        org_unit=team or place,
        is_locked=is_locked,
        owner=owner,
        created_at=NOW,
        updated_at=NOW,
    )
    view.save()
    return view


def make_run(owner: User, *row_ids: UUID, person: User | None = None, object_key: str = "cases") -> BulkRun:
    """Write a change of many rows that has not begun: the assignment to a person, or to nobody."""
    run = BulkRun(
        object_key=object_key,
        action_key="assign",
        values={"person": person.pk if person else None},
        total_rows=len(row_ids),
        created_by=owner,
        created_at=NOW,
        updated_at=NOW,
    )
    run.save()
    BulkRow.objects.bulk_create([BulkRow(run=run, row_id=row_id) for row_id in row_ids])
    return run


@contextmanager
def too_slow(seconds: float) -> Iterator[None]:
    """Stand in the place of `within` before a database that has too many rows to answer in time."""
    raise TookTooLong
    yield

"""Exports for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.exports.files import path_of
from hearth.exports.models import Export
from hearth.exports.permissions import APPROVE_EXPORT, EXPORT, EXPORT_UNMASKED
from hearth.exports.policy import ROWS_ALONE
from hearth.exports.selectors import Chosen
from hearth.exports.services import ask_export, write_export
from hearth.lib.tabular import open_table
from hearth.lists.definitions import lists
from hearth.organization.models import OrgUnit, Setting
from hearth.organization.selectors import actor_for
from tests.customers.builders import make_customer
from tests.organization.builders import make_member

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
RIGHTS = (
    SIGNED_IN,
    "organization.view",
    "customers.view",
    "customers.view_contact",
    "cases.view",
    "sales.view",
    "properties.view",
    "segments.view",
    EXPORT,
    EXPORT_UNMASKED,
)
REASON = "年度回访名单"


def make_exporter(company: OrgUnit, *, without: str = "") -> User:
    """Write a user who may export what they see at a place."""
    return make_member(company, *(right for right in RIGHTS if right != without))


def actor_of(user: User) -> Actor:
    return actor_for(user, today=timezone.localdate())


def make_export(
    user: User,
    *columns: str,
    key: str = "customers",
    table_format: str = "csv",
    parameters: dict[str, str] | None = None,
    now: datetime = NOW,
    language: str = "en",
    actor: Actor | None = None,
    **chosen: Any,
) -> Export:
    """Write an export that waits for its turn."""
    actor = actor or actor_of(user)
    definition = lists[key].extended(actor)
    with override(language):
        return ask_export(
            Chosen(definition, parameters or {}, **chosen),
            columns=columns or ("name",),
            table_format=table_format,
            reason=REASON,
            actor=actor,
            now=now,
            is_queued=False,
        )


def write(export: Export, *, now: datetime = NOW) -> Export:
    """Do what the job does."""
    return write_export(Export.objects.select_related("created_by").get(pk=export.pk), now=now)


def make_held(company: OrgUnit, *, rows: int = 2) -> Export:
    """Write an export that waits for a second person, as one row is the most that one may take alone."""
    allow_alone(1)
    for number in range(rows):
        make_customer(company, name=f"客户{number}")
    return write(make_export(make_exporter(company)))


def allow_alone(rows: int) -> None:
    """Set how many rows a person may take without a second one."""
    group = OrgUnit.objects.get(depth=0)
    Setting.objects.update_or_create(
        org_unit=group, key=ROWS_ALONE.key, defaults={"value": rows, "updated_at": NOW}
    )


def make_second_person(place: OrgUnit) -> User:
    """Write a user who approves exports at a place."""
    return make_member(place, SIGNED_IN, APPROVE_EXPORT)


def content_of(export: Export) -> tuple[list[str], list[list[Any]]]:
    """Read a file back as an import would: its columns and its rows, without the one that says whose file it is."""
    columns, rows = read_back(path_of(export), export.name)
    return columns[:-1], [row[:-1] for row in rows]


def read_back(path: Path, name: str) -> tuple[list[str], list[list[Any]]]:
    """Return columns and rows of a file as the reader of imports gives them."""
    with open_table(path, name=name) as table:
        return list(table.columns), [list(row) for _number, row in table.rows()]


def names_in(export: Export) -> Sequence[str]:
    """Return the first column of a file, sorted."""
    return sorted(row[0] for row in content_of(export)[1])

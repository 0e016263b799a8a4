"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.cases.builders import make_case
from tests.lists.builders import make_run, make_view
from tests.organization.builders import make_user


def _list(company: OrgUnit) -> dict[str, Any]:
    return {"key": "customers"}


def _filter(company: OrgUnit) -> dict[str, Any]:
    return {"key": "customers", "name": "stage"}


def _view(company: OrgUnit) -> dict[str, Any]:
    return {"view_id": make_view(make_user(), place=company).pk}


def _row(company: OrgUnit) -> dict[str, Any]:
    return {"key": "cases", "row_id": make_case(company).pk}


def _beside(company: OrgUnit) -> dict[str, Any]:
    return {**_row(company), "way": "next"}


def _field(company: OrgUnit) -> dict[str, Any]:
    return {**_row(company), "name": "grade"}


def _change(company: OrgUnit) -> dict[str, Any]:
    return {"key": "cases", "action_key": "assign"}


def _open(company: OrgUnit) -> dict[str, Any]:
    return {"key": "customers", "opening_key": "merge"}


def _run(company: OrgUnit) -> dict[str, Any]:
    return {"run_id": make_run(make_user()).pk}


def _total(company: OrgUnit) -> dict[str, Any]:
    return {"key": "customers", "column_key": "homes", "figure": "sum"}


SHARED = {
    "lists:change-many",
    "lists:open-chosen",
    "lists:count",
    "lists:total",
    "lists:groups",
    "lists:new-view",
    "lists:editor",
}
SAMPLES = {
    **dict.fromkeys(["lists:count", "lists:groups", "lists:new-view"], _list),
    "lists:editor": _filter,
    "lists:total": _total,
    "lists:change-many": _change,
    "lists:open-chosen": _open,
    **dict.fromkeys(["lists:run", "lists:run-file", "lists:undo-run"], _run),
    **dict.fromkeys(["lists:peek", "lists:move"], _row),
    "lists:beside": _beside,
    **dict.fromkeys(["lists:edit-field", "lists:show-field", "lists:undo-field"], _field),
    **dict.fromkeys(
        ["lists:edit-view", "lists:save-view", "lists:delete-view", "lists:pin-view", "lists:default-view"],
        _view,
    ),
}
PREPARED = {"lists:groups": 404, "lists:run": 404, "lists:run-file": 404, "lists:undo-run": 404}

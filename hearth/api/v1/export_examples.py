"""Examples of exports."""

from hearth.api.v1.examples import RECORDED, Example, list_example

EXPORT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c31"

EXPORT: Example = {
    "id": EXPORT_ID,
    "object": "customers",
    "segment_id": None,
    "name": "Customers 2026-03-18",
    "state": "done",
    "format": "parquet",
    "columns": ["id", "name", "phone", "stage"],
    "filters": {"stage": "pre_owner,stable_owner"},
    "chosen_rows": None,
    "reason": "Yearly survey of owners",
    "total_rows": 1204,
    "written_rows": 1204,
    "cut_cells": 0,
    "size": 81920,
    "trouble": None,
    "created_at": RECORDED,
    "finished_at": RECORDED,
    "expires_at": "2026-03-25T06:30:00Z",
}
EXPORTS: Example = list_example(EXPORT)
TO_START: Example = {
    "object": "customers",
    "filters": {"stage": "pre_owner,stable_owner"},
    "columns": ["id", "name", "phone", "stage"],
    "format": "parquet",
    "reason": "Yearly survey of owners",
}
OBJECTS: Example = list_example(
    {
        "object": "customers",
        "label": "Customers",
        "columns": [
            {"key": "name", "label": "Name", "type": "text", "is_usual": True, "is_masked": False},
            {"key": "phone", "label": "Phone", "type": "text", "is_usual": True, "is_masked": True},
        ],
        "filters": [{"key": "stage", "label": "Owner stage", "kind": "choice"}],
        "orders": ["change", "name", "contact"],
    }
)

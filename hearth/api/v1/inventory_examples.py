"""Examples of batches and prices."""

from hearth.api.v1.examples import PROJECT_ID, RECORDED, UNIT_ID, Example, list_example

BATCH_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0d01"
PRICES_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0d02"
PRICE_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0d03"

BATCH: Example = {
    "id": BATCH_ID,
    "name": "First batch",
    "org_unit_id": 3,
    "project_id": PROJECT_ID,
    "permit_number": "SZ-2026-012",
    "state": "released",
    "opens_at": RECORDED,
    "approved_at": RECORDED,
    "released_at": RECORDED,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
BATCHES: Example = list_example(BATCH)
PRICE: Example = {
    "id": PRICE_ID,
    "org_unit_id": 3,
    "unit_id": UNIT_ID,
    "batch_id": BATCH_ID,
    "price_list_id": PRICES_ID,
    "version": 1,
    "valid_from_date": "2026-03-18",
    "approved_at": RECORDED,
    "floor_area": "89.50",
    "base": {"amount": "30000.00", "currency": "CNY"},
    "per_area": {"amount": "31400.00", "currency": "CNY"},
    "total": {"amount": "2810300.00", "currency": "CNY"},
    "parts": [{"label": "River view", "per_area": "900", "lump": "0"}],
    "unit": {"id": UNIT_ID, "address": "Golden Home 7 1201"},
}
PRICES: Example = list_example(PRICE)

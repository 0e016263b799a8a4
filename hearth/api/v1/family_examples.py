"""Examples of households and roles on homes."""

from hearth.api.v1.examples import CUSTOMER_ID, RECORDED, UNIT_ID, Example, list_example

HOUSEHOLD: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c13",
    "name": "Lin",
    "members": [{"id": CUSTOMER_ID, "number": 10086, "name": "Lin Yue", "household_role": "head"}],
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
HOUSEHOLDS: Example = list_example(HOUSEHOLD)

UNIT_ROLE_TO_ASSIGN: Example = {
    "customer_id": CUSTOMER_ID,
    "unit_id": UNIT_ID,
    "role": "resident",
    "valid_from": "2026-03-18",
}
UNIT_ROLE_END: Example = {"last_day": "2026-06-30"}
UNIT_ROLE: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c14",
    "customer_id": CUSTOMER_ID,
    "unit_id": UNIT_ID,
    "role": "resident",
    "valid_from": "2026-03-18",
    "valid_to": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
    "customer": {"id": CUSTOMER_ID, "number": 10086, "name": "Lin Yue"},
    "unit": {"id": UNIT_ID, "address": "Golden Home 7 1201"},
}
UNIT_ROLES: Example = list_example(UNIT_ROLE)

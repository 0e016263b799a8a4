"""Examples of places and people."""

from hearth.api.v1.examples import RECORDED, Example, list_example

PLACE: Example = {
    "id": 3,
    "parent_id": 2,
    "kind": "city_company",
    "function": "",
    "name": "Shenzhen",
    "code": "SZ",
    "is_active": True,
}
PLACES: Example = list_example(PLACE)
USER: Example = {
    "id": 17,
    "username": "lin",
    "display_name": "Lin Fang",
    "is_active": True,
    "created_at": RECORDED,
    "appointments": [
        {"org_unit_id": 3, "role": "customer_manager", "valid_from": "2026-01-01", "valid_to": None}
    ],
}
USERS: Example = list_example(USER)

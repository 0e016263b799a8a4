"""Examples of repairs."""

from hearth.api.v1.examples import RECORDED, Example, list_example

REPAIR_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e21"
SLOT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e22"
CASE_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e23"
UNIT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e24"
VISIT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e25"
KEY = "5f0c6b1e-1d7a-4c0e-9a55-2f3d9a1b0e26"

REPAIR_TO_ORDER: Example = {
    "unit_id": UNIT_ID,
    "part": "wet_room",
    "fault": "The bathroom leaks into the flat below",
    "contractor": "Builder Three",
}
REPAIR: Example = {
    "id": REPAIR_ID,
    "number": 1042,
    "org_unit_id": 3,
    "case_id": CASE_ID,
    "unit_id": UNIT_ID,
    "part": "wet_room",
    "fault": "The bathroom leaks into the flat below",
    "cause_id": None,
    "is_in_warranty": True,
    "warranty_until_date": "2028-12-20",
    "warranty_source": "builder",
    "contractor": "Builder Three",
    "state": "booked",
    "engineer_id": 41,
    "slot_id": SLOT_ID,
    "dispatched_at": RECORDED,
    "arrived_at": None,
    "finished_at": None,
    "signed_at": None,
    "repeat_of_id": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
REPAIRS: Example = list_example(REPAIR)
FREE_SLOTS: Example = {
    "slots": [
        {
            "id": SLOT_ID,
            "engineer_id": 41,
            "starts_at": "2026-03-19T01:00:00Z",
            "ends_at": "2026-03-19T02:30:00Z",
            "capacity": 1,
            "taken": 0,
        }
    ]
}
REPAIR_TO_BOOK: Example = {"slot_id": SLOT_ID}
VISIT_TO_REPORT: Example = {
    "key": KEY,
    "came_at": "2026-03-19T01:10:00Z",
    "note": "Waterproofing renewed",
    "is_finished": True,
}
VISIT: Example = {
    "id": VISIT_ID,
    "order_id": REPAIR_ID,
    "engineer_id": 41,
    **VISIT_TO_REPORT,
    "created_at": RECORDED,
}

"""Examples of holds, numbers in queues and openings."""

from hearth.api.v1.examples import CUSTOMER_ID, RECORDED, UNIT_ID, Example, list_example
from hearth.api.v1.inventory_examples import BATCH_ID

TO_HOLD: Example = {"customer_id": CUSTOMER_ID}
HOLD: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0d11",
    "org_unit_id": 3,
    "unit_id": UNIT_ID,
    "customer_id": CUSTOMER_ID,
    "held_by_id": 17,
    "kind": "hold",
    "expires_at": RECORDED,
    "ended_at": None,
    "outcome": "",
    "deposit": None,
    "sign_by_date": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
HOLDS: Example = list_example(HOLD)
TO_QUEUE: Example = {"customer_id": CUSTOMER_ID, "amount": "50000.00"}
NUMBER: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0d12",
    "org_unit_id": 3,
    "batch_id": BATCH_ID,
    "number": 12,
    "customer_id": CUSTOMER_ID,
    "state": "waiting",
    "amount": {"amount": "50000.00", "currency": "CNY"},
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
NUMBERS: Example = list_example(NUMBER)
OPENING: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0d13",
    "org_unit_id": 3,
    "batch_id": BATCH_ID,
    "state": "running",
    "called_to": 40,
    "rounds": 4,
    "closed_at": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
OPENINGS: Example = list_example(OPENING)

"""Examples of changes of contracts."""

from hearth.api.v1.examples import RECORDED, Example, list_example
from hearth.api.v1.sales_examples import CONTRACT_ID

CHANGE_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c21"

CHANGE_TO_ASK: Example = {
    "kind": "discount",
    "reason": "A home of the same floor was sold for less.",
    "total_amount": "2080000.00",
}
DECISION: Example = {"comment": "As agreed with the city company."}
CHANGE: Example = {
    "id": CHANGE_ID,
    "org_unit_id": 3,
    "contract_id": CONTRACT_ID,
    "kind": "discount",
    "state": "submitted",
    "reason": "A home of the same floor was sold for less.",
    "asked_by_id": 17,
    "asked_version": 1,
    "customer_id": None,
    "unit_id": None,
    "difference": {"amount": "-20000.00", "currency": "CNY"},
    "penalty": {"amount": "0.00", "currency": "CNY"},
    "fee": {"amount": "0.00", "currency": "CNY"},
    "refund": {"amount": "0.00", "currency": "CNY"},
    "lapses_at": RECORDED,
    "closed_at": None,
    "new_contract_id": None,
    "steps": [
        {
            "position": 1,
            "org_unit_id": 3,
            "state": "waiting",
            "due_at": RECORDED,
            "decided_by_id": None,
            "decided_at": None,
            "comment": "",
        }
    ],
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
CHANGES: Example = list_example(CHANGE)

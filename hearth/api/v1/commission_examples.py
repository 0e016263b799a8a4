"""Examples of rules of commission and of settlements."""

from hearth.api.v1.broker_examples import PARTNER_ID, REGISTRATION_ID
from hearth.api.v1.examples import PROJECT_ID, RECORDED, Example, list_example

RULE_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0f05"
SETTLEMENT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0f06"
LINE_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0f07"
CONTRACT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0f08"

RULE: Example = {
    "id": RULE_ID,
    "org_unit_id": 3,
    "project_id": PROJECT_ID,
    "partner_id": None,
    "version": 1,
    "kind": "percent",
    "steps": [{"from_deal": 1, "rate": "1.50"}, {"from_deal": 6, "rate": "2.00"}],
    "payable_percent": "30.00",
    "valid_from_date": "2026-01-01",
    "valid_until_date": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
RULES: Example = list_example(RULE)
SETTLEMENT: Example = {
    "id": SETTLEMENT_ID,
    "org_unit_id": 3,
    "partner_id": PARTNER_ID,
    "number": 7,
    "state": "paid",
    "total": {"amount": "31500.00", "currency": "CNY"},
    "lines": [
        {
            "id": LINE_ID,
            "registration_id": REGISTRATION_ID,
            "contract_id": CONTRACT_ID,
            "rule_id": RULE_ID,
            "reverses_id": None,
            "deal": 1,
            "rate": "1.50",
            "total": {"amount": "2100000.00", "currency": "CNY"},
            "commission": {"amount": "31500.00", "currency": "CNY"},
        }
    ],
    "approved_at": RECORDED,
    "payment_number": "FK-2026-0042",
    "paid_date": "2026-04-20",
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
SETTLEMENTS: Example = list_example(SETTLEMENT)

"""Examples of contracts and payments."""

from hearth.api.v1.examples import CUSTOMER_ID, RECORDED, UNIT_ID, Example, list_example

CONTRACT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c09"
PAYMENT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c10"

CONTRACT_TO_SIGN: Example = {
    "unit_id": UNIT_ID,
    "customer_id": CUSTOMER_ID,
    "number": "SZ-2026-0117",
    "signed_date": "2026-03-18",
    "total_amount": "2100000.00",
}
CONTRACT: Example = {
    "id": CONTRACT_ID,
    "number": "SZ-2026-0117",
    "org_unit_id": 3,
    "customer_id": CUSTOMER_ID,
    "unit_id": UNIT_ID,
    "state": "signed",
    "signed_date": "2026-03-18",
    "total": {"amount": "2100000.00", "currency": "CNY"},
    "received": {"amount": "630000.00", "currency": "CNY"},
    "outstanding": {"amount": "1470000.00", "currency": "CNY"},
    "created_at": RECORDED,
    "updated_at": RECORDED,
    "customer": {"id": CUSTOMER_ID, "number": 10086, "name": "Lin Yue"},
    "unit": {"id": UNIT_ID, "address": "Golden Home 7 1201"},
}
CONTRACT_WHOLE: Example = {**CONTRACT, "custom": {"notary": "second office"}}
CONTRACTS: Example = list_example(CONTRACT)

PAYMENT_TO_RECEIVE: Example = {
    "contract_id": CONTRACT_ID,
    "receipt_number": "R-20260318-4",
    "paid_date": "2026-03-18",
    "amount": "630000.00",
}
PAYMENT: Example = {
    "id": PAYMENT_ID,
    "receipt_number": "R-20260318-4",
    "org_unit_id": 3,
    "customer_id": CUSTOMER_ID,
    "contract_id": CONTRACT_ID,
    "paid_date": "2026-03-18",
    "amount": {"amount": "630000.00", "currency": "CNY"},
    "subject": "",
    "created_at": RECORDED,
    "updated_at": RECORDED,
    "customer": {"id": CUSTOMER_ID, "number": 10086, "name": "Lin Yue"},
}
PAYMENTS: Example = list_example(PAYMENT)

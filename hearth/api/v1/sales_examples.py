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
    "filing_number": "",
    "filed_date": None,
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

PLAN_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c11"
INSTALMENT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c12"
PLAN_TO_MAKE: Example = {
    "name": "Mortgage, thirty percent down",
    "method": "mortgage",
    "instalments": [
        {"kind": "down", "amount": "630000.00", "due_date": "2026-03-18"},
        {"kind": "mortgage", "amount": "1470000.00", "due_date": "2026-05-17"},
    ],
}
INSTALMENT: Example = {
    "id": INSTALMENT_ID,
    "position": 1,
    "kind": "down",
    "due_date": "2026-03-18",
    "stage": "",
    "days_after": 0,
    "amount": {"amount": "630000.00", "currency": "CNY"},
    "paid": {"amount": "630000.00", "currency": "CNY"},
    "open": {"amount": "0.00", "currency": "CNY"},
    "standing": "paid",
}
PLAN: Example = {
    "id": PLAN_ID,
    "contract_id": CONTRACT_ID,
    "version": 1,
    "name": "Mortgage, thirty percent down",
    "method": "mortgage",
    "reason": "",
    "unallocated": {"amount": "0.00", "currency": "CNY"},
    "instalments": [INSTALMENT],
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
RECEIVABLE: Example = {
    **INSTALMENT,
    "contract_id": CONTRACT_ID,
    "customer_id": CUSTOMER_ID,
    "org_unit_id": 3,
    "paid": {"amount": "130000.00", "currency": "CNY"},
    "open": {"amount": "500000.00", "currency": "CNY"},
    "standing": "partly",
    "days_overdue": 12,
    "updated_at": RECORDED,
}
RECEIVABLES: Example = list_example(RECEIVABLE)

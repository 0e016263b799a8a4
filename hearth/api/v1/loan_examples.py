"""Examples of the filing of contracts and of mortgage loans."""

from hearth.api.v1.examples import RECORDED, Example, list_example
from hearth.api.v1.sales_examples import CONTRACT, CONTRACT_ID

FILING: Example = {"filing_number": "WQ2026000318", "filed_date": "2026-03-18"}
FILED: Example = {**CONTRACT, "state": "filed", **FILING}
LOAN_TO_BEGIN: Example = {
    "bank": "Bank of the City",
    "kind": "commercial",
    "amount": "1470000.00",
    "applied_date": "2026-03-18",
}
STEP: Example = {"step": "documents", "done_date": "2026-03-18"}
GIVE_UP: Example = {"because": "The bank refused."}
LOAN: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0f01",
    "org_unit_id": 3,
    "contract_id": CONTRACT_ID,
    "bank": "Bank of the City",
    "kind": "commercial",
    "applied_for": {"amount": "1470000.00", "currency": "CNY"},
    "approved": None,
    "released": None,
    "steps": [{"step": "applied", "done_date": "2026-03-18"}],
    "ended_date": None,
    "ended_because": "",
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
LOANS: Example = list_example(LOAN)

"""Examples of texts of contracts."""

from hearth.api.v1.examples import CUSTOMER_ID, RECORDED, Example, list_example
from hearth.api.v1.sales_examples import CONTRACT_ID

TEXT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e01"
TEMPLATE_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e02"

TEXT_TO_DRAFT: Example = {"kind": "contract"}
TEXT: Example = {
    "id": TEXT_ID,
    "org_unit_id": 3,
    "contract_id": CONTRACT_ID,
    "template_id": TEMPLATE_ID,
    "kind": "contract",
    "version": 1,
    "title": "Sale of a home",
    "state": "given",
    "digest": "9f2c4e1ab0d34c7f9f2c4e1ab0d34c7f9f2c4e1ab0d34c7f9f2c4e1ab0d34c7f",
    "check_code": "4B1C-09AE-77D2",
    "approved_at": None,
    "given_at": RECORDED,
    "signed_date": None,
    "superseded_at": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
TEXTS: Example = list_example(TEXT)
TEMPLATE: Example = {
    "id": TEMPLATE_ID,
    "org_unit_id": 3,
    "project_id": None,
    "kind": "contract",
    "version": 2,
    "title": "Sale of a home",
    "state": "approved",
    "in_force_date": "2026-03-01",
    "approved_at": RECORDED,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
TEMPLATES: Example = list_example(TEMPLATE)
CHECK: Example = {
    "text_id": TEXT_ID,
    "is_sound": False,
    "findings": [
        {
            "code": "departs",
            "position": 4,
            "heading": "Handover",
            "detail": "Departs from the standard words; a second person approves it.",
            "can_be_approved": True,
        }
    ],
}
READINGS: Example = {
    "text_id": TEXT_ID,
    "marked_clauses": 2,
    "readings": [
        {
            "customer_id": CUSTOMER_ID,
            "opened_at": RECORDED,
            "confirmed_clauses": 2,
            "confirmed_at": RECORDED,
            "how": "phone",
        }
    ],
}

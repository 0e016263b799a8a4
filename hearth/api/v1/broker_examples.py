"""Examples of partners and of what brokers register."""

from hearth.api.v1.examples import CUSTOMER_ID, PROJECT_ID, RECORDED, Example, list_example

PARTNER_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0f01"
BROKER_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0f02"
REGISTRATION_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0f03"
LEAD_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0f04"

PARTNER: Example = {
    "id": PARTNER_ID,
    "org_unit_id": 3,
    "kind": "agency",
    "name": "Harbour Estates",
    "active_from_date": "2026-01-01",
    "active_until_date": None,
    "brokers": [
        {
            "id": BROKER_ID,
            "name": "Chen",
            "customer_id": None,
            "active_from_date": "2026-01-01",
            "active_until_date": None,
        }
    ],
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
PARTNERS: Example = list_example(PARTNER)
REGISTRATION: Example = {
    "id": REGISTRATION_ID,
    "org_unit_id": 3,
    "project_id": PROJECT_ID,
    "partner_id": PARTNER_ID,
    "broker_id": BROKER_ID,
    "customer_name": "Wang Xiaoming",
    "phone": "138****5678",
    "is_hidden": False,
    "planned_date": "2026-03-20",
    "state": "visited",
    "because": "",
    "protected_until_at": "2026-04-20T16:00:00Z",
    "way": "api",
    "customer_id": CUSTOMER_ID,
    "lead_id": LEAD_ID,
    "visited_at": RECORDED,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
REGISTRATIONS: Example = list_example(REGISTRATION)
TO_REGISTER: Example = {
    "broker_id": BROKER_ID,
    "project_id": PROJECT_ID,
    "customer_name": "Wang Xiaoming",
    "phone": "13812345678",
    "planned_date": "2026-03-20",
    "has_consent": True,
}

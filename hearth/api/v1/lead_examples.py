"""Examples of leads."""

from hearth.api.v1.examples import CUSTOMER_ID, PROJECT_ID, RECORDED, Example, list_example

LEAD_TO_RECORD: Example = {
    "org_unit": "SZ",
    "project_id": PROJECT_ID,
    "name": "Lin Yue",
    "phone": "13912345678",
    "source": "web",
    "source_detail": "Spring page",
    "grade": "B",
    "note": "Asked for a plan of the three-bedroom homes",
}
LEAD: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c41",
    "org_unit_id": 3,
    "customer_id": CUSTOMER_ID,
    "project_id": PROJECT_ID,
    "source": "web",
    "source_detail": "Spring page",
    "grade": "B",
    "grade_scheme": "intention",
    "state": "open",
    "stage": "enquiry",
    "lost_because": None,
    "lost_reason": "",
    "win_back_date": None,
    "consultant_id": None,
    "next_step": "Call back",
    "next_step_date": "2026-04-02",
    "last_contact_at": RECORDED,
    "closed_at": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
    "customer": {"id": CUSTOMER_ID, "number": 10086, "name": "Lin Yue"},
}
LEADS: Example = list_example(LEAD)
LEAD_TAKEN: Example = {**LEAD, "is_new": True}

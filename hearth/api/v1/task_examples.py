"""Examples of tasks."""

from hearth.api.v1.examples import CASE_ID, CUSTOMER_ID, RECORDED, Example, list_example

TASK: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c31",
    "title": "Call back about the wet ceiling",
    "note": "",
    "org_unit_id": 3,
    "assignee_id": 17,
    "role": None,
    "customer_id": CUSTOMER_ID,
    "about_kind": "case",
    "about_id": CASE_ID,
    "due_date": "2026-03-20",
    "priority": 2,
    "state": "open",
    "reason": "",
    "created_by_id": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
    "closed_at": None,
    "customer": {"id": CUSTOMER_ID, "number": 10086, "name": "Lin Yue"},
}
TASKS: Example = list_example(TASK)

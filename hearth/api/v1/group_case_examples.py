"""Examples of group complaints."""

from hearth.api.v1.examples import (
    CASE_ID,
    CUSTOMER_ID,
    PROJECT_ID,
    RECORDED,
    UNIT_ID,
    Example,
    list_example,
)

GROUP_CASE_TO_OPEN: Example = {
    "project_id": PROJECT_ID,
    "case_ids": [CASE_ID],
    "title": "Leaking windows in block 7",
    "topic": "Leak",
    "demand": "All windows of the block checked and sealed",
}
CASES_TO_ADD: Example = {"case_ids": [CASE_ID]}
SIGN_TO_NOTE: Example = {"what": "banners", "note": "At the sales office"}
_GROUP_CASE: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c61",
    "number": 7,
    "org_unit_id": 3,
    "project_id": PROJECT_ID,
    "kind": "complaint",
    "topic": "Leak",
    "cause": "construction-leak",
    "title": "Leaking windows in block 7",
    "demand": "All windows of the block checked and sealed",
    "state": "open",
    "level": "",
    "households": 1,
    "opened_at": RECORDED,
    "closed_at": None,
    "outcome": "",
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
GROUP_CASES: Example = list_example(_GROUP_CASE)
GROUP_CASE_WHOLE: Example = {
    **_GROUP_CASE,
    "members": [
        {
            "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c62",
            "customer_id": CUSTOMER_ID,
            "unit_id": UNIT_ID,
            "is_representative": True,
            "joined_at": RECORDED,
            "case_ids": [CASE_ID],
            "settlement": "settled",
            "paid": {"amount": "3000.00", "currency": "CNY"},
        }
    ],
    "anonymous_case_ids": [],
}

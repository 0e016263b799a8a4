"""Examples of the registers of data protection."""

from hearth.api.v1.examples import RECORDED, Example, list_example

INCIDENT_TO_REPORT: Example = {
    "org_unit": "SZ",
    "title": "A list of visitors was sent to a wrong address",
    "account": "By mail, noticed by the receiver.",
    "data_kinds": ["name"],
    "persons": 120,
    "found_at": RECORDED,
}
REPORTED: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c51",
    "number": 12,
    "org_unit_id": 3,
    "title": "A list of visitors was sent to a wrong address",
    "account": "By mail, noticed by the receiver.",
    "data_kinds": ["name"],
    "persons": 120,
    "state": "reported",
    "is_major": False,
    "found_at": RECORDED,
    "reported_by_id": 17,
    "handler_id": None,
    "authority_due_at": None,
    "authority_told_at": None,
    "persons_due_at": "2026-03-21T06:30:00Z",
    "notice": None,
    "notice_because": None,
    "cause": None,
    "measures": None,
    "closed_at": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
INCIDENT: Example = {
    **REPORTED,
    "state": "handled",
    "handler_id": 4,
    "notice": "told",
    "notice_because": "by the approved letter",
    "cause": "",
    "measures": "",
}
INCIDENTS: Example = list_example(INCIDENT)
ASSESSMENT: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c52",
    "number": 3,
    "version": 1,
    "org_unit_id": 1,
    "name": "Profiles of customers",
    "triggers": ["automated"],
    "answers": {"purpose": "To address each customer with what fits."},
    "risk": "medium",
    "measures": "Whoever refuses has no score.",
    "review_date": "2027-03-18",
    "state": "approved",
    "owner_id": 4,
    "author_id": 4,
    "editor_id": 4,
    "approved_by_id": 5,
    "approved_at": RECORDED,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
ASSESSMENTS: Example = list_example(ASSESSMENT)
PROCESSORS: Example = list_example(
    {
        "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c53",
        "org_unit_id": 1,
        "name": "Shunda Logistics",
        "role": "entrusted",
        "purpose": "Sends contracts and gifts",
        "data_kinds": ["name", "address"],
        "duties": "Secrecy; deletion at the end.",
        "contract_begin_date": "2026-01-01",
        "contract_end_date": "2026-12-31",
        "assessment_id": None,
        "owner_id": 4,
        "ended_date": None,
        "proof": "",
        "created_at": RECORDED,
        "updated_at": RECORDED,
    }
)
AUDITS: Example = list_example(
    {
        "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c54",
        "org_unit_id": 1,
        "done_date": "2026-03-01",
        "auditor": "An accounting firm",
        "subject": "All handling of personal data",
        "findings": "Rights too wide",
        "user_id": 4,
        "created_at": RECORDED,
        "updated_at": RECORDED,
    }
)

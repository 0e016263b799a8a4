"""Examples of contacts and consents."""

from hearth.api.v1.examples import CUSTOMER_ID, RECORDED, Example, list_example

INTERACTION_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c11"
CONSENT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c12"

INTERACTION_TO_RECORD: Example = {
    "customer_id": CUSTOMER_ID,
    "org_unit": "SZ",
    "channel": "phone",
    "direction": "inbound",
    "summary": "Asked when the second phase opens",
}
INTERACTION: Example = {
    "id": INTERACTION_ID,
    "org_unit_id": 3,
    "customer_id": CUSTOMER_ID,
    "project_id": None,
    "channel": "phone",
    "direction": "inbound",
    "summary": "Asked when the second phase opens",
    "body": "",
    "is_sensitive": False,
    "is_masked": False,
    "occurred_at": RECORDED,
    "recorded_by_id": 17,
    "external_key": "",
    "created_at": RECORDED,
    "updated_at": RECORDED,
    "customer": {"id": CUSTOMER_ID, "number": 10086, "name": "Lin Yue"},
}
INTERACTIONS: Example = list_example(INTERACTION)

CONSENT_TO_RECORD: Example = {
    "purpose": "marketing",
    "channel": "email",
    "decision": "given",
    "how": "signed form",
}
CONSENT: Example = {
    "id": CONSENT_ID,
    "customer_id": CUSTOMER_ID,
    "purpose": "marketing",
    "channel": "email",
    "decision": "given",
    "decided_at": RECORDED,
    "how": "signed form",
    "evidence": "form 2026-0318-07",
    "guardian_id": None,
    "text_version": 1,
    "recorded_by_id": 17,
    "created_at": RECORDED,
}
CONSENTS: Example = list_example(CONSENT)

PERSON_REQUEST_TO_NOTE: Example = {"kind": "access", "wish": "Please tell me what you hold of me."}
PERSON_REQUEST: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c77",
    "number": 42,
    "customer_id": CUSTOMER_ID,
    "org_unit_id": 3,
    "kind": "access",
    "state": "received",
    "came_by": "api",
    "received_at": RECORDED,
    "due_date": "2026-04-08",
    "limit_date": "2026-04-17",
    "identified_at": None,
    "closed_at": None,
    "handler_id": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
PERSON_REQUESTS: Example = list_example(PERSON_REQUEST)

"""Examples of a batch."""

from hearth.api.v1.examples import CASE_ID, CASE_WHOLE, Example

BATCH: Example = {
    "atomic": True,
    "operations": [
        {
            "id": "case",
            "method": "POST",
            "path": "/cases",
            "headers": {"Idempotency-Key": "400-20260318-18"},
            "body": {
                "org_unit": "SZ",
                "title": "Lift stands",
                "body": "Since the morning.",
                "kind": "repair",
            },
        },
        {"id": "me", "method": "GET", "path": "/me?fields=username", "headers": {}, "body": None},
    ],
}
RESULTS: Example = {
    "committed": True,
    "results": [
        {
            "id": "case",
            "status": 201,
            "headers": {"Location": f"/api/v1/cases/{CASE_ID}"},
            "body": {name: value for name, value in CASE_WHOLE.items() if name not in {"customer", "unit"}},
        },
        {"id": "me", "status": 200, "headers": {}, "body": {"username": "integration"}},
    ],
}

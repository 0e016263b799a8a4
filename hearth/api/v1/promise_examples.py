"""Examples of disclosures and promises."""

from hearth.api.v1.examples import CUSTOMER_ID, PROJECT_ID, RECORDED, UNIT_ID, Example, list_example

DISCLOSURE_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e01"
ACKNOWLEDGEMENT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e02"
PROMISE_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e03"

DISCLOSURE: Example = {
    "id": DISCLOSURE_ID,
    "org_unit_id": 3,
    "project_id": PROJECT_ID,
    "kind": "adverse_factors",
    "version": 2,
    "heading": "Adverse factors of Golden Home",
    "body": "What lies inside and outside the red line.",
    "closing": "Read this before you sign.",
    "signatory": "Golden Home Ltd",
    "signed_date": "2026-03-18",
    "state": "published",
    "approved_at": RECORDED,
    "published_at": RECORDED,
    "superseded_at": None,
    "factors": [
        {
            "side": "off_site",
            "kind": "substation",
            "direction": "east",
            "distance": 120,
            "effect": "A substation of 110 kV lies east of building 2.",
            "is_in_annex": False,
        }
    ],
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
DISCLOSURES: Example = list_example(DISCLOSURE)
ACKNOWLEDGEMENT_TO_NOTE: Example = {
    "customer_id": CUSTOMER_ID,
    "unit_id": UNIT_ID,
    "how": "online",
    "acknowledged_date": "2026-03-18",
    "proof": "Consent record 20260318-7 of the app",
}
ACKNOWLEDGEMENT: Example = {
    "id": ACKNOWLEDGEMENT_ID,
    "disclosure_id": DISCLOSURE_ID,
    "customer_id": CUSTOMER_ID,
    "unit_id": UNIT_ID,
    "how": "online",
    "acknowledged_date": "2026-03-18",
    "proof": "Consent record 20260318-7 of the app",
    "created_at": RECORDED,
}
PROMISE: Example = {
    "id": PROMISE_ID,
    "org_unit_id": 3,
    "project_id": PROJECT_ID,
    "title": "A club house of 1,200 m²",
    "wording": "Some 1,200 m² of club house for the owners.",
    "source": "brochure",
    "source_detail": "First edition, page 12",
    "audience": "buyers",
    "made_date": "2026-01-10",
    "due_date": "2027-12-31",
    "department_id": 3,
    "is_for_whole_project": True,
    "state": "open",
    "decided_date": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
PROMISES: Example = list_example(PROMISE)
PROMISE_TO_RECORD: Example = {
    "project_id": PROJECT_ID,
    "title": "A club house of 1,200 m²",
    "source": "brochure",
    "source_detail": "First edition, page 12",
    "audience": "buyers",
    "made_date": "2026-01-10",
    "due_date": "2027-12-31",
    "department": "SZ",
}

"""Examples of segments and campaigns."""

from hearth.api.v1.examples import CUSTOMER_ID, RECORDED, Example, list_example

SEGMENT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c15"
CAMPAIGN_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c16"

SEGMENT: Example = {
    "id": SEGMENT_ID,
    "org_unit_id": 3,
    "name": "Owners who may buy again",
    "description": "",
    "rule": {"field": "owner_stage", "op": "in", "value": ["stable_owner"]},
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
SEGMENTS: Example = list_example(SEGMENT)
COUNT: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c17",
    "segment_id": SEGMENT_ID,
    "size": 1204,
    "snapshot_taken_at": RECORDED,
    "has_members": True,
    "seconds": 0.4,
    "created_at": RECORDED,
}
COUNTS: Example = list_example(COUNT)
MEMBERS: Example = list_example({"id": CUSTOMER_ID, "number": 10086, "name": "Lin Yue"})

CAMPAIGN: Example = {
    "id": CAMPAIGN_ID,
    "org_unit_id": 3,
    "name": "Second home",
    "goal": "Visits of the second phase",
    "hypothesis": "A personal invitation brings more visits.",
    "segment_id": SEGMENT_ID,
    "purpose_code": "marketing",
    "state": "finished",
    "main_outcome": "response",
    "window_days": 14,
    "starts_at": RECORDED,
    "ends_at": RECORDED,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
CAMPAIGNS: Example = list_example(CAMPAIGN)
CAMPAIGN_RESULTS: Example = {
    "campaign_id": CAMPAIGN_ID,
    "members": 2000,
    "addressed": 1000,
    "excluded": {"no_consent": 12},
    "arms": [
        {
            "treatment_id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c18",
            "name": "Invitation",
            "is_control": False,
            "size": 1000,
            "households": 1000,
            "verdict": "proven_better",
            "outcomes": [
                {
                    "outcome": "response",
                    "mean": 0.09,
                    "effect": {"difference": 0.04, "low": 0.02, "high": 0.06, "p_value": 0.0004},
                }
            ],
        }
    ],
}

"""An example of every answer and body; tests hold them to the schemas and send the bodies."""

from typing import Any

Example = dict[str, Any]

CUSTOMER_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c01"
UNIT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c02"
PROJECT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c03"
BUILDING_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c04"
CASE_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c05"
CONTACT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c06"
EVENT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c07"
RECORDED = "2026-03-18T06:30:00Z"


def list_example(row: Example) -> Example:
    return {"data": [row], "page": {"next": None, "limit": 50, "estimated_total": 1}}


CUSTOMER_TO_CREATE: Example = {
    "name": "Lin Yue",
    "org_unit": "SZ",
    "kind": "person",
    "phones": ["13912345678"],
    "emails": ["lin.yue@example.com"],
    "addresses": [],
    "sex": "female",
    "birth_date": "1988-06-01",
    "source": "walk_in",
    "external_key": "CRM-10086",
}
CUSTOMER_CHANGE: Example = {"occupation": "teacher", "note": "Prefers to be called in the evening."}

_SHARED: Example = {
    "id": CUSTOMER_ID,
    "number": 10086,
    "kind": "person",
    "name": "Lin Yue",
    "source": "walk_in",
    "external_key": "CRM-10086",
    "responsible_id": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
    "last_contact_at": None,
    "completeness": 57,
}
CUSTOMERS: Example = list_example(
    {
        **_SHARED,
        "phone": {"text": "139****5678", "is_masked": True},
        "owner_stage": "stable_owner",
        "value_tier": "medium",
        "homes": 1,
        "places": ["Shenzhen"],
        "household_id": None,
    }
)
CUSTOMER: Example = {
    **_SHARED,
    "sex": "female",
    "birth_date": "1988-06-01",
    "identity_number": None,
    "occupation": "",
    "household_role": "",
    "note": "",
    "custom": {"parking": "two cars"},
    "contacts": [
        {
            "id": CONTACT_ID,
            "kind": "phone",
            "text": "139****5678",
            "is_masked": True,
            "label": "",
            "is_primary": True,
            "is_valid": True,
        }
    ],
    "household": None,
    "homes": [
        {
            "unit_id": UNIT_ID,
            "address": "Golden Home 7 1201",
            "role": "owner",
            "valid_from": "2024-05-01",
            "valid_to": None,
        }
    ],
    "profile": {
        "scored_at": RECORDED,
        "owner_stage": "stable_owner",
        "value_tier": "medium",
        "portfolio_action": "keep",
        "recency_days": 12,
        "purchase_recency_days": 400,
        "frequency": 3,
        "monetary": {"amount": "2100000.00", "currency": "CNY"},
        "open_complaints": 0,
        "homes": 1,
        "explanation": {},
        "figures": [
            {
                "code": "value_tier",
                "label": "Value tier",
                "value": "medium",
                "why": "¥2,100,000 in 1,095 days lies above ¥1,500,000, where this tier begins.",
                "computed_at": RECORDED,
                "rules_of_at": RECORDED,
            }
        ],
    },
    "profiling_refused_at": None,
    "places": ["Shenzhen"],
}

_UNIT: Example = {
    "id": UNIT_ID,
    "number": "1201",
    "address": "Golden Home 7 1201",
    "org_unit_id": 3,
    "project_id": PROJECT_ID,
    "building_id": BUILDING_ID,
    "entrance_id": None,
    "floor": 12,
    "layout": "3-2-2",
    "orientation": "S",
    "fit_out": "",
    "floor_area": "118.50",
    "list_price": {"amount": "2100000.00", "currency": "CNY"},
    "built_year": 2024,
    "state": "delivered",
    "handover_date": "2024-05-01",
    "external_key": "",
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
UNITS: Example = list_example(_UNIT)
UNIT: Example = {
    **_UNIT,
    "custom": {"balcony": "closed"},
    "customers": [
        {"customer_id": CUSTOMER_ID, "role": "owner", "valid_from": "2024-05-01", "valid_to": None}
    ],
}

CASE_TO_OPEN: Example = {
    "org_unit": "SZ",
    "title": "Water in the hall",
    "body": "The ceiling of the hall has been wet since Monday.",
    "kind": "repair",
    "channel": "phone",
    "external_key": "400-20260318-17",
}
CASE: Example = {
    "id": CASE_ID,
    "number": 512,
    "org_unit_id": 3,
    "external_key": "400-20260318-17",
    "customer_id": CUSTOMER_ID,
    "project_id": None,
    "unit_id": None,
    "kind": "repair",
    "grade": "ordinary",
    "state": "open",
    "channel": "phone",
    "topic": "",
    "title": "Water in the hall",
    "body": "The ceiling of the hall has been wet since Monday.",
    "reply": "",
    "assignee_id": None,
    "opened_at": RECORDED,
    "answered_at": None,
    "dispatched_at": None,
    "visited_at": None,
    "closed_at": None,
    "called_back_at": None,
    "is_satisfied": None,
    "households": None,
    "group_level": "",
    "created_at": RECORDED,
    "updated_at": RECORDED,
    "customer": {"id": CUSTOMER_ID, "number": 10086, "name": "Lin Yue"},
    "unit": None,
}
CASE_CLOCK: Example = {
    "step": "answer",
    "state": "running",
    "started_at": RECORDED,
    "due_at": "2026-03-18T07:30:00Z",
    "stopped_at": None,
    "promised_minutes": 60,
    "counting": "daily_hours",
    "elapsed_minutes": 12,
    "paused_minutes": 0,
    "words": "First answer within 1 h of the opening hours of every day, counted from 2026-03-18 14:30. "
    "Due 2026-03-18 15:30; 48 min are left.",
}
CASE_PAUSE: Example = {"reason": "papers", "note": "Pictures of the ceiling"}
CASE_CALL_BACK: Example = {"rating": 5, "note": "All dry since."}
CASE_SETTLEMENT: Example = {
    "solution": "The pipe was changed and the ceiling painted.",
    "outcome": "agreed",
    "cause": "construction-leak",
    "party": "contractor",
    "party_name": "Sanjian",
    "proof": "Form signed by three parties, folder 12",
    "has_no_cost": False,
}
CASE_COST: Example = {"kind": "repair", "amount": "1200.00", "is_charged": True, "note": "Pipe and paint"}
CUSTOM_CHANGE: Example = {"custom": {"balcony": "open", "keys": None}}
CASE_ACCOUNT: Example = {
    "happened_date": "2026-03-17",
    "spot": "Bathroom of the guests, below the window",
    "persons": "The family above",
    "course": "Water came through the ceiling in the night and again in the morning.",
    "reason": "The seal of the shower above is broken.",
    "demand": "repair",
    "demand_note": "Dry ceiling, painted anew",
    "expected_date": "2026-03-25",
    "others": "The flat below",
    "category": "construction-leak",
}
CASE_WHOLE: Example = {
    **CASE,
    "custom": {"insured": True},
    "clocks": [CASE_CLOCK],
    "account": CASE_ACCOUNT,
}
ANSWER: Example = {"reply": "A plumber comes on Thursday morning."}
CASE_CHANGE: Example = {"grade": "important"}
CASES: Example = list_example(CASE)

_EVENT: Example = {
    "id": EVENT_ID,
    "type": "customer.created",
    "occurred_at": RECORDED,
    "recorded_at": RECORDED,
    "org_unit_id": 3,
    "customer_id": CUSTOMER_ID,
    "household_id": None,
    "unit_id": None,
    "project_id": None,
    "subject_id": None,
    "actor_kind": "api",
    "channel": "",
    "payload": {"kind": "person", "source": "walk_in"},
}
EVENTS: Example = {
    "data": [_EVENT],
    "page": {"next": "WzQ4MTcsMTA4Nl0:1w2abc:signature", "limit": 50, "estimated_total": None},
}
TIMELINE: Example = list_example(
    {**_EVENT, "label": "Customer recorded", "family": "customer", "amount": None, "summary": "", "body": ""}
)

ME: Example = {
    "user_id": 17,
    "username": "integration",
    "display_name": "Integration",
    "language": "en",
    "token": {
        "name": "Call centre",
        "prefix": "hearth_Ab12Cd",
        "can_write": True,
        "rights": ["cases.change", "cases.view"],
        "networks": ["10.1.0.0/16"],
        "expires_at": "2027-03-18T06:30:00Z",
    },
    "rights": [{"permission": "customers.view", "everywhere": False, "org_unit_ids": [3, 5]}],
}

"""Examples of competitors, market events and the funnel."""

from hearth.api.v1.examples import RECORDED, Example, list_example

COMPETITOR_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e11"
PRICE_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e12"
EVENT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e13"

COMPETITOR: Example = {
    "id": COMPETITOR_ID,
    "org_unit_id": 3,
    "name": "Riverside One",
    "developer": "Riverside Ltd",
    "district": "North Bank",
    "note": "Metro at the door",
    "is_active": True,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
COMPETITORS: Example = list_example(COMPETITOR)
PRICE_TO_NOTE: Example = {
    "kind": "asked",
    "observed_date": "2026-03-18",
    "area_price": "23500.00",
    "source": "Sales office",
}
PRICE: Example = {
    "id": PRICE_ID,
    "competitor_id": COMPETITOR_ID,
    **PRICE_TO_NOTE,
    "struck_at": None,
    "created_at": RECORDED,
}
EVENT_TO_NOTE: Example = {
    "org_unit": "SZ",
    "kind": "lending",
    "title": "Down payment lowered to 20 %",
    "effect": "loosens",
    "starts_date": "2026-03-18",
    "reference": "Notice 2026/7",
}
EVENT: Example = {
    "id": EVENT_ID,
    "org_unit_id": 3,
    "kind": "lending",
    "title": "Down payment lowered to 20 %",
    "effect": "loosens",
    "starts_date": "2026-03-18",
    "ends_date": None,
    "reference": "Notice 2026/7",
    "note": "",
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
EVENTS: Example = list_example(EVENT)
_LINE: Example = {
    "label": "walk-in",
    "leads": 120,
    "visits": 120,
    "intentions": 64,
    "reservations": 22,
    "contracts": 18,
    "lost": 40,
    "days": 34.5,
}
FUNNEL: Example = {
    "by": "source",
    "first_date": "2026-01-01",
    "last_date": "2026-03-31",
    "lines": [_LINE],
    "total": {**_LINE, "label": "Total"},
}

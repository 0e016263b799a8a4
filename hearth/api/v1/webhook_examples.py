"""Examples of webhooks."""

from hearth.api.v1.examples import EVENT_ID, RECORDED, Example, list_example

WEBHOOK_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c19"

WEBHOOK_TO_CREATE: Example = {
    "org_unit": "SZ",
    "name": "Call centre",
    "url": "https://hooks.example.com/hearth",
    "types": ["cases.opened", "cases.closed"],
}
WEBHOOK_CHANGE: Example = {"is_paused": True}
WEBHOOK: Example = {
    "id": WEBHOOK_ID,
    "org_unit_id": 3,
    "owner_id": 17,
    "name": "Call centre",
    "url": "https://hooks.example.com/hearth",
    "types": ["cases.closed", "cases.opened"],
    "is_full": False,
    "state": "active",
    "state_reason": "",
    "first_failed_at": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
WEBHOOKS: Example = list_example(WEBHOOK)
WEBHOOK_WITH_SECRET: Example = {**WEBHOOK, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw7Yc3dzQ4kZE="}
REMOVED: Example = {"id": WEBHOOK_ID}
REPLAY: Example = {"since": "2026-03-17T00:00:00Z", "until": "2026-03-18T00:00:00Z"}
REPLAY_STARTED: Example = {"events": 214}
DELIVERY: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c20",
    "event_id": EVENT_ID,
    "event_type": "cases.opened",
    "state": "delivered",
    "attempts": 1,
    "due_at": RECORDED,
    "created_at": RECORDED,
    "tries": [{"at": RECORDED, "status": 204, "error": "", "seconds": 0.08}],
}
DELIVERIES: Example = list_example(DELIVERY)

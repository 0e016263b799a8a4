"""Examples of mails that came."""

from hearth.api.v1.examples import CUSTOMER_ID, RECORDED, Example, list_example

MAIL: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e31",
    "org_unit_id": 3,
    "mailbox_id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e32",
    "kind": "person",
    "state": "taken",
    "reason": "",
    "subject": "Water in the bathroom",
    "customer_id": CUSTOMER_ID,
    "case_id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0e33",
    "size": 48213,
    "received_at": RECORDED,
    "handled_at": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}
MAILS: Example = list_example(MAIL)

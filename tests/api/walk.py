"""What the walk over all routes needs to know of the API."""

import json
from collections.abc import Callable
from typing import Any

from hearth.api.v1 import (
    broker_examples,
    contact_examples,
    contract_change_examples,
    contract_text_examples,
    examples,
    export_examples,
    family_examples,
    group_case_examples,
    hold_examples,
    lead_examples,
    loan_examples,
    market_examples,
    promise_examples,
    repair_examples,
    sales_examples,
    webhook_examples,
)
from hearth.customers.models import CustomerMerge
from hearth.organization.models import OrgUnit
from tests.api import records
from tests.brokers.builders import make_registration, write_sheet
from tests.contract_changes.builders import make_request as make_change_request
from tests.contract_texts.builders import make_given
from tests.customers.builders import make_customer, make_home, make_merge
from tests.exports.builders import make_held
from tests.group_cases.builders import make_group_case
from tests.inventory.builders import make_batch
from tests.market.builders import make_competitor
from tests.organization.builders import make_member
from tests.privacy.builders import make_request
from tests.promises.builders import make_draft as make_disclosure
from tests.promises.builders import make_promise
from tests.radar.builders import make_radar_alarm
from tests.registers.builders import make_draft, make_incident
from tests.repairs.builders import make_booked, make_repair_case
from tests.sales.plans import make_planned

Make = Callable[[OrgUnit], dict[str, Any]]


def _of(parameter: str, write: Callable[[OrgUnit], Any]) -> Make:
    """Make a record and name it by the parameter of an address."""

    def make(company: OrgUnit) -> dict[str, Any]:
        row = write(company)
        return {parameter: getattr(row, "pk", row)}

    return make


OPERATIONS = "api:api_v1:"


def write_merge(company: OrgUnit) -> CustomerMerge:
    """Write a merge of two customers of a place."""
    return make_merge(make_customer(company), make_customer(company))


CUSTOMER, UNIT = _of("customer_id", make_customer), _of("unit_id", make_home)
CASE, CONTRACT = _of("case_id", records.write_case), _of("contract_id", records.write_contract)
PLANNED = _of("contract_id", lambda company: make_planned(company).contract)
GROUP_CASE = _of("group_id", make_group_case)
SEGMENT, CAMPAIGN = _of("segment_id", records.write_segment), _of("campaign_id", records.write_campaign)
WEBHOOK = _of("webhook_id", records.write_webhook)
IMPORT = _of("job_id", records.write_import)
EXPORT = _of("export_id", records.write_own_export)
HELD_EXPORT = _of("export_id", make_held)
ALARM = _of("alarm_id", records.write_alarm)
RADAR_ALARM = _of("alarm_id", make_radar_alarm)
RADAR_STEPS = ("get_radar_alarm", "post_radar_acceptance", "post_radar_dismissal", "post_radar_merging")
TEXT_STEPS = tuple(f"get_contract_text{step}" for step in ("", "_check", "_readings", "_file"))
STEPS_OF_IMPORTS = ("preview", "commit", "pause", "resume", "cancellation", "reversal")
MADE: dict[str, Make] = {
    **dict.fromkeys(("get_import", "patch_import", "list_findings"), IMPORT),
    **dict.fromkeys((f"post_import_{step}" for step in STEPS_OF_IMPORTS), IMPORT),
    "get_import_result": IMPORT,
    "get_import_report": IMPORT,
    **dict.fromkeys(("get_export", "get_export_file", "post_export_cancellation"), EXPORT),
    **dict.fromkeys(("post_export_approval", "post_export_refusal"), HELD_EXPORT),
    "get_customer": CUSTOMER,
    "patch_customer": CUSTOMER,
    "get_timeline": CUSTOMER,
    "post_merge": CUSTOMER,
    "patch_merge": _of("merge_id", write_merge),
    "list_consents": CUSTOMER,
    "post_consent": CUSTOMER,
    "post_person_request": CUSTOMER,
    "get_person_request": _of("request_id", make_request),
    **dict.fromkeys(("get_alarm", "post_alarm_examination", "post_alarm_closing"), ALARM),
    **dict.fromkeys(RADAR_STEPS, RADAR_ALARM),
    "get_batch": _of("batch_id", make_batch),
    "get_disclosure": _of("disclosure_id", make_disclosure),
    "post_acknowledgement": _of("disclosure_id", make_disclosure),
    **dict.fromkeys(
        ("get_contract_change", "post_contract_change_approval", "post_contract_change_refusal"),
        _of("request_id", make_change_request),
    ),
    **dict.fromkeys(TEXT_STEPS, _of("text_id", make_given)),
    **dict.fromkeys(("post_contract_text", "post_contract_filing", "post_loan"), CONTRACT),
    **dict.fromkeys(("get_loan", "post_loan_step", "post_loan_end"), _of("loan_id", records.write_loan)),
    **dict.fromkeys(("get_hold", "post_hold_release"), _of("hold_id", records.write_hold)),
    **dict.fromkeys(
        ("get_queue_registration", "post_queue_withdrawal"), _of("entry_id", records.write_number)
    ),
    "post_hold": UNIT,
    "post_queue_registration": _of("batch_id", make_batch),
    "get_promise": _of("promise_id", make_promise),
    **dict.fromkeys(
        ("get_repair", "list_free_slots", "post_repair_booking", "post_repair_visit"),
        _of("order_id", make_booked),
    ),
    "post_repair": _of("case_id", make_repair_case),
    "post_competitor_price": _of("competitor_id", make_competitor),
    "get_commission_settlement": _of("settlement_id", write_sheet),
    "get_channel_registration": _of("registration_id", make_registration),
    "get_lead": _of("lead_id", records.write_lead),
    "get_incident": _of("incident_id", make_incident),
    "get_assessment": _of("assessment_id", make_draft),
    "get_task": _of("task_id", records.write_task),
    "get_unit": UNIT,
    "patch_unit": UNIT,
    "patch_contract": CONTRACT,
    "patch_case": CASE,
    "get_case": CASE,
    "put_case_account": CASE,
    "post_case_answer": CASE,
    "post_case_close": CASE,
    "post_case_change": CASE,
    **dict.fromkeys((f"post_case_{step}" for step in ("settlement", "approval", "cost")), CASE),
    **dict.fromkeys((f"post_case_{step}" for step in ("pause", "resume", "visit", "call_back")), CASE),
    **dict.fromkeys(("get_group_case", "post_group_case_cases", "post_group_case_sign"), GROUP_CASE),
    "get_contract": CONTRACT,
    **dict.fromkeys(("get_payment_plan", "post_payment_plan"), PLANNED),
    "post_contract_change": CONTRACT,
    "post_contract_cancellation": CONTRACT,
    "get_payment": _of("payment_id", records.write_payment),
    "get_interaction": _of("interaction_id", records.write_interaction),
    "get_household": _of("household_id", records.write_household),
    "post_unit_role_end": _of("role_id", records.write_role),
    "get_segment": SEGMENT,
    "list_segment_members": SEGMENT,
    "list_segment_counts": SEGMENT,
    "post_segment_count": _of("segment_id", records.write_uncounted_segment),
    "get_campaign": CAMPAIGN,
    "get_campaign_report": CAMPAIGN,
    "get_place": lambda company: {"org_unit_id": company.pk},
    "get_user": lambda company: {"user_id": make_member(company, "core.signed_in").pk},
    "get_webhook": WEBHOOK,
    "patch_webhook": WEBHOOK,
    "delete_webhook": WEBHOOK,
    "post_webhook_secret": WEBHOOK,
    "post_webhook_test": WEBHOOK,
    "post_webhook_replay": WEBHOOK,
    "list_deliveries": WEBHOOK,
    "post_delivery_replay": records.write_delivery,
}
SAMPLES = {f"{OPERATIONS}{name}": make for name, make in MADE.items()} | {
    "api:problem": lambda _company: {"code": "not_found"},
    "api:unknown": lambda _company: {"address": "v1/castles"},
}
# An address with several methods is asked by each under each of its names.
SENT: dict[str, Any] = {
    **{f"{verb}_{name}": {} for verb in ("get", "patch") for name in ("unit", "contract", "case")},
    "get_import": {},
    "post_export": export_examples.TO_START,
    "list_exports": export_examples.TO_START,
    "post_export_cancellation": {},
    "post_export_approval": {},
    "post_export_refusal": {"reason": "Far too many"},
    "post_alarm_examination": {},
    "post_radar_acceptance": {},
    "post_radar_dismissal": {"reason": "unrelated"},
    "post_radar_merging": {"into": "01990a5c-7e1b-7c3e-9d55-2f0c8f3a1b02"},
    "post_alarm_closing": {"is_harmless": True, "note": "As agreed"},
    "patch_import": {},
    **{f"post_import_{step}": {} for step in STEPS_OF_IMPORTS},
    "post_merge": {"absorbed_ids": ["01990a5c-7e1b-7c3e-9d55-2f0c8f3a1b02"]},
    "patch_merge": {"undone": True},
    "post_customer": {"name": "Lin", "org_unit": "SZ"},
    "list_customers": {"name": "Lin", "org_unit": "SZ"},
    "put_customer": {"name": "Lin", "org_unit": "SZ"},
    "post_batch": {"operations": [{"method": "GET", "path": "/me"}]},
    "patch_customer": {"note": ""},
    "get_customer": {"note": ""},
    "post_case": {"title": "Wet", "body": "Wet", "org_unit": "SZ"},
    "list_cases": {"title": "Wet", "body": "Wet", "org_unit": "SZ"},
    "post_lead": lead_examples.LEAD_TO_RECORD,
    "list_leads": lead_examples.LEAD_TO_RECORD,
    "post_acknowledgement": promise_examples.ACKNOWLEDGEMENT_TO_NOTE,
    "post_promise": promise_examples.PROMISE_TO_RECORD,
    "post_repair": repair_examples.REPAIR_TO_ORDER,
    "post_repair_booking": repair_examples.REPAIR_TO_BOOK,
    "post_repair_visit": repair_examples.VISIT_TO_REPORT,
    "post_competitor_price": market_examples.PRICE_TO_NOTE,
    "post_market_event": market_examples.EVENT_TO_NOTE,
    "list_promises": promise_examples.PROMISE_TO_RECORD,
    "post_channel_registration": broker_examples.TO_REGISTER,
    "list_channel_registrations": broker_examples.TO_REGISTER,
    "post_incident": {"title": "Lost a list", "org_unit": "SZ"},
    "list_incidents": {"title": "Lost a list", "org_unit": "SZ"},
    "post_case_answer": examples.ANSWER,
    "post_case_close": {},
    "post_case_change": {},
    "post_case_pause": {"reason": "appointment"},
    "post_case_resume": {},
    "post_case_visit": {},
    "post_case_call_back": {"rating": 5},
    "post_case_settlement": examples.CASE_SETTLEMENT,
    "put_case_account": examples.CASE_ACCOUNT,
    "post_case_approval": {},
    "post_case_cost": examples.CASE_COST,
    "post_group_case": group_case_examples.GROUP_CASE_TO_OPEN,
    "list_group_cases": group_case_examples.GROUP_CASE_TO_OPEN,
    "post_group_case_cases": group_case_examples.CASES_TO_ADD,
    "post_group_case_sign": group_case_examples.SIGN_TO_NOTE,
    "post_contract": sales_examples.CONTRACT_TO_SIGN,
    "list_contracts": sales_examples.CONTRACT_TO_SIGN,
    "post_contract_cancellation": {},
    "post_payment_plan": sales_examples.PLAN_TO_MAKE,
    "get_payment_plan": sales_examples.PLAN_TO_MAKE,
    "post_contract_change": contract_change_examples.CHANGE_TO_ASK,
    "post_contract_change_approval": {},
    "post_contract_change_refusal": contract_change_examples.DECISION,
    "post_contract_text": contract_text_examples.TEXT_TO_DRAFT,
    "post_contract_filing": loan_examples.FILING,
    "post_loan": loan_examples.LOAN_TO_BEGIN,
    "post_loan_step": loan_examples.STEP,
    "post_loan_end": loan_examples.GIVE_UP,
    "post_hold": hold_examples.TO_HOLD,
    "post_hold_release": {},
    "post_queue_registration": hold_examples.TO_QUEUE,
    "post_queue_withdrawal": {},
    "post_payment": sales_examples.PAYMENT_TO_RECEIVE,
    "list_payments": sales_examples.PAYMENT_TO_RECEIVE,
    "post_interaction": contact_examples.INTERACTION_TO_RECORD,
    "list_interactions": contact_examples.INTERACTION_TO_RECORD,
    "post_consent": contact_examples.CONSENT_TO_RECORD,
    "list_consents": contact_examples.CONSENT_TO_RECORD,
    "post_person_request": contact_examples.PERSON_REQUEST_TO_NOTE,
    "post_unit_role": family_examples.UNIT_ROLE_TO_ASSIGN,
    "list_unit_roles": family_examples.UNIT_ROLE_TO_ASSIGN,
    "post_unit_role_end": family_examples.UNIT_ROLE_END,
    "post_segment_count": {},
    "list_segment_counts": {},
    "post_webhook": webhook_examples.WEBHOOK_TO_CREATE,
    "list_webhooks": webhook_examples.WEBHOOK_TO_CREATE,
    "patch_webhook": {},
    "get_webhook": {},
    "delete_webhook": {},
    "post_webhook_secret": {},
    "post_webhook_test": {},
    "post_webhook_replay": webhook_examples.REPLAY,
    "post_delivery_replay": {},
}
BODIES = {f"{OPERATIONS}{name}": json.dumps(body) for name, body in SENT.items()}
PUBLIC = {"api:problem", "api:problems", "api:docs", "api:openapi", "api:unknown", f"{OPERATIONS}api-root"}

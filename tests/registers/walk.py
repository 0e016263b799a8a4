"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.registers.builders import (
    make_affected,
    make_audit,
    make_draft,
    make_incident,
    make_letter,
    make_processor,
)


def _incident(company: OrgUnit) -> dict[str, Any]:
    return {"incident_id": make_incident(company).pk}


def _letter(company: OrgUnit) -> dict[str, Any]:
    return {"incident_id": make_letter(make_incident(company)).incident_id}


def _affected(company: OrgUnit) -> dict[str, Any]:
    return {"affected_id": make_affected(make_customer(company), company).pk}


def _listed(company: OrgUnit) -> str:
    return make_incident(company, title="青枫浦名单外泄").title


def _listed_person(company: OrgUnit) -> str:
    return make_affected(make_customer(company, name="青枫浦"), company).customer.name


def _assessment(company: OrgUnit) -> dict[str, Any]:
    return {"assessment_id": make_draft(company).pk}


def _processor(company: OrgUnit) -> dict[str, Any]:
    return {"processor_id": make_processor(company).pk}


def _audit(company: OrgUnit) -> dict[str, Any]:
    return {"audit_id": make_audit(company).pk}


def _listed_assessment(company: OrgUnit) -> str:
    return make_draft(company, name="青枫浦画像").name


def _listed_processor(company: OrgUnit) -> str:
    return make_processor(company, name="青枫浦物流").name


def _listed_audit(company: OrgUnit) -> str:
    return make_audit(company, subject="青枫浦审计").subject


OF_ASSESSMENTS = (
    "assessment",
    "write",
    "submit",
    "approve",
    "send_back",
    "renew",
    "assessment_file",
    "assessment_print",
)
ACTS = ("judge", "authority", "notice", "note", "close", "search")
LETTER_ACTS = (
    "letter",
    *(f"{act}_letter" for act in ("write", "submit", "approve", "return", "send", "publish", "withdraw")),
)
SAMPLES = {
    "registers:incident": _incident,
    **{f"registers:{name}": _incident for name in ACTS},
    **{f"registers:{name}": _letter for name in LETTER_ACTS},
    "registers:affected_person": _affected,
    **{f"registers:{name}": _assessment for name in OF_ASSESSMENTS},
    **{f"registers:{name}": _processor for name in ("processor", "change", "visit", "end")},
    "registers:audit": _audit,
}
TRACES = {
    "registers:incidents": _listed,
    "registers:affected": _listed_person,
    "registers:assessments": _listed_assessment,
    "registers:processors": _listed_processor,
    "registers:audits": _listed_audit,
}

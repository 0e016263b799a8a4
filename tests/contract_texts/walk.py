"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.contract_texts.services import forbid_words
from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from tests.contract_texts.builders import (
    NOW,
    make_departing,
    make_given,
    make_read,
    make_sold,
    make_submitted,
    make_template,
    make_text,
    reading_of,
)

SYSTEM = Actor.system("test")


def _draft(company: OrgUnit) -> dict[str, Any]:
    return {"text_id": make_text(company).pk}


def _departing(company: OrgUnit) -> dict[str, Any]:
    return {"text_id": make_departing(company).pk}


def _read(company: OrgUnit) -> dict[str, Any]:
    return {"text_id": make_read(make_given(company)).pk}


def _clause(company: OrgUnit) -> dict[str, Any]:
    return {"clause_id": make_text(company).clauses.get(heading="交付").pk}


def _reading(company: OrgUnit) -> dict[str, Any]:
    return {"reading_id": reading_of(make_given(company)).pk}


def _contract(company: OrgUnit) -> dict[str, Any]:
    return {"contract_id": make_text(company).contract_id}


def _drafted(company: OrgUnit) -> dict[str, Any]:
    make_text(company)
    return {"contract_id": make_sold(company).pk, "kind": "contract"}


def _template(company: OrgUnit) -> dict[str, Any]:
    return {"template_id": make_template(company).pk}


def _submitted(company: OrgUnit) -> dict[str, Any]:
    return {"template_id": make_submitted(make_template(company)).pk}


def _template_clause(company: OrgUnit) -> dict[str, Any]:
    return {"clause_id": make_template(company).clauses.get(heading="交付").pk}


def _wording(company: OrgUnit) -> dict[str, Any]:
    row = forbid_words(company, words="包过户", because="不能承诺", actor=SYSTEM, now=NOW)
    return {"wording_id": row.pk}


def _listed(company: OrgUnit) -> str:
    return make_text(company).contract.number


def _listed_template(company: OrgUnit) -> str:
    return make_template(company, title="青枫浦买卖合同").title


def _forbidden(company: OrgUnit) -> str:
    return forbid_words(company, words="青枫浦学位", because="不能承诺", actor=SYSTEM, now=NOW).words


SAMPLES = {
    **{f"contract_texts:{name}": _draft for name in ("text", "pdf", "add_clause", "give")},
    **{f"contract_texts:{name}": _departing for name in ("submit", "approve", "return")},
    "contract_texts:sign": _read,
    "contract_texts:clause": _clause,
    "contract_texts:desk": _reading,
    "contract_texts:of_contract": _contract,
    "contract_texts:draft": _drafted,
    **{
        f"contract_texts:{name}": _template for name in ("template", "add_template_clause", "submit_template")
    },
    **{f"contract_texts:{name}": _submitted for name in ("approve_template", "return_template")},
    **{f"contract_texts:{name}": _template_clause for name in ("template_clause", "remove_template_clause")},
    "contract_texts:allow_words": _wording,
}
TRACES = {
    "contract_texts:texts": _listed,
    "contract_texts:templates": _listed_template,
    "contract_texts:wordings": _forbidden,
}

"""What the walk over all routes needs to know of this app."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.promises.services import (
    HomesMeant,
    Shown,
    attach_evidence,
    cover_homes,
    open_cases,
    post_disclosure,
)
from tests.core.test_uploads import picture
from tests.customers.builders import make_customer, make_home
from tests.exports.builders import actor_of
from tests.promises.builders import (
    NOW,
    TODAY,
    make_acknowledgement,
    make_decided,
    make_draft,
    make_outcome,
    make_promise,
    make_published,
    pdf,
)
from tests.sales.builders import make_contract

SYSTEM = Actor.system("test")


def _draft(company: OrgUnit) -> dict[str, Any]:
    return {"disclosure_id": make_draft(company).pk}


def _acknowledged(company: OrgUnit) -> dict[str, Any]:
    row = make_published(make_draft(company))
    make_acknowledgement(row, make_customer(company))
    return {"disclosure_id": row.pk}


def _factor(company: OrgUnit) -> dict[str, Any]:
    return {"factor_id": make_draft(company).factors.get().pk}


def _posting(company: OrgUnit) -> dict[str, Any]:
    row = make_published(make_draft(company))
    photo = SimpleUploadedFile("board.png", picture("PNG"))
    shown = Shown("sales_office", "沙盘旁", TODAY, photo)
    return {"posting_id": post_disclosure(row, shown, actor=actor_of(row.author), now=NOW).pk}


def _evidence(company: OrgUnit) -> dict[str, Any]:
    row = make_published(make_draft(company))
    return {"acknowledgement_id": make_acknowledgement(row, make_customer(company), evidence_file=pdf()).pk}


def _contract(company: OrgUnit) -> dict[str, Any]:
    return {"contract_id": make_contract(make_home(company), make_customer(company)).pk}


def _promise(company: OrgUnit) -> dict[str, Any]:
    return {"promise_id": make_promise(company).pk}


def _covered(company: OrgUnit) -> dict[str, Any]:
    home = make_home(company)
    row = make_promise(company, project=home.project)
    cover_homes(row, HomesMeant(home.building), actor=SYSTEM, now=NOW)
    return {"promise_id": row.pk, "building_id": home.building_id}


def _promise_file(company: OrgUnit) -> dict[str, Any]:
    row = make_promise(company)
    return {"file_id": attach_evidence(row, pdf(), actor=SYSTEM, now=NOW).pk}


def _outcome(company: OrgUnit) -> dict[str, Any]:
    return {"outcome_id": make_outcome(make_promise(company)).pk}


def _broken(company: OrgUnit) -> dict[str, Any]:
    home = make_home(company)
    row = make_promise(company, project=home.project, made_date=date(2025, 1, 1))
    make_contract(home, make_customer(company))
    open_cases(make_decided(row), "enquiry", actor=SYSTEM, now=NOW)
    return {"promise_id": row.pk}


def _listed_promise(company: OrgUnit) -> str:
    return make_promise(company, title="青枫浦会所").title


def _listed(company: OrgUnit) -> str:
    return make_draft(company).project.name


OF_DRAFTS = (
    "disclosure",
    "write_disclosure",
    "draw_disclosure",
    "drawing",
    "add_factor",
    "submit_disclosure",
)
OF_DISCLOSURES = ("approve_disclosure", "return_disclosure", "publish_disclosure", "post_disclosure")
OF_PROMISES = ("change_promise", "cover_homes", "attach_evidence", "say_outcome", "open_cases")
SAMPLES = {
    **{f"promises:{name}": _draft for name in (*OF_DRAFTS, *OF_DISCLOSURES)},
    "promises:acknowledgements": _acknowledged,
    "promises:remove_factor": _factor,
    **{f"promises:{name}": _posting for name in ("end_posting", "posting_photo")},
    "promises:evidence": _evidence,
    **{f"promises:{name}": _promise for name in OF_PROMISES},
    **{f"promises:{name}": _outcome for name in ("confirm_outcome", "return_outcome", "outcome_file")},
    "promises:uncover_homes": _covered,
    "promises:promise_file": _promise_file,
    "promises:promise": _broken,
    "promises:told": _contract,
}
TRACES = {"promises:disclosures": _listed, "promises:promises": _listed_promise}

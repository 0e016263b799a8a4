"""What the walk over all routes needs to know of this app."""

import tempfile
from pathlib import Path
from typing import Any

from hearth.imports.models import RememberedMapping
from hearth.imports.services.sources import SourcePlan, save_source
from hearth.organization.models import OrgUnit
from tests.imports.builders import ACTOR, NOW, make_committing, make_file, make_received


def _job(company: OrgUnit) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return {"pk": make_received(make_file(Path(folder)), company).pk}


def _kind(company: OrgUnit) -> dict[str, Any]:
    return {"kind": "units"}


def _mapping(company: OrgUnit) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        make_committing(make_file(Path(folder)), company)
    return {"pk": RememberedMapping.objects.get(org_unit=company).pk}


def _source(company: OrgUnit) -> dict[str, Any]:
    plan = SourcePlan(name=f"source {company.code}", kind="units", way="folder", path="walk")
    return {"pk": save_source(plan, org_unit=company, actor=ACTOR, now=NOW).pk}


def _source_name(company: OrgUnit) -> str:
    _source(company)
    return f"source {company.code}"


TRACES = {"imports:sources": _source_name}
SAMPLES = {
    **dict.fromkeys(["imports:source-edit", "imports:source-look", "imports:source-forget"], _source),
    "imports:mapping-edit": _mapping,
    "imports:mapping-forget": _mapping,
    "imports:template": _kind,
    **dict.fromkeys(
        [
            "imports:detail",
            "imports:reading",
            "imports:mapping",
            "imports:commit",
            "imports:cancel",
            "imports:pause",
            "imports:resume",
            "imports:revert",
            "imports:revert-report",
            "imports:result",
            "imports:source",
        ],
        _job,
    ),
}
# The empty file of a kind is the same for everybody.
SHARED = {"imports:template"}
# There is no result before the import is done.
PREPARED = {"imports:result": 404, "imports:revert-report": 404}

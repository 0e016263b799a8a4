"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.exports.builders import NOW, make_export, make_exporter, make_held
from tests.segments.builders import make_segment


def _export(company: OrgUnit) -> dict[str, Any]:
    return {"pk": make_export(make_exporter(company)).pk}


def _held(company: OrgUnit) -> dict[str, Any]:
    return {"pk": make_held(company).pk}


def _list(company: OrgUnit) -> dict[str, Any]:
    return {"key": "customers"}


def _segment(company: OrgUnit) -> dict[str, Any]:
    return {"key": "segment", "source_id": make_segment(company, {"all": []}, now=NOW).pk}


SHARED = {"exports:new"}
SAMPLES = {
    "exports:new": _list,
    "exports:new-from": _segment,
    **dict.fromkeys(["exports:detail", "exports:cancel", "exports:file"], _export),
    **dict.fromkeys(["exports:approve", "exports:refuse"], _held),
}
# The file of an export is its maker's alone, whatever others may do.
PREPARED = {"exports:detail": 404, "exports:cancel": 404, "exports:file": 404}

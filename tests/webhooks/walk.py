"""What the walk over all routes needs to know of this app."""

from typing import Any

from django.utils import timezone

from hearth.organization.models import OrgUnit
from tests.webhooks.builders import make_delivery, make_endpoint


def _endpoint(company: OrgUnit) -> dict[str, Any]:
    endpoint, _secret = make_endpoint(company, now=timezone.now())
    return {"endpoint_id": endpoint.pk}


def _delivery(company: OrgUnit) -> dict[str, Any]:
    endpoint, _secret = make_endpoint(company, now=timezone.now())
    return {"delivery_id": make_delivery(endpoint, now=timezone.now()).pk}


def _trace(company: OrgUnit) -> str:
    make_endpoint(company, now=timezone.now(), name="Zentrale 4711")
    return "Zentrale 4711"


OF_ENDPOINT = ("endpoint", "change", "pause", "resume", "remove", "rotate", "try", "replay")
SAMPLES = {f"webhooks:{name}": _endpoint for name in OF_ENDPOINT} | {"webhooks:replay_one": _delivery}
TRACES = {"webhooks:endpoints": _trace}

"""Objects for the walk over all routes."""

from typing import Any

from django.utils import timezone

from hearth.organization.models import OrgUnit
from tests.campaigns.builders import make_running_campaign, member_of


def make_token_route(company: OrgUnit) -> dict[str, Any]:
    return {"token": member_of(make_running_campaign(company, now=timezone.now())).token}


SAMPLES = {"portal:respond": make_token_route, "portal:opt_out": make_token_route}
PUBLIC = {"portal:respond", "portal:opt_out"}

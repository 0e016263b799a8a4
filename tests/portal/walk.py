"""Objects for the walk over all routes."""

from typing import Any

from django.utils import timezone

from hearth.leads.visitors import visit_link
from hearth.organization.models import OrgUnit
from hearth.privacy.links import preferences_token
from tests.campaigns.builders import make_running_campaign, member_of
from tests.leads.builders import make_project
from tests.privacy.builders import make_known_customer
from tests.registers.builders import make_published


def make_token_route(company: OrgUnit) -> dict[str, Any]:
    return {"token": member_of(make_running_campaign(company, now=timezone.now())).token}


def make_preferences_route(company: OrgUnit) -> dict[str, Any]:
    return {"token": preferences_token(make_known_customer(company).pk, now=timezone.now())}


def make_letter_route(company: OrgUnit) -> dict[str, Any]:
    return {"letter_id": make_published(company).pk}


def make_visit_route(company: OrgUnit) -> dict[str, Any]:
    return {"token": visit_link(make_project(company), now=timezone.now()).rsplit("/", 1)[1]}


SAMPLES = {
    "portal:visit": make_visit_route,
    "portal:letter": make_letter_route,
    "portal:respond": make_token_route,
    "portal:opt_out": make_token_route,
    "portal:preferences": make_preferences_route,
}
PUBLIC = set(SAMPLES)

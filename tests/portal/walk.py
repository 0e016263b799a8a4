"""Objects for the walk over all routes."""

from typing import Any

from django.utils import timezone

from hearth.brokers.services import renew_link
from hearth.contract_texts.links import reading_link
from hearth.core.actor import Actor
from hearth.leads.visitors import visit_link
from hearth.organization.models import OrgUnit
from hearth.privacy.links import preferences_token
from tests.brokers.builders import make_broker, make_registration
from tests.campaigns.builders import make_running_campaign, member_of
from tests.contract_texts.builders import make_given, reading_of
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


def make_broker_route(company: OrgUnit) -> dict[str, Any]:
    return {"token": renew_link(make_broker(company), actor=Actor.system("test"), now=timezone.now())}


def make_objection_route(company: OrgUnit) -> dict[str, Any]:
    row = make_registration(company)
    token = renew_link(row.broker, actor=Actor.system("test"), now=timezone.now())
    return {"token": token, "registration_id": row.pk}


def make_reading_route(company: OrgUnit) -> dict[str, Any]:
    reading = reading_of(make_given(company))
    return {"token": reading_link(reading, now=timezone.now()).rsplit("/", 1)[1]}


SAMPLES = {
    "portal:visit": make_visit_route,
    "portal:broker": make_broker_route,
    "portal:broker_objects": make_objection_route,
    "portal:letter": make_letter_route,
    "portal:reading": make_reading_route,
    "portal:reading_pdf": make_reading_route,
    "portal:respond": make_token_route,
    "portal:opt_out": make_token_route,
    "portal:preferences": make_preferences_route,
}
PUBLIC = set(SAMPLES)

"""Objects for the walk over all routes."""

from typing import Any

from django.utils import timezone

from hearth.channels.models import Message
from hearth.organization.models import OrgUnit
from tests.channels.builders import make_attachment, make_contact, make_draft, make_message, make_template
from tests.privacy.builders import make_known_customer


def make_contact_route(company: OrgUnit) -> dict[str, Any]:
    return {"interaction_id": make_contact(make_known_customer(company), company).pk}


def make_file_route(company: OrgUnit) -> dict[str, Any]:
    return {"attachment_id": make_attachment(company).pk}


def make_message_route(company: OrgUnit) -> dict[str, Any]:
    message = make_message(make_draft(company), now=timezone.now(), state=Message.State.UNCONFIRMED)
    return {"message_id": message.pk}


def make_listed_message(company: OrgUnit) -> str:
    message = make_message(make_draft(company), now=timezone.now())
    Message.objects.filter(pk=message.pk).update(subject="开放日邀请函")
    return "开放日邀请函"


def make_template_route(company: OrgUnit) -> dict[str, Any]:
    return {"template_id": make_template(company).pk}


def make_listed_template(company: OrgUnit) -> str:
    return make_template(company, name="走查模板").name


SAMPLES = {
    "channels:template": make_template_route,
    "channels:pin": make_contact_route,
    "channels:mark": make_contact_route,
    "channels:reveal": make_contact_route,
    "channels:file": make_file_route,
    "channels:repeat_message": make_message_route,
}
TRACES = {"channels:messages": make_listed_message, "channels:templates": make_listed_template}

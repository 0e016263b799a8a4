"""Who answers the phone records leads, by the role that ships."""

import pytest
from django.test import Client
from django.urls import reverse

from hearth.channels.models import Interaction
from hearth.customers.models import Customer
from hearth.leads.models import Lead
from hearth.organization.models import OrgUnit, Role
from hearth.organization.services import sync_roles
from tests.customers.builders import make_customer
from tests.leads.builders import make_lead, make_project
from tests.organization.builders import make_member, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client: Client, company: OrgUnit) -> Client:
    sync_roles()
    return sign_in(client, make_member(company, *Role.objects.get(code="call_agent").permissions))


def test_a_call_agent_records_the_lead_of_a_known_caller(agent: Client, company: OrgUnit) -> None:
    project, caller = make_project(company), make_customer(company, name="林月", phone="13912345678")
    given = {"phone": "13912345678", "name": "林月", "next_step": "回电", "source": "call"}

    shown = agent.get(reverse("leads:new"))
    answer = agent.post(reverse("leads:new"), {**given, "project": project.pk})

    lead = Lead.objects.get()
    assert (shown.status_code, answer.status_code) == (200, 303)
    assert (lead.customer, lead.project, lead.source) == (caller, project, "call")
    assert Interaction.objects.get(customer=caller).channel == "phone"


def test_a_call_agent_neither_records_customers_nor_gives_leads(agent: Client, company: OrgUnit) -> None:
    project, lead = make_project(company), make_lead(company)
    given = {"phone": "13912345678", "name": "林月", "next_step": "回电", "source": "call"}

    refused = agent.post(reverse("leads:new"), {**given, "project": project.pk})
    given_away = agent.post(reverse("leads:assign", args=[lead.pk]), {"consultant": "1"})

    assert (refused.status_code, given_away.status_code) == (422, 403)
    assert (Customer.objects.count(), Lead.objects.count()) == (1, 1)

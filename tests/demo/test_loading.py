"""The city in the database, and its removal."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client

from hearth.accounts.models import User
from hearth.campaigns.models import Campaign, CampaignMember
from hearth.cases.models import Case
from hearth.cases.services import NewCase, open_case
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.demo.removal import Kept
from hearth.demo.services import (
    DemoLoaded,
    clear_demo,
    demo_status,
    load_demo,
)
from hearth.demo.truth import CityTruth
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.properties.models import Unit
from tests.customers.builders import make_customer
from tests.demo.conftest import NOW, PASSWORD
from tests.organization.builders import make_user, sign_in

ACTOR = Actor.system("test")
pytestmark = pytest.mark.django_db


def test_every_row_is_marked_as_a_sample(truth: CityTruth) -> None:
    unmarked = {
        model._meta.label: model._default_manager.filter(is_sample=False).count()
        for model in apps.get_models()
        if any(field.name == "is_sample" for field in model._meta.concrete_fields)
    }

    assert {label: number for label, number in unmarked.items() if number} == {}


def test_each_role_has_an_account_that_can_sign_in(truth: CityTruth, client: Client) -> None:
    users = User.objects.filter(is_sample=True)

    assert users.count() == Role.objects.count() > 0
    assert all(user.check_password(PASSWORD) for user in users.filter(username__startswith="city"))
    assert Membership.objects.get(user__username="city-cr-manager").org_unit.name == "深圳公司"


def test_the_pages_show_the_city(truth: CityTruth, client: Client) -> None:
    sign_in(client, User.objects.get(username="administrator"))
    assert truth.leak is not None
    addresses = ["/customers/", "/homes/", "/contracts/", "/cases/", "/campaigns/", "/demo/"]
    addresses.append(f"/homes/buildings/{truth.leak.building_id}/")
    addresses.append(f"/customers/{truth.duplicates[0].first_id}/")

    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_the_banner_is_shown_to_those_who_may_remove_the_sample(truth: CityTruth, client: Client) -> None:
    sign_in(client, User.objects.get(username="administrator"))
    assert 'hx-get="/demo/banner/"' in client.get("/customers/").content.decode()
    assert 'action="/demo/clear/"' in client.get("/demo/banner/").content.decode()

    sign_in(client, User.objects.get(username="call-agent"))
    assert 'hx-get="/demo/banner/"' not in client.get("/customers/").content.decode()
    assert client.get("/demo/banner/").status_code == 403


def test_the_truths_lead_to_the_rows(truth: CityTruth) -> None:
    status = demo_status()
    assert status.truth == json.loads(json.dumps(truth.as_json()))
    assert truth.leak is not None
    assert truth.delay is not None

    wet = Unit.objects.filter(pk__in=truth.leak.unit_ids)
    complaints = Case.objects.filter(unit__building_id=truth.delay.building_id, topic=truth.delay.topic)

    assert {str(unit.building_id) for unit in wet} == {truth.leak.building_id}
    assert complaints.exists()
    for pair in truth.duplicates:
        assert Customer.objects.filter(pk__in=[pair.first_id, pair.second_id]).count() == 2


def test_campaigns_divide_households_and_only_members_respond(truth: CityTruth) -> None:
    campaigns = Campaign.objects.filter(is_sample=True)
    members = CampaignMember.objects.filter(campaign__state="finished")

    assert sorted(campaigns.values_list("state", flat=True)) == ["finished", "finished", "running"]
    assert members.values("campaign", "household_key").distinct().count() == members.count() > 0
    assert not members.filter(treatment__channel="", treated_at__isnull=False).exists()


def test_a_second_demo_is_refused(truth: CityTruth) -> None:
    with pytest.raises(DemoLoaded):
        load_demo(60, today=NOW.date(), actor=ACTOR, now=NOW)


def test_removal_leaves_nothing_of_a_sample_that_nobody_uses(truth: CityTruth) -> None:
    removal = clear_demo(actor=ACTOR, now=NOW)

    assert removal.kept == []
    assert not demo_status().is_loaded
    assert not OrgUnit.objects.exists()
    assert not EventRecord.objects.filter(is_sample=True).exists()
    assert clear_demo(actor=ACTOR, now=NOW).removed == {"core.eventrecord": 0}


def test_a_sample_customer_with_a_real_case_stays_with_phone_and_place(truth: CityTruth) -> None:
    customer = Customer.objects.filter(household_role="head").order_by("id").first()
    assert customer is not None
    place = customer.places.get().org_unit
    new = NewCase(place.pk, "enquiry", "真实咨询", "内容", "phone", NOW, customer_id=customer.pk)
    case = open_case(new, actor=ACTOR, now=NOW + timedelta(hours=1))

    removal = clear_demo(actor=ACTOR, now=NOW)

    assert list(Customer.objects.values_list("pk", flat=True)) == [customer.pk]
    assert customer.contact_points.exists()
    assert set(OrgUnit.objects.values_list("pk", flat=True)) == {
        int(part) for part in place.path.strip("/").split("/")
    }
    assert Case.objects.get().pk == case.pk
    assert Kept("customers.customer", 1, "cases.case", is_because_real=True) in removal.kept


def test_a_place_where_a_real_person_works_stays(truth: CityTruth) -> None:
    company = OrgUnit.objects.get(code="AJ-GZ")
    role = Role.objects.get(code="auditor")
    Membership.objects.create(user=make_user(), org_unit=company, role=role, valid_from=NOW.date())

    removal = clear_demo(actor=ACTOR, now=NOW)

    assert {unit.code for unit in OrgUnit.objects.all()} == {"AJ", "AJ-S", "AJ-GZ"}
    assert Kept("organization.orgunit", 1, "organization.membership", is_because_real=True) in removal.kept


def test_real_customers_beside_the_sample_are_untouched(truth: CityTruth) -> None:
    own = OrgUnit.objects.get(code="AJ-SZ")
    customer = make_customer(own)
    customer.responsible = User.objects.get(username="customer-manager")
    customer.save()

    clear_demo(actor=ACTOR, now=NOW)

    customer.refresh_from_db()
    assert customer.responsible is None
    assert Customer.objects.count() == 1

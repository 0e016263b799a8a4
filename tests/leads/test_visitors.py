"""Visitors who register on their own phone, and how the sales office finds them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.channels.models import Interaction
from hearth.core.actor import Actor
from hearth.core.signed_links import LinkNotGood
from hearth.customers.contacts import InvalidPhoneNumber
from hearth.customers.models import Customer
from hearth.leads.models import Lead
from hearth.leads.services import (
    Visitor,
    VisitorUnnamed,
    capture_lead,
    register_visitor,
)
from hearth.leads.services.capturing import Arrival
from hearth.leads.visitors import code_of, lead_of_code, project_of, visit_link
from hearth.organization.models import OrgUnit
from tests.exports.builders import actor_of
from tests.leads.builders import NOW, SYSTEM, TODAY, make_consultant, make_lead, make_project
from tests.organization.builders import sign_in

pytestmark = pytest.mark.django_db
CUSTOMER = Actor.system("customer", kind="customer")
LI = Visitor("李青枫", "13812345678", "王顾问")


def test_a_visitor_becomes_a_lead_with_a_visit_on_record(company: OrgUnit) -> None:
    project = make_project(company)

    lead = register_visitor(project, LI, actor=CUSTOMER, now=NOW)

    visit = Interaction.objects.get(customer=lead.customer_id)
    assert (lead.customer.name, lead.source, lead.stage) == ("李青枫", "walk_in", "visit")
    assert (visit.channel, visit.project_id) == ("visit", project.pk)
    assert "王顾问" in visit.summary


def test_who_comes_again_keeps_the_consultant_and_is_recorded_once(company: OrgUnit) -> None:
    project, consultant = make_project(company), make_consultant(company)
    arrival = Arrival(source="call", name="李青枫", phone="138 1234 5678", project=project)
    first, _is_new = capture_lead(arrival, org_unit=company, actor=actor_of(consultant), now=NOW)
    Lead.objects.filter(pk=first.pk).update(consultant=consultant)

    again = register_visitor(project, LI, actor=CUSTOMER, now=NOW + timedelta(hours=2))

    assert again.pk == first.pk
    assert Lead.objects.get().consultant == consultant
    assert Customer.objects.count() == 1


def test_a_visitor_says_who_they_are(company: OrgUnit) -> None:
    project = make_project(company)

    for visitor, field in ((Visitor(" ", "13812345678"), "name"), (Visitor("李青枫", ""), "phone")):
        with pytest.raises(VisitorUnnamed) as refused:
            register_visitor(project, visitor, actor=CUSTOMER, now=NOW)
        assert refused.value.field == field
    with pytest.raises(InvalidPhoneNumber):
        register_visitor(project, Visitor("李青枫", "12"), actor=CUSTOMER, now=NOW)
    assert not Lead.objects.exists()


def test_a_flooded_entrance_sends_to_the_desk(company: OrgUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hearth.portal.visit_views.VISITS_A_MINUTE", 2)
    link = visit_link(make_project(company), now=timezone.now())
    address = reverse("portal:visit", args=[link.rsplit("/", 1)[1]])

    answers = [
        Client().post(address, {"name": "李青枫", "phone": f"1381234567{number}"}) for number in range(4)
    ]

    codes = [answer.status_code for answer in answers]
    assert codes.count(200) >= 2
    assert codes[-1] == 429
    assert "请到前台登记" in answers[-1].content.decode()
    assert "李青枫" in answers[-1].content.decode()
    assert Lead.objects.count() == codes.count(200)


def test_a_link_is_good_for_minutes_and_for_its_project(company: OrgUnit) -> None:
    project = make_project(company)
    token = visit_link(project, now=NOW).rsplit("/", 1)[1]

    assert project_of(token, now=NOW + timedelta(minutes=9)) == project.pk
    for wrong, at in ((token, NOW + timedelta(minutes=11)), (token[:-2], NOW), ("x", NOW)):
        with pytest.raises(LinkNotGood):
            project_of(wrong, now=at)


def test_the_code_finds_the_visitor_of_today_at_ones_own_place(company: OrgUnit, neighbour: OrgUnit) -> None:
    lead = make_lead(company, last_contact_at=NOW)
    code = code_of(lead, TODAY)
    here, there = actor_of(make_consultant(company)), actor_of(make_consultant(neighbour))

    assert lead_of_code(f" {code[:3]} {code[3:]} ", here, now=NOW) == lead
    assert lead_of_code(code, there, now=NOW) is None
    assert lead_of_code(code, here, now=NOW + timedelta(days=1)) is None
    assert code_of(lead, TODAY + timedelta(days=1)) != code


def test_the_phone_at_the_entrance_and_the_consultant_meet_by_the_code(
    company: OrgUnit, client: Client
) -> None:
    project = make_project(company, "云栖里")
    consultant = sign_in(client, make_consultant(company))
    phone = Client()

    screen = consultant.get(reverse("leads:screen", args=[project.pk]))
    address = reverse("portal:visit", args=[visit_link(project, now=timezone.now()).rsplit("/", 1)[1]])
    asked = phone.get(address)
    wrong = phone.post(address, {"name": "李青枫", "phone": "12"})
    done = phone.post(address, {"name": "李青枫", "phone": "13812345678"})
    code = re.search(r"\b\d{6}\b", done.content.decode().split("fw-bold")[1])
    assert code is not None
    found = consultant.post(reverse("leads:find_visitor"), {"code": code[0]})
    lost = consultant.post(reverse("leads:find_visitor"), {"code": "x"})

    assert "data:image/svg+xml;base64," in screen.content.decode()
    assert "云栖里" in asked.content.decode()
    assert (wrong.status_code, done.status_code) == (422, 200)
    assert "李青枫" in wrong.content.decode()
    assert found.headers["Location"] == reverse("leads:lead", args=[Lead.objects.get().pk])
    assert lost.headers["Location"] == reverse("leads:visit")


def test_a_link_that_is_too_old_asks_to_scan_again(company: OrgUnit, client: Client) -> None:
    old = visit_link(make_project(company), now=timezone.now() - timedelta(hours=1)).rsplit("/", 1)[1]

    answer = client.get(reverse("portal:visit", args=[old]))
    sent = client.post(reverse("portal:visit", args=[old]), {"name": "李青枫", "phone": "13812345678"})

    assert (answer.status_code, sent.status_code) == (410, 410)
    assert "请重新扫码" in answer.content.decode()
    assert not Lead.objects.exists()


def test_who_is_known_and_who_is_not_get_the_same_answer(company: OrgUnit) -> None:
    project = make_project(company)
    address = reverse("portal:visit", args=[visit_link(project, now=timezone.now()).rsplit("/", 1)[1]])
    known = capture_lead(
        Arrival(source="call", name="赵旧识", phone="13900001111", project=project),
        org_unit=company,
        actor=SYSTEM,
        now=timezone.now(),
    )[0]
    Lead.objects.filter(pk=known.pk).update(consultant=make_consultant(company))

    pages = [
        Client().post(address, {"name": "某人", "phone": phone}).content.decode()
        for phone in ("13900001111", "13900002222")
    ]

    without_codes = [re.sub(r"\d{6,}|nonce=\S+|value=\S+|CSRFToken\S+ \S+", "", page) for page in pages]
    assert without_codes[0] == without_codes[1]
    assert "赵旧识" not in pages[0]

"""The page of a broker, opened by their secret link without signing in."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from hearth.brokers.models import Broker, ChannelRegistration, RegistrationConflict
from hearth.brokers.services import renew_link, withdraw_link
from hearth.brokers.services.partners import change_broker
from hearth.core.rates import count_request
from hearth.organization.models import OrgUnit
from hearth.portal.broker_views import LOOKS_A_MINUTE, REGISTRATIONS_A_MINUTE
from hearth.properties.models import Project
from tests.brokers.builders import PHONE, SYSTEM, make_broker, make_earned, make_project, register

# What is new in each answer: the token of its forms.
TOKEN = re.compile(r"[A-Za-z0-9]{64}")
pytestmark = pytest.mark.django_db


def link_of(broker: Broker) -> str:
    return f"/p/b/{renew_link(broker, actor=SYSTEM, now=timezone.now())}"


def filled(project: Project, **other: str) -> dict[str, str]:
    return {
        "project": str(project.pk),
        "customer_name": "王小明",
        "phone": PHONE,
        "planned_date": localdate().isoformat(),
        "has_consent": "on",
        **other,
    }


def test_a_broker_sees_the_commissions_of_their_own_registrations(client: Client, company: OrgUnit) -> None:
    line, other = (
        make_earned(company, payable_percent="0", total=Decimal(total)) for total in (1_234_500, 7_654_300)
    )

    shown = client.get(link_of(line.registration.broker)).content.decode()

    assert (line.amount, other.amount) == (Decimal(12_345), Decimal(76_543))
    assert "12345.00" in shown
    assert "76543.00" not in shown


@pytest.mark.requirement("S279")
def test_a_broker_registers_by_their_link_and_sees_it_masked(client: Client, company: OrgUnit) -> None:
    broker, project = make_broker(company), make_project(company)
    address = link_of(broker)

    sent = client.post(address, filled(project))
    shown = client.get(address)

    row = ChannelRegistration.objects.get()
    page = shown.content.decode()
    assert (sent.status_code, shown.status_code) == (302, 200)
    assert (row.broker_id, row.way, row.registered_by_id) == (broker.pk, "link", None)
    assert "138****5678" in page
    assert PHONE not in page
    assert "no-store" in shown.headers["Cache-Control"]


def test_of_the_token_only_the_hash_is_kept(company: OrgUnit) -> None:
    broker = make_broker(company)

    token = renew_link(broker, actor=SYSTEM, now=timezone.now())

    kept = Broker.objects.filter(pk=broker.pk).values().get()
    assert token not in str(kept)
    assert len(kept["digest"]) == 64


def test_a_broker_sees_nothing_of_another_even_of_the_same_partner(client: Client, company: OrgUnit) -> None:
    broker, project = make_broker(company), make_project(company)
    colleague = make_broker(company, partner=broker.partner)
    other = register(colleague, project, name="李别人", phone="13900001111", now=timezone.now())
    address = link_of(broker)

    shown = client.get(address)
    objected = client.post(f"{address}/{other.pk}/object", {"claim": "我的"})

    assert "李别人" not in shown.content.decode()
    assert objected.status_code == 404
    assert not RegistrationConflict.objects.exists()


def test_wrong_renewed_withdrawn_ended_and_dismissed_links_answer_as_one_that_never_was(
    client: Client, company: OrgUnit
) -> None:
    now, brokers = timezone.now(), [make_broker(company) for _number in range(4)]
    renewed, withdrawn, ended, dismissed = (link_of(broker) for broker in brokers)
    renew_link(brokers[0], actor=SYSTEM, now=now)
    withdraw_link(brokers[1], actor=SYSTEM, now=now)
    Broker.objects.filter(pk=brokers[2].pk).update(link_ends_at=now - timedelta(seconds=1))
    yesterday = localdate() - timedelta(days=1)
    change_broker(brokers[3], active_until_date=yesterday, actor=SYSTEM, now=now)
    addresses = ["/p/b/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", renewed, withdrawn, ended, dismissed]

    answers = [client.get(address) for address in addresses]
    posted = [client.post(address, {}) for address in addresses]

    assert {answer.status_code for answer in (*answers, *posted)} == {404}
    assert len({TOKEN.sub("", answer.content.decode()) for answer in answers}) == 1


def test_the_page_says_one_word_for_a_known_customer_and_one_registered_before(
    client: Client, company: OrgUnit
) -> None:
    broker, project = make_broker(company), make_project(company)
    register(make_broker(company), project, now=timezone.now())
    address = link_of(broker)
    client.post(address, filled(project))
    row = ChannelRegistration.objects.get(broker=broker)

    shown = client.get(address).content.decode()
    objected = client.post(f"{address}/{row.pk}/object", {"claim": "我先带看"})

    assert row.because == "before"
    assert str(row.get_because_display()) not in shown
    assert (objected.status_code, RegistrationConflict.objects.get().claim) == (302, "我先带看")


def test_what_does_not_hold_is_said_beside_the_field_and_a_project_of_others_is_none(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    address = link_of(make_broker(company))
    project, elsewhere = make_project(company), make_project(neighbour)
    unconfirmed = filled(project)
    del unconfirmed["has_consent"]

    answers = [
        client.post(address, filled(project, phone="12")),
        client.post(address, unconfirmed),
        client.post(address, filled(elsewhere)),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert not ChannelRegistration.objects.exists()


def test_who_registers_too_fast_waits_a_minute(client: Client, company: OrgUnit) -> None:
    broker, project = make_broker(company), make_project(company)
    address, now = link_of(broker), timezone.now()
    count_request(f"registers:{broker.pk}", quota=1, now=now, number=REGISTRATIONS_A_MINUTE)

    answer = client.post(address, filled(project))

    assert answer.status_code == 429
    assert not ChannelRegistration.objects.exists()


def test_who_tries_many_links_finds_none_good(client: Client, company: OrgUnit) -> None:
    address = link_of(make_broker(company))
    count_request("broker:127.0.0.1", quota=1, now=timezone.now(), number=LOOKS_A_MINUTE)

    answer = client.get(address)

    assert answer.status_code == 404


def test_the_form_is_sent_with_a_token_of_the_page_alone(company: OrgUnit) -> None:
    browser = Client(enforce_csrf_checks=True)

    answer = browser.post(link_of(make_broker(company)), filled(make_project(company)))

    assert answer.status_code == 403

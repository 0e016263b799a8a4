"""Consent on the customer's page."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.privacy.models import Consent, Purpose
from hearth.privacy.services import record_consent, sync_purposes
from tests.organization.builders import make_member, sign_in
from tests.privacy.builders import make_consent, make_known_customer

pytestmark = pytest.mark.django_db


def test_a_decision_is_recorded_where_it_is_shown(signed_in: Client, company: OrgUnit) -> None:
    signed_in.cookies["hearth_language"] = "en"
    customer = make_known_customer(company)
    make_consent(customer.pk)
    address = f"/privacy/customers/{customer.pk}/"
    part = {"HX-Request": "true", "HX-Target": "consents"}

    before = signed_in.get(address)
    changed = signed_in.post(
        f"{address}change/",
        {"purpose_code": "marketing", "channel": "any", "decision": "withdrawn", "how": "phone call"},
        headers=part,
    )
    refused = signed_in.post(f"{address}change/", {"purpose_code": "marketing"}, headers=part)

    assert (before.status_code, changed.status_code, refused.status_code) == (200, 200, 422)
    assert "phone call" in changed.content.decode()
    assert "<html" not in changed.content.decode()
    assert Consent.objects.newest_first()[0].decision == "withdrawn"


def test_consent_is_private(client: Client, signed_in: Client, company: OrgUnit, neighbour: OrgUnit) -> None:
    sync_purposes()
    customer = make_known_customer(company)
    address = f"/privacy/customers/{customer.pk}/"

    missing = signed_in.get(f"/privacy/customers/{uuid4()}/")
    stranger = sign_in(client, make_member(neighbour, "privacy.view_consent", "customers.view")).get(address)
    refused = client.post(f"{address}change/", {})

    assert (missing.status_code, stranger.status_code, refused.status_code) == (404, 404, 403)


def test_the_timeline_names_the_purpose_in_the_readers_language(
    signed_in: Client, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    customer = make_known_customer(company)
    sync_purposes()
    record_consent(
        customer,
        purpose_code="marketing",
        channel="email",
        decision="withdrawn",
        how="phone",
        actor=actor,
        now=now,
    )
    address = f"/customers/{customer.pk}/?tab=timeline"
    purpose = Purpose.objects.get(code="marketing")

    in_chinese = signed_in.get(address).content.decode()
    signed_in.cookies["hearth_language"] = "en"
    in_english = signed_in.get(address).content.decode()

    assert f" · {purpose.name_zh}" in in_chinese
    assert f" · {purpose.name_en}" in in_english

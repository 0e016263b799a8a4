"""Making, changing and ending endpoints."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.webhooks.models import Delivery, Endpoint, SigningSecret
from hearth.webhooks.permissions import MANAGE_WEBHOOK
from hearth.webhooks.selectors import owner_actor
from hearth.webhooks.services.endpoints import (
    UnknownEventType,
    WebhookAddressRefused,
    change_endpoint,
    create_endpoint,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
)
from tests.organization.builders import make_actor, make_member
from tests.webhooks.builders import RIGHTS, make_delivery, make_endpoint

pytestmark = pytest.mark.django_db


def test_a_new_endpoint_begins_with_what_happens_from_now_on(company: OrgUnit, now: datetime) -> None:
    endpoint, secret = make_endpoint(company, now=now, types=["cases.opened", "cases.closed"])

    assert secret.startswith("whsec_")
    assert endpoint.types == ["cases.closed", "cases.opened"]
    assert endpoint.is_active
    event = EventRecord.objects.get(type="webhooks.endpoint_created")
    assert (event.subject_id, event.org_unit_id, event.payload) == (endpoint.pk, company.pk, {})


def test_the_secret_is_kept_sealed(company: OrgUnit, now: datetime) -> None:
    endpoint, secret = make_endpoint(company, now=now)

    row = SigningSecret.objects.get(endpoint=endpoint)

    assert row.secret == secret
    assert secret.encode() not in bytes(row.secret_sealed)


def test_nobody_makes_an_endpoint_where_they_may_not(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    actor = make_actor(neighbour, MANAGE_WEBHOOK)

    with pytest.raises(NotAllowed):
        create_endpoint(org_unit=company, name="x", url="https://example.com/", actor=actor, now=now)


@pytest.mark.parametrize("url", ["http://example.com/", "example.com", "https://a:b@example.com/"])
def test_an_address_must_be_one_that_can_be_called(company: OrgUnit, now: datetime, url: str) -> None:
    with pytest.raises(WebhookAddressRefused):
        make_endpoint(company, now=now, url=url)


def test_an_unknown_type_of_event_is_named(company: OrgUnit, now: datetime) -> None:
    with pytest.raises(UnknownEventType, match=r"customer\.exploded"):
        make_endpoint(company, now=now, types=["customer.exploded"])


def test_whoever_redirects_an_endpoint_becomes_its_owner(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    other = make_member(company, *RIGHTS)
    values: dict[str, Any] = {"name": endpoint.name, "types": [], "is_full": False}

    renamed = change_endpoint(
        endpoint,
        **{**values, "name": "New name"},
        url=endpoint.url,
        actor=owner_actor(other, now=now),
        now=now,
    )
    redirected = change_endpoint(
        endpoint, **values, url="https://elsewhere.example.com/", actor=owner_actor(other, now=now), now=now
    )

    assert renamed.owner == endpoint.owner
    assert redirected.owner == other


def test_a_change_of_nothing_records_nothing(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    actor = owner_actor(endpoint.owner, now=now)

    change_endpoint(
        endpoint, name=endpoint.name, url=endpoint.url, types=[], is_full=False, actor=actor, now=now
    )

    assert not EventRecord.objects.filter(type="webhooks.endpoint_changed").exists()


def test_pausing_and_resuming_keeps_the_place_in_the_stream(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    actor = owner_actor(endpoint.owner, now=now)

    paused = pause_endpoint(endpoint, actor=actor, now=now)
    resumed = resume_endpoint(paused, actor=actor, now=now)

    assert (paused.state, resumed.state) == ("paused", "active")
    assert resumed.after_transaction == endpoint.after_transaction


def test_one_whose_owner_left_belongs_to_who_resumes_it(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    Endpoint.objects.update(state="disabled", state_reason="owner_left")
    other = make_member(company, *RIGHTS)

    resumed = resume_endpoint(endpoint, actor=owner_actor(other, now=now), now=now)

    assert (resumed.owner, resumed.state_reason) == (other, "")


def test_the_old_secret_lasts_a_day_beside_the_new_one(company: OrgUnit, now: datetime) -> None:
    endpoint, first = make_endpoint(company, now=now)
    actor = owner_actor(endpoint.owner, now=now)

    second = rotate_secret(endpoint, actor=actor, now=now)
    third = rotate_secret(endpoint, actor=actor, now=now + timedelta(hours=25))

    kept = {row.secret: row.expires_at for row in SigningSecret.objects.filter(endpoint=endpoint)}
    assert first not in kept
    assert kept == {second: now + timedelta(hours=49), third: None}


def test_a_removed_endpoint_leaves_nothing_but_the_event(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    make_delivery(endpoint, now=now)

    remove_endpoint(endpoint, actor=owner_actor(endpoint.owner, now=now), now=now)

    assert not Endpoint.objects.exists()
    assert not Delivery.objects.exists()
    assert EventRecord.objects.filter(type="webhooks.endpoint_removed", subject_id=endpoint.pk).exists()

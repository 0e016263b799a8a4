"""The worker of webhooks goes on, whatever one attempt does."""

from datetime import datetime

import pytest
from django.utils import timezone

from hearth.organization.models import OrgUnit
from hearth.webhooks import runner
from hearth.webhooks.gateway import Outcome
from hearth.webhooks.models import Delivery
from hearth.webhooks.runner import Runner
from tests.webhooks.builders import make_delivery, make_endpoint

pytestmark = pytest.mark.django_db


def test_an_attempt_that_breaks_is_a_failed_one_and_the_others_arrive(
    company: OrgUnit, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    good, _secret = make_endpoint(company, now=now, url="https://good.example.com/")
    bad, _secret = make_endpoint(company, now=now, url="https://bad.example.com/")
    arrived, broken = make_delivery(good, now=now), make_delivery(bad, now=now)

    def post(url: str, *_parts: object, **_named: object) -> Outcome:
        if "bad" in url:
            raise OverflowError
        return Outcome(204, "", 0.1)

    monkeypatch.setattr(runner, "post", post)

    Runner(timezone.now).run_until_empty()

    states = dict(Delivery.objects.values_list("pk", "state"))
    assert (states[arrived.pk], states[broken.pk]) == ("delivered", "waiting")
    assert [(attempt.status, attempt.error) for attempt in broken.tries.all()] == [(None, "broken")]
    assert "An attempt for the webhook" in caplog.text

"""What customers do with the links in a message, without signing in."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from hearth.campaigns.models import CampaignMember, Response
from hearth.organization.models import OrgUnit
from hearth.privacy.selectors import may_contact
from tests.campaigns.builders import make_running_campaign, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(company: OrgUnit) -> CampaignMember:
    return member_of(make_running_campaign(company, now=timezone.now()))


def kinds_of(member: CampaignMember) -> list[str]:
    return list(Response.objects.filter(member=member).order_by("id").values_list("kind", flat=True))


@pytest.mark.requirement("S51")
def test_following_the_link_is_noted_and_only_the_button_is_an_answer(
    client: Client, member: CampaignMember
) -> None:
    opened = client.get(f"/p/r/{member.token}")
    client.get(f"/p/r/{member.token}")
    assert kinds_of(member) == ["opened"]
    answered = client.post(f"/p/r/{member.token}")

    assert (opened.status_code, answered.status_code) == (200, 200)
    assert kinds_of(member) == ["opened", "response"]
    member.refresh_from_db()
    assert member.responded_at is not None
    assert "no-store" in opened.headers["Cache-Control"]


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}])
def test_a_program_that_looks_ahead_is_no_reader(
    client: Client, member: CampaignMember, headers: dict[str, str]
) -> None:
    client.head(f"/p/r/{member.token}")
    client.get(f"/p/r/{member.token}", headers=headers)

    assert kinds_of(member) == []


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "One-Click"}])
def test_one_press_or_one_click_stops_the_messages(member: CampaignMember, body: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)

    shown = client.get(f"/p/u/{member.token}")
    before = may_contact([member.customer_id], "marketing", "email")[member.customer_id]
    done = client.post(f"/p/u/{member.token}", body)

    after = may_contact([member.customer_id], "marketing", "email")[member.customer_id]
    assert (shown.status_code, done.status_code) == (200, 200)
    assert (before.value, after.value) == ("allowed", "opted_out")
    assert kinds_of(member) == ["opt_out"]


@pytest.mark.parametrize("page", ["r", "u"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_token_is_a_page_that_never_was(
    client: Client, db: None, page: str, method: str, now: datetime
) -> None:
    response = getattr(client, method)(f"/p/{page}/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")

    assert response.status_code == 404

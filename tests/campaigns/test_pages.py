"""Pages of campaigns, as a browser sees them."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.campaigns.models import Campaign, CampaignMember
from hearth.campaigns.permissions import VIEW_CAMPAIGN, WORK_CALL_LIST
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit
from hearth.privacy.services import sync_purposes
from tests.campaigns.builders import (
    CALL,
    CONTROL,
    make_campaign,
    make_reachable_customer,
    make_running_campaign,
    make_segment,
)
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
PLAN = {
    "name": "开放日",
    "goal": "参观",
    "hypothesis": "看过才买",
    "occasion": "customer_event",
    "purpose_code": "marketing",
    "main_outcome": "response",
    "planned_lift": "2",
    "window_days": "14",
    "max_contacts_30_days": "3",
}


@pytest.fixture(autouse=True)
def _english(signed_in: Client) -> None:
    sync_purposes()
    signed_in.cookies["hearth_language"] = "en"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def arms_form(*arms: tuple[str, str, str, str, str]) -> dict[str, str]:
    form = {"form-TOTAL_FORMS": str(len(arms)), "form-INITIAL_FORMS": "0"}
    for number, values in enumerate(arms):
        names = ("name", "channel", "share", "subject", "body")
        form |= {f"form-{number}-{name}": value for name, value in zip(names, values, strict=True)}
    return form


def test_a_campaign_is_planned_drawn_started_and_read(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    segment = make_segment(company, members=[make_reachable_customer(company) for _ in range(6)])

    created = signed_in.post("/campaigns/new/", {**PLAN, "org_unit": company.pk, "segment": str(segment.pk)})
    campaign = Campaign.objects.get()
    address = f"/campaigns/{campaign.pk}"
    arms = arms_form(
        ("control", "", "50", "", ""), ("mail", "email", "50", "Hello", "{name} {link} {opt_out}"), ("",) * 5
    )
    set_arms = signed_in.post(f"{address}/arms/", arms)
    plan = signed_in.get(f"{address}/plan/")
    drawn = signed_in.post(f"{address}/draw/")
    audience = signed_in.get(f"{address}/audience/")
    started = signed_in.post(f"{address}/launch/")
    result = signed_in.get(f"{address}/result/")

    assert [answer.status_code for answer in (created, set_arms, drawn, started)] == [303] * 4
    assert "Four tests" in text_of(plan)
    assert "/p/r/sample" in text_of(plan)
    assert "Start now" in text_of(audience)
    assert "Revenue per head" in text_of(result)
    campaign.refresh_from_db()
    assert campaign.state == "running"


def test_a_campaign_without_segment_is_sent_back(signed_in: Client, company: OrgUnit) -> None:
    response = signed_in.post("/campaigns/new/", {**PLAN, "org_unit": company.pk})

    assert response.status_code == 422
    assert "A campaign addresses a segment" in text_of(response)


def test_unsound_arms_are_sent_back_with_the_reason(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    campaign = make_campaign(company, now=now)

    response = signed_in.post(
        f"/campaigns/{campaign.pk}/arms/",
        arms_form(("control", "", "1", "", ""), ("x", "call", "99", "", "")),
    )

    assert response.status_code == 422
    assert "The control group needs at least 5 % of the audience." in text_of(response)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", ["plan/", "audience/", "calls/", "result/"])
def test_every_page_opens_in_both_languages(
    signed_in: Client, company: OrgUnit, now: datetime, page: str, language: str
) -> None:
    signed_in.cookies["hearth_language"] = language
    campaign = make_running_campaign(company, now=now, number=4, arms=[CONTROL, CALL])

    response = signed_in.get(f"/campaigns/{campaign.pk}/{page}")

    assert response.status_code == 200
    assert campaign.name in text_of(response)


def test_a_campaign_opens_at_the_page_that_matters_now(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    draft, running = make_campaign(company, now=now), make_running_campaign(company, now=now)

    answers = [signed_in.get(f"/campaigns/{campaign.pk}/") for campaign in (draft, running)]

    assert [answer.headers["Location"] for answer in answers] == [
        f"/campaigns/{draft.pk}/plan/",
        f"/campaigns/{running.pk}/result/",
    ]


def test_the_needed_size_follows_the_rate_that_is_entered(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    campaign = make_campaign(company, now=now)

    response = signed_in.get(
        f"/campaigns/{campaign.pk}/plan/?baseline=10", headers={"HX-Request": "true", "HX-Target": "power"}
    )

    assert "Too small: 7682 customers" in text_of(response)
    assert "<html" not in text_of(response)


def test_the_phone_is_shown_only_to_who_took_the_call(signed_in: Client, company: OrgUnit) -> None:
    campaign = make_running_campaign(company, now=timezone.now(), number=16, arms=[CONTROL, CALL])
    address = f"/campaigns/{campaign.pk}/calls/"

    before = signed_in.get(address)
    taken = signed_in.post(address)
    member = CampaignMember.objects.get(call_taken_at__isnull=False)
    closed = signed_in.post(f"{address}{member.pk}/", {"result": "reached", "responded": "on", "note": "ok"})
    untaken = campaign.members.filter(call_result="", treatment__channel="call").first()
    assert untaken is not None
    stolen = signed_in.post(f"{address}{untaken.pk}/", {"result": "reached"})

    assert "tel:" not in text_of(before)
    assert "tel:+8613800" in text_of(taken)
    assert (closed.status_code, stolen.status_code) == (303, 404)
    member.refresh_from_db()
    assert (member.call_result, member.responded_at is None) == ("reached", False)


def test_a_call_without_a_result_is_sent_back(signed_in: Client, company: OrgUnit, now: datetime) -> None:
    campaign = make_running_campaign(company, now=now, arms=[CONTROL, CALL])
    signed_in.post(f"/campaigns/{campaign.pk}/calls/")
    member = CampaignMember.objects.get(call_taken_at__isnull=False)

    response = signed_in.post(f"/campaigns/{campaign.pk}/calls/{member.pk}/", {})

    assert response.status_code == 422


def test_a_trial_goes_to_ones_own_address(signed_in: Client, company: OrgUnit, now: datetime) -> None:
    campaign = make_campaign(company, now=now)
    mail = campaign.treatments.get(channel="email")

    response = signed_in.post(f"/campaigns/{campaign.pk}/arms/{mail.pk}/trial/")

    assert response.status_code == 303
    job = ProcrastinateJob.objects.get(task_name="campaigns.send_trial")
    assert set(job.args) == {"treatment_id", "user_id"}


def test_a_stranger_gets_nothing_and_a_reader_no_launch(
    client: Client, company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    campaign = make_campaign(company, now=now)
    elsewhere = sign_in(client, make_member(neighbour, VIEW_CAMPAIGN))

    hidden = elsewhere.get(f"/campaigns/{campaign.pk}/result/")
    refused = elsewhere.post(f"/campaigns/{campaign.pk}/launch/")

    assert (hidden.status_code, refused.status_code) == (404, 403)


def test_the_list_says_how_many_campaigns_follow_our_own_timetable(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    make_running_campaign(company, now=now)

    listed, empty = signed_in.get("/campaigns/"), signed_in.get("/campaigns/?q=nothing")

    assert "100 %" in text_of(listed)
    assert "No campaign here" in text_of(empty)


def test_ending_a_campaign_shows_its_result(signed_in: Client, company: OrgUnit, now: datetime) -> None:
    campaign = make_running_campaign(company, now=now)

    response = signed_in.post(f"/campaigns/{campaign.pk}/end/")

    assert response.headers["Location"] == f"/campaigns/{campaign.pk}/result/"
    campaign.refresh_from_db()
    assert campaign.state == "finished"


def test_who_only_calls_finds_the_lists_in_the_rail_and_no_way_to_closed_pages(
    client: Client, company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    campaign = make_running_campaign(company, now=now, number=4, arms=[CONTROL, CALL])
    elsewhere = make_running_campaign(neighbour, now=now, number=4, arms=[CONTROL, CALL])
    mailed, planned = (
        make_running_campaign(company, now=now),
        make_campaign(company, now=now, arms=[CONTROL, CALL]),
    )
    sign_in(client, make_member(company, SIGNED_IN, WORK_CALL_LIST))

    home, listed = text_of(client.get("/")), text_of(client.get("/campaigns/calls/"))
    calls = text_of(client.get(f"/campaigns/{campaign.pk}/calls/"))

    assert 'href="/campaigns/calls/"' in home
    assert f"/campaigns/{campaign.pk}/calls/" in listed
    assert "0 / " in listed
    assert not [other for other in (elsewhere, mailed, planned) if other.name in listed]
    assert 'href="/campaigns/"' not in calls
    assert f"/campaigns/{campaign.pk}/result/" not in calls


def test_call_lists_take_the_same_queries_for_any_number(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    make_running_campaign(company, now=now, number=4, arms=[CONTROL, CALL])
    with_one = count_queries(signed_in, "/campaigns/calls/")

    for _ in range(2):
        make_running_campaign(company, now=now, number=4, arms=[CONTROL, CALL])

    assert count_queries(signed_in, "/campaigns/calls/") == with_one

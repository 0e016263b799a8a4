"""Clocks in the list, on the page of a case, and for programs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hearth.cases.levels import SERVICE_LEVELS
from hearth.cases.models import Case
from hearth.cases.services import (
    pause_case,
)
from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.organization.permissions import CHANGE_SETTING
from hearth.organization.services import set_setting
from tests.api.builders import make_program
from tests.cases.builders import make_case
from tests.cases.test_clocks import HANDLE, HOUR, open_new
from tests.organization.builders import make_member, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, company: OrgUnit) -> Client:
    return sign_in(client, make_member(company, *HANDLE, CHANGE_SETTING))


def test_the_list_knows_what_is_overdue_due_soon_and_waiting(desk: Client, company: OrgUnit) -> None:
    now = datetime.now(tz=UTC)
    value = [{"step": "solution", "minutes": 100, "counting": "all_hours", "pauses": True}]
    actor = Actor.system("test")
    set_setting(SERVICE_LEVELS.key, actor=actor, now=now, org_unit=company, value=value)
    ages = {"overdue": 120, "soon": 80, "fine": 10, "waiting": 20}
    for title, minutes in ages.items():
        open_new(company, now - timedelta(minutes=minutes), title=f"案{title}")
    pause_case(Case.objects.get(title="案waiting"), actor=actor, reason="papers", now=now)

    shown = {
        test: sorted(
            title
            for title in ages
            if f"案{title}" in desk.get(reverse("cases:cases"), {"promise": test}).content.decode()
        )
        for test in ("overdue", "soon", "waiting", "overdue,soon", "not:overdue")
    }

    assert shown == {
        "overdue": ["overdue"],
        "soon": ["soon"],
        "waiting": ["waiting"],
        "overdue,soon": ["overdue", "soon"],
        "not:overdue": ["fine", "soon", "waiting"],
    }


def test_clocks_are_stopped_and_run_again_in_the_browser(desk: Client, company: OrgUnit) -> None:
    case = make_case(company, opened_at=datetime.now(tz=UTC) - HOUR, kind="repair")
    page = reverse("cases:case", args=[case.pk])

    def ask(name: str) -> str:
        return reverse(f"cases:{name}", args=[case.pk])

    shown = desk.get(page).content.decode()
    refused = desk.post(ask("pause"), {"reason": "other", "note": ""})
    paused = desk.post(ask("pause"), {"reason": "papers", "note": "照片"})
    waiting = desk.get(page).content.decode()
    resumed = desk.post(ask("resume"))
    late = desk.post(ask("visit"), {"visited_at": "2020-01-01T10:00"})
    visited = desk.post(ask("visit"), {"visited_at": f"{datetime.now(tz=UTC) + 8 * HOUR:%Y-%m-%dT%H:%M}"})
    desk.post(ask("answer"), {"reply": "好"})
    desk.post(ask("close"))
    odd = desk.post(ask("call_back"), {"rating": "6"})
    called = desk.post(ask("call_back"), {"rating": "3"})

    assert ("承诺时限" in shown, "照片" in waiting) == (True, True)
    statuses = [answer.status_code for answer in (refused, paused, resumed, late, visited, odd, called)]
    assert statuses == [422, 303, 303, 422, 303, 422, 303]
    assert Case.objects.get().is_satisfied is True


def test_the_levels_of_a_place_are_read_with_their_source(desk: Client, company: OrgUnit) -> None:
    page = desk.get(reverse("cases:levels"), {"place": company.pk})
    elsewhere = desk.get(reverse("cases:levels"), {"place": 10**15})

    assert (page.status_code, elsewhere.status_code) == (200, 404)
    words = page.content.decode()
    assert ("投诉 · 重大" in words, "7 个工作日" in words, "时钟暂停" in words) == (True,) * 3


def test_the_api_gives_the_clocks_and_takes_the_steps(company: OrgUnit) -> None:
    api = make_program(company)
    case = make_case(company, opened_at=datetime.now(tz=UTC) - HOUR, kind="repair")

    paused = api.post(f"/cases/{case.pk}/pause", {"reason": "papers"})
    clocks = api.get(f"/cases/{case.pk}").body["clocks"]
    resumed = api.post(f"/cases/{case.pk}/resume", {})
    visited = api.post(f"/cases/{case.pk}/visit", {})

    assert [answer.status for answer in (paused, resumed, visited)] == [201, 201, 201]
    assert [(clock["step"], clock["due_at"] is None) for clock in clocks] == [
        ("answer", False),
        ("dispatch", False),
        ("solution", True),
    ]
    assert visited.body["visited_at"]

"""The page of snapshots."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hearth.organization.models import OrgUnit
from hearth.warehouse.models import Snapshot
from tests.organization.builders import make_member, sign_in
from tests.warehouse.builders import make_snapshot

pytestmark = pytest.mark.django_db
URL = "/warehouse/"


def test_an_empty_warehouse_says_what_to_do(signed_in: Client) -> None:
    response = signed_in.get(URL, headers={"accept-language": "en"})

    assert response.status_code == 200
    assert "No snapshot yet" in response.content.decode() or "还没有快照" in response.content.decode()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "已完成"), ("en", "done")])
def test_snapshots_are_listed_with_their_rows(
    signed_in: Client, now: datetime, language: str, word: str
) -> None:
    make_snapshot(now, tables={"events": 1234})
    signed_in.cookies["hearth_language"] = language

    text = signed_in.get(URL).content.decode()

    assert word in text
    assert "1,234" in text
    assert "2026-03-18 14:30" in text


def test_the_page_renews_itself_only_while_one_is_taken(signed_in: Client, now: datetime) -> None:
    make_snapshot(now)
    before = signed_in.get(URL).content.decode()
    make_snapshot(now + timedelta(minutes=1), state=Snapshot.State.RUNNING)

    during = signed_in.get(URL).content.decode()

    assert ("every 2s" in before, "every 2s" in during) == (False, True)


def test_the_button_queues_a_snapshot(signed_in: Client) -> None:
    response = signed_in.post(reverse("warehouse:take"))

    assert response.status_code == 303
    assert [row.state for row in Snapshot.objects.all()] == [Snapshot.State.QUEUED]


def test_a_second_press_is_answered_kindly(signed_in: Client) -> None:
    signed_in.post(reverse("warehouse:take"))

    response = signed_in.post(reverse("warehouse:take"), follow=False)

    assert response.status_code == 303
    assert Snapshot.objects.count() == 1


def test_a_reader_sees_no_button_and_may_not_press_it(client: Client, group: OrgUnit) -> None:
    sign_in(client, make_member(group, "warehouse.view"))

    page, pressed = client.get(URL), client.post(reverse("warehouse:take"))

    assert reverse("warehouse:take") not in page.content.decode()
    assert pressed.status_code == 403

"""The bell: what a person is told inside the product."""

import re
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import Notification, User
from hearth.accounts.services import notify
from hearth.core.notifications import notification_kinds
from hearth.organization.models import OrgUnit
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
KIND = "tasks.raised"


@pytest.fixture
def reader(company: OrgUnit) -> User:
    return make_member(company, "core.signed_in")


@pytest.fixture
def desk(client: Client, reader: User) -> Client:
    return sign_in(client, reader)


def tell(user: User, now: datetime, title: str = "回访") -> Notification:
    notify([user.pk], KIND, url="/tasks/", now=now, params={"title": title})
    return Notification.objects.filter(user=user).latest("created_at", "id")


def test_a_sentence_without_its_parameters_or_that_nobody_declared_is_not_kept(
    reader: User, now: datetime
) -> None:
    with pytest.raises(KeyError):
        notify([reader.pk], KIND, url="/", now=now)
    with pytest.raises(KeyError):
        notify([reader.pk], "no.such", url="/", now=now)

    assert Notification.objects.count() == 0


def test_the_sentence_is_read_in_the_reader_s_language(desk: Client, reader: User, now: datetime) -> None:
    tell(reader, now, title="回访")

    english = desk.get(reverse("accounts:notifications")).content.decode()
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    chinese = desk.get(reverse("accounts:notifications")).content.decode()

    assert ("有一项任务给您：回访" in chinese, "A task for you: 回访" in english) == (True, True)


def test_opening_marks_as_read_and_leads_there(desk: Client, reader: User, now: datetime) -> None:
    row = tell(reader, now)

    answer = desk.post(reverse("accounts:open_notification", args=[row.pk]))

    assert (answer.status_code, answer.headers["Location"]) == (302, "/tasks/")
    assert Notification.objects.unread().count() == 0


def test_another_s_bell_is_neither_read_nor_opened(desk: Client, company: OrgUnit, now: datetime) -> None:
    other = make_member(company, "core.signed_in")
    row = tell(other, now, title="别人的")

    answer = desk.post(reverse("accounts:open_notification", args=[row.pk]))
    desk.post(reverse("accounts:read_all"))

    assert answer.status_code == 404
    assert Notification.objects.unread().count() == 1
    assert "别人的" not in desk.get(reverse("accounts:notifications")).content.decode()


def test_all_are_marked_as_read_at_once(desk: Client, reader: User, now: datetime) -> None:
    for _time in range(2):
        tell(reader, now)

    before = desk.get(reverse("accounts:bell")).content.decode()
    desk.post(reverse("accounts:read_all"))
    after = desk.get(reverse("accounts:bell")).content.decode()

    assert ("2 unread" in before, "unread" in after) == (True, False)


def test_the_menu_and_the_page_take_as_many_queries_for_three_as_for_one(
    desk: Client, reader: User, now: datetime
) -> None:
    address = reverse("accounts:notifications")
    tell(reader, now)
    before = count_queries(desk, address)
    tell(reader, now)
    tell(reader, now)

    assert count_queries(desk, address) == before
    menu = desk.get(address, headers={"HX-Request": "true", "HX-Target": "bell-menu"}).content.decode()
    assert (menu.count("回访"), "<html" in menu) == (3, False)


def test_every_declared_sentence_names_an_icon_that_exists(desk: Client, reader: User, now: datetime) -> None:
    for code, kind in notification_kinds.items():
        Notification.objects.create(
            user=reader, kind=code, params=AnyWord(), url="/", created_at=now, updated_at=now
        )
        assert kind.icon

    assert desk.get(reverse("accounts:notifications")).status_code == 200


class AnyWord(dict[str, str]):
    """Every parameter that a sentence may name."""

    def __init__(self) -> None:
        names = (
            "actor",
            "title",
            "name",
            "count",
            "customer",
            "day",
            "until",
            "who",
            "rows",
            "rule",
            "number",
            "address",
            "until",
            "project",
            "households",
            "topic",
            "starts",
            "mailbox",
        )
        super().__init__(dict.fromkeys(names, "1"))


def test_the_rail_has_a_place_for_each_count_that_the_bell_brings(
    client: Client, administrator: User, company: OrgUnit
) -> None:
    desk = sign_in(client, administrator)
    brought = re.findall(r'<span id="(waiting-[\w-]+)"', desk.get(reverse("accounts:bell")).content.decode())

    page = desk.get(reverse("workspace:home")).content.decode()

    assert brought
    assert [name for name in brought if f'id="{name}"' not in page] == []

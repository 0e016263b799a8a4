"""The left rail shows where the reader is."""

import re

import pytest
from django.test import Client

from hearth.accounts.models import User
from hearth.core.navigation import Place, register_place
from hearth.core.permissions import SIGNED_IN
from hearth.core.registry import AlreadyRegistered
from tests.organization.builders import sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/customers/", "/customers/duplicates/"])
def test_one_entry_is_marked_as_open_and_it_is_the_nearest(
    client: Client, administrator: User, path: str
) -> None:
    page = sign_in(client, administrator).get(path).content.decode()

    assert re.findall(r'class="nav-link" href="([^"]+)" aria-current="page"', page) == [path]


def test_a_letter_leads_to_one_place() -> None:
    with pytest.raises(AlreadyRegistered, match="g t"):
        register_place(Place("Elsewhere", "home", "elsewhere:list", SIGNED_IN, order=1, shortcut="t"))


def test_the_rail_begins_with_ones_own_work_and_each_part_has_a_heading(
    client: Client, administrator: User
) -> None:
    page = sign_in(client, administrator).get("/").content.decode()

    headings = re.findall(r'class="subheader hearth-section" aria-hidden="true">([^<]+)<', page)
    links = re.findall(r'<a class="nav-link" href="([^"]+)"', page)

    assert headings == ["客户与房源", "策划与执行", "文件与数据", "设置"]
    assert links.index("/tasks/") < links.index("/customers/") < links.index("/imports/")

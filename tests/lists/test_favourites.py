"""What a person keeps in the rail: in their own order, in folders, and remembered by the session."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.permissions import SIGNED_IN
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.lists.models import PinnedView, SavedView
from hearth.lists.selectors import pinned_views
from hearth.lists.services import FolderNameTooLong, arrange_pins, pin_view
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from tests.lists.builders import make_view
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db


def keep(user: User, *names: str) -> list[SavedView]:
    views = [make_view(user, name=name) for name in names]
    for view in views:
        pin_view(view, actor=actor_of(user), is_pinned=True)
    return views


def actor_of(user: User) -> Actor:
    return actor_for(user, today=localdate())


def kept(user: User) -> list[tuple[str, str]]:
    return [(pin.view.name, pin.folder) for pin in pinned_views(actor_of(user))]


def test_favourites_stand_in_the_order_and_the_folders_one_gave_them(company: OrgUnit) -> None:
    owner = make_member(company, VIEW_CUSTOMER)
    first, second, third, fourth = keep(owner, "A", "B", "C", "D")

    arrange_pins(
        [(fourth.pk, " 例会 "), (third.pk, ""), (first.pk, "例会"), (second.pk, "")], actor=actor_of(owner)
    )

    assert kept(owner) == [("C", ""), ("B", ""), ("D", "例会"), ("A", "例会")]


def test_what_is_not_named_follows_and_what_is_not_pinned_is_passed_over(company: OrgUnit) -> None:
    owner, other = make_member(company, VIEW_CUSTOMER), make_member(company, VIEW_CUSTOMER)
    first, second, third = keep(owner, "A", "B", "C")
    keep(other, "X")

    arrange_pins([(third.pk, "例会"), (uuid4(), "例会")], actor=actor_of(owner))

    assert kept(owner) == [("A", ""), ("B", ""), ("C", "例会")]
    assert list(
        PinnedView.objects.filter(user=owner).order_by("position").values_list("view", flat=True)
    ) == [
        third.pk,
        first.pk,
        second.pk,
    ]
    assert kept(other) == [("X", "")]


def test_a_name_the_rail_has_no_room_for_changes_nothing(company: OrgUnit) -> None:
    owner = make_member(company, VIEW_CUSTOMER)
    first, second = keep(owner, "A", "B")

    with pytest.raises(FolderNameTooLong):
        arrange_pins([(second.pk, ""), (first.pk, "x" * 31)], actor=actor_of(owner))

    assert kept(owner) == [("A", ""), ("B", "")]


def test_nobody_has_no_favourites_to_arrange() -> None:
    with pytest.raises(NotAllowed):
        arrange_pins([], actor=Actor.nobody())


def test_favourites_are_arranged_in_the_browser_and_shown_in_the_rail(
    client: Client, company: OrgUnit
) -> None:
    owner = make_member(company, SIGNED_IN, VIEW_CUSTOMER)
    first, second = keep(owner, "First", "Second")
    browser = sign_in(client, owner)

    before = str(browser.get("/lists/favourites/").content.decode())
    answer = browser.post(
        "/lists/favourites/",
        {"view": [second.pk, first.pk, "nonsense"], f"folder-{first.pk}": "例会", f"folder-{second.pk}": ""},
    )
    shown = str(browser.get("/customers/").content.decode())

    assert before.index("First") < before.index("Second")
    assert answer.status_code == 303
    assert '<summary class="nav-link-title text-truncate">例会</summary>' in shown
    assert shown.index(">Second</span>") < shown.index(">例会</summary>") < shown.index(">First</span>")


def test_a_refused_name_is_told_and_nothing_is_lost(client: Client, company: OrgUnit) -> None:
    owner = make_member(company, SIGNED_IN, VIEW_CUSTOMER)
    first, second = keep(owner, "First", "Second")
    long = "x" * 31

    answer = sign_in(client, owner).post(
        "/lists/favourites/", {"view": [second.pk, first.pk], f"folder-{first.pk}": long}
    )

    shown = str(answer.content.decode())
    content = shown[shown.index("data-favourites") :]
    assert answer.status_code == 422
    assert f'value="{long}"' in content
    assert content.index("Second") < content.index("First")
    assert kept(owner) == [("First", ""), ("Second", "")]


@pytest.mark.parametrize("rows", [1, 3])
def test_arranging_costs_the_same_for_any_number_of_favourites(
    signed_in: Client, administrator: User, rows: int
) -> None:
    keep(administrator, *(f"View {number}" for number in range(rows)))

    assert count_queries(signed_in, "/lists/favourites/") == 4

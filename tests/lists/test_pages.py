"""The page of a list and its parts, as a browser sees them."""

from typing import Any

import pytest
from django.test import Client

from hearth.accounts.models import User
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.lists.models import DefaultView, PinnedView, SavedView
from hearth.lists.permissions import SHARE_VIEW
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer, make_home, make_profile, make_unit_role
from tests.lists.builders import make_view, too_slow
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries, tell_the_planner

pytestmark = pytest.mark.django_db
LIST = "/customers/"
PART = {"HX-Request": "true", "HX-Target": "list"}


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_customers_costs_the_same_for_any_number_of_rows(
    signed_in: Client, company: OrgUnit, rows: int
) -> None:
    for _ in range(rows):
        customer = make_customer(company)
        make_profile(customer)
        make_unit_role(customer, make_home(company))

    tell_the_planner()
    assert count_queries(signed_in, LIST) == 14


@pytest.mark.parametrize("rows", [1, 3])
def test_all_columns_of_customers_cost_the_same_for_any_number_of_rows(
    signed_in: Client, company: OrgUnit, rows: int
) -> None:
    for _ in range(rows):
        make_profile(
            make_customer(company, emails=("wang@example.com",), source="call", occupation="teacher")
        )
    every = (
        "phone,stage,tier,homes,place,responsible,contact,changed,recorded,source,kind,occupation,email,key"
    )

    tell_the_planner()
    assert count_queries(signed_in, LIST, columns=every) == 16


def test_every_part_of_the_address_shows_on_the_page(signed_in: Client, company: OrgUnit) -> None:
    signed_in.cookies["hearth_language"] = "en"
    make_profile(make_customer(company, name="王伟", source="call"), owner_stage="pre_owner")

    shown = text_of(
        signed_in.get(f"{LIST}?q=ww&stage=pre_owner&source=call&columns=source&sort=name&group=stage")
    )

    assert "Owner stage: <strong" in shown
    assert "Remove the filter Source" in shown
    assert ">call<" in shown
    assert 'aria-sort="ascending"' in shown
    assert "/lists/customers/groups/?" in shown


def test_what_the_address_asks_in_vain_is_said(signed_in: Client, company: OrgUnit) -> None:
    signed_in.cookies["hearth_language"] = "en"

    shown = text_of(signed_in.get(f"{LIST}?mood=good"))
    lost = text_of(signed_in.get(f"{LIST}?view=00000000-0000-0000-0000-000000000000"))

    assert "This list does not know “mood” from the address" in shown
    assert "The view this address names is not there for you." in lost


def test_names_are_shown_as_text(signed_in: Client, company: OrgUnit) -> None:
    make_customer(company, name="<b>&王")

    shown = text_of(signed_in.get(LIST))

    assert "<b>&" not in shown
    assert "&lt;b&gt;&amp;王" in shown


def test_the_part_that_is_swapped_tells_the_browser_its_address(signed_in: Client, company: OrgUnit) -> None:
    make_customer(company, name="张三丰")

    response = signed_in.get(f"{LIST}?stage=&tier=top&tier=large&tier~op=not", headers=PART)

    assert "<html" not in text_of(response)
    assert response.headers["HX-Push-Url"] == "/customers/?tier=not:top,large"


def test_pages_follow_each_other(signed_in: Client, company: OrgUnit) -> None:
    customers = [make_customer(company) for _ in range(51)]
    Customer.objects.filter(pk=customers[0].pk).update(pinyin="zzz")

    first = text_of(signed_in.get(f"{LIST}?sort=name"))
    address = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = text_of(signed_in.get(f"{LIST}{address}"))

    assert first.count("<tr data-row=") == 50
    assert second.count("<tr data-row=") == 1
    assert str(customers[0].pk) in second


def test_groups_are_counted_with_their_words(signed_in: Client, company: OrgUnit) -> None:
    signed_in.cookies["hearth_language"] = "en"
    for stage in ("pre_owner", "pre_owner", "prospect"):
        make_profile(make_customer(company), owner_stage=stage)
    make_customer(company)

    shown = " ".join(text_of(signed_in.get("/lists/customers/groups/?group=stage")).split())

    assert '<span class="text-secondary">pre-owner</span> <strong>2</strong>' in shown
    assert '<span class="text-secondary">prospect</span> <strong>1</strong>' in shown
    assert '<span class="text-secondary">without</span> <strong>1</strong>' in shown
    assert "/customers/?group=stage&amp;stage=pre_owner" in shown


def test_what_takes_too_long_to_count_is_told_to_be_an_estimate(
    signed_in: Client, company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_profile(make_customer(company), owner_stage="pre_owner")
    addresses = ["/lists/customers/count/?stage=pre_owner", "/lists/customers/groups/?group=stage"]
    exact = [text_of(signed_in.get(address)) for address in addresses]
    monkeypatch.setattr("hearth.lists.selectors.rows.within", too_slow)

    about = [text_of(signed_in.get(address)) for address in addresses]

    assert ["≈" in text for text in exact] == [False, False]
    assert ["≈" in text for text in about] == [True, True]
    assert [text.count("请先缩小") + text.count("缩小列表范围后") for text in about] == [2, 1]


@pytest.mark.parametrize(
    ("name", "address", "shown"),
    [
        ("stage", "?stage=not:prospect", 'value="prospect" checked'),
        ("any.stage", "?any.stage=prospect", 'name="any.stage" value="prospect" checked'),
        ("home", "?home=no", 'value="no" checked'),
        ("recorded", "?recorded=2026-01-01..", 'name="recorded~start" value="2026-01-01"'),
        ("recorded", "?recorded=last:30", 'name="recorded~days" value="30"'),
        ("responsible", "?responsible=me", 'value="me" checked'),
        ("place", "", "深圳公司"),
    ],
)
def test_each_filter_has_an_editor_that_knows_what_is_asked(
    signed_in: Client, company: OrgUnit, name: str, address: str, shown: str
) -> None:
    response = signed_in.get(f"/lists/customers/filters/{name}/{address}")

    assert shown in text_of(response)


def test_a_list_or_a_filter_that_is_not_there_is_404(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, SIGNED_IN))

    statuses = [
        client.get(f"/lists/{path}").status_code
        for path in ("nothing/count/", "customers/count/", "customers/groups/", "customers/filters/stage/")
    ]

    assert statuses == [404] * 4


def test_a_view_lives_from_saving_to_removal(
    signed_in: Client, administrator: User, company: OrgUnit
) -> None:
    new = "/lists/customers/views/new/?stage=pre_owner"
    values = {"name": "Soon", "visibility": "place", "org_unit": company.pk}

    dialog = signed_in.get(new)
    nameless = signed_in.post(new, {"name": ""})
    placeless = signed_in.post(new, {**values, "org_unit": ""})
    made = signed_in.post(new, values)
    view = SavedView.objects.get()
    again = signed_in.post(new, values)

    assert "stage=pre_owner" in text_of(dialog)
    assert [answer.status_code for answer in (nameless, placeless, made, again)] == [422, 422, 303, 422]
    assert made.headers["Location"] == f"/customers/?view={view.pk}"
    assert (view.parameters, view.org_unit, view.owner) == ({"stage": "pre_owner"}, company, administrator)

    address = f"/lists/views/{view.pk}"
    signed_in.post(f"{address}/save/?from={view.pk}&tier=top")
    signed_in.post(f"{address}/edit/", {"name": "Now", "visibility": "private"})
    signed_in.post(f"{address}/pin/", {"pinned": "yes"})
    signed_in.post(f"{address}/default/", {"default": "yes"})
    view.refresh_from_db()
    assert (view.name, view.parameters, view.visibility) == ("Now", {"tier": "top"}, "private")
    assert (PinnedView.objects.count(), DefaultView.objects.count()) == (1, 1)
    shown = text_of(signed_in.get("/"))
    assert f"/customers/?view={view.pk}" in shown

    signed_in.post(f"{address}/delete/")
    assert (SavedView.objects.count(), PinnedView.objects.count(), DefaultView.objects.count()) == (0, 0, 0)


def test_who_may_share_nowhere_is_asked_for_a_name_alone(client: Client, company: OrgUnit) -> None:
    member = sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER))

    dialog = text_of(member.get("/lists/customers/views/new/"))
    member.post(
        "/lists/customers/views/new/", {"name": "Mine", "visibility": "place", "org_unit": company.pk}
    )

    assert 'name="visibility"' not in dialog
    assert SavedView.objects.get().visibility == "private"


def test_a_shared_view_cannot_be_changed_by_a_reader(client: Client, company: OrgUnit) -> None:
    member = sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER))
    view = make_view(make_member(company, SHARE_VIEW), place=company)

    shown = text_of(member.get(f"{LIST}?from={view.pk}&stage=pre_owner"))
    refused = member.post(f"/lists/views/{view.pk}/save/?stage=pre_owner")

    assert f"/lists/views/{view.pk}/save/" not in shown
    assert "/lists/customers/views/new/" in shown
    assert refused.status_code == 422


def test_the_rail_shows_pins_of_lists_one_may_open(client: Client, company: OrgUnit) -> None:
    reader = make_member(company, SIGNED_IN, "cases.view")
    cases, customers = make_view(reader, object_key="cases", name="Mine"), make_view(reader, name="Theirs")
    for view in (cases, customers):
        PinnedView.objects.create(user=reader, view=view)
    browser = sign_in(client, reader)

    shown = text_of(browser.get("/cases/"))
    browser.post(f"/lists/views/{cases.pk}/edit/", {"name": "My cases"})
    renamed = text_of(browser.get("/cases/"))

    assert f"/cases/?view={cases.pk}" in shown
    assert "Theirs" not in shown
    assert '<span class="nav-link-title text-truncate">My cases</span>' in renamed

# domain data
"""The command palette: what a text finds, what may be done at a spot, and the sheet of keys."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.core.actor import Actor, Scope
from hearth.core.palette import Group, Spot, spot_at
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER, MERGE_CUSTOMER, VIEW_CONTACT, VIEW_CUSTOMER
from hearth.lists.permissions import CHANGE_MANY
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.tasks.models import Task
from hearth.tasks.permissions import CHANGE_TASK, VIEW_TASK
from hearth.workspace.palette_page import PaletteGroup, fill_palette
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer, make_home
from tests.lists.builders import make_view
from tests.organization.builders import DAY, make_actor, make_member, sign_in
from tests.query_counts import count_queries
from tests.sales.builders import make_contract
from tests.segments.builders import make_segment
from tests.tasks.builders import make_task

pytestmark = pytest.mark.django_db
NOWHERE = Spot()


def urls(groups: list[PaletteGroup]) -> list[str]:
    return [command.url for group in groups for command in group.commands]


def spot_of(page: str, record: object) -> Spot:
    return spot_at(reverse(page, args=[record]))


def acts_at(actor: Actor, spot: Spot) -> list[str]:
    """Return what may be done at a spot, in English."""
    with override("en"):
        groups = [each for each in fill_palette("", actor=actor, spot=spot) if each.label == Group.DO.label]
        return [str(command.label) for group in groups for command in group.commands]


@pytest.mark.parametrize("query", ["欧阳明", "ouyang", "13912345678", "5678"])
def test_a_customer_is_found_as_by_the_search(actor: Actor, company: OrgUnit, query: str) -> None:
    customer = make_customer(company, name="欧阳明", phone="13912345678")

    found = fill_palette(query, actor=actor, spot=NOWHERE)

    assert urls(found)[0] == reverse("workspace:customer", args=[customer.pk])


def test_a_sign_and_a_number_mean_a_case_before_anything_else(actor: Actor, company: OrgUnit) -> None:
    case, customer = make_case(company), make_customer(company)
    for model in (Case, Customer):  # a number that no command has in its name
        model.objects.update(number=4_711_001)

    found = fill_palette("#4711001", actor=actor, spot=NOWHERE)

    assert urls(found) == [
        reverse("cases:case", args=[case.pk]),
        reverse("workspace:customer", args=[customer.pk]),
    ]


def test_contracts_and_homes_are_found_by_number_and_address(actor: Actor, company: OrgUnit) -> None:
    unit = make_home(company, project="金色家园", building="7栋", number="1203")
    contract = make_contract(unit, make_customer(company), number="HT-2025-77")

    by_number = fill_palette("HT-2025-77", actor=actor, spot=NOWHERE)
    by_address = fill_palette("7栋1203", actor=actor, spot=NOWHERE)

    assert urls(by_number) == [reverse("sales:contract", args=[contract.pk])]
    assert reverse("properties:unit", args=[unit.pk]) in urls(by_address)


def test_a_phone_is_masked_as_in_the_search(company: OrgUnit) -> None:
    make_customer(company, name="欧阳明", phone="13912345678")
    readers = make_actor(company, VIEW_CUSTOMER), make_actor(company, VIEW_CUSTOMER, VIEW_CONTACT)

    masked, full = (
        str(fill_palette("5678", actor=reader, spot=NOWHERE)[0].commands[0].note) for reader in readers
    )

    assert "1234" not in masked
    assert "1234" in full


def test_nothing_of_another_company_is_found_or_remembered(company: OrgUnit, neighbour: OrgUnit) -> None:
    customer, case = make_customer(company, name="欧阳明", phone="13912345678"), make_case(company)
    opened = [spot_of("workspace:customer", customer.pk), spot_of("cases:case", case.pk)]
    stranger = make_actor(neighbour, VIEW_CUSTOMER, VIEW_CASE)

    for query in ("欧阳明", "5678", f"#{case.number}"):
        assert fill_palette(query, actor=stranger, spot=NOWHERE) == []
    remembered = fill_palette("", actor=stranger, spot=NOWHERE, opened=opened)

    assert remembered == []


@pytest.mark.parametrize("query", ["客户", "kehu", "kh", "customers", "cust"])
def test_a_page_is_found_in_either_language_by_sound_and_by_initials(query: str) -> None:
    reader = Actor(1, "reader", make_everywhere(VIEW_CUSTOMER))

    assert reverse("customers:customers") in urls(fill_palette(query, actor=reader, spot=NOWHERE))


@pytest.mark.parametrize("query", ["新建客户", "xjkh", "new customer", "> new cust"])
def test_a_command_is_found_together_with_its_group(query: str) -> None:
    reader = Actor(1, "reader", make_everywhere(VIEW_CUSTOMER, CHANGE_CUSTOMER))

    assert reverse("customers:new") in urls(fill_palette(query, actor=reader, spot=NOWHERE))


def make_everywhere(*rights: str) -> dict[str, Scope]:
    return dict.fromkeys(rights, Scope.EVERYWHERE)


def test_a_sign_leaves_records_out(actor: Actor, company: OrgUnit) -> None:
    make_customer(company, name="柯虎")

    records = [fill_palette(query, actor=actor, spot=NOWHERE)[0].label for query in ("kehu", "> kehu")]

    assert records[1] == Group.PAGES.label
    assert records[0] != records[1]


def test_pages_and_creations_are_those_the_actor_may_open(company: OrgUnit) -> None:
    reader = make_actor(company, VIEW_CUSTOMER)

    found = fill_palette("> 客", actor=reader, spot=NOWHERE)

    assert reverse("customers:customers") in urls(found)
    assert reverse("customers:new") not in urls(found)
    assert reverse("segments:segments") not in urls(found)


def test_views_are_found_by_name_and_only_those_shared_with_the_actor(company: OrgUnit) -> None:
    owner = make_member(company, VIEW_CUSTOMER)
    view = make_view(owner, name="重点跟进")
    other = make_actor(company, VIEW_CUSTOMER)
    address = f"{reverse('customers:customers')}?view={view.pk}"

    found = [
        urls(fill_palette("zdgj", actor=each, spot=NOWHERE)) for each in (actor_for(owner, today=DAY), other)
    ]

    assert found == [[address], []]


def test_records_opened_last_are_named_again_in_their_order(actor: Actor, company: OrgUnit) -> None:
    customer, case = make_customer(company), make_case(company)
    unit = make_home(company)
    contract = make_contract(unit, customer)
    pages = [
        reverse("cases:case", args=[case.pk]),
        reverse("workspace:customer", args=[customer.pk]),
        reverse("sales:contract", args=[contract.pk]),
        reverse("properties:unit", args=[unit.pk]),
        reverse("properties:project", args=[unit.project_id]),
        reverse("tasks:task", args=[make_task(company).pk]),
        reverse("customers:edit", args=[customer.pk]),
        "/nowhere/",
    ]

    groups = fill_palette("", actor=actor, spot=NOWHERE, opened=[spot_at(page) for page in pages])

    assert urls(groups)[:6] == pages[:6]


def test_what_is_open_is_not_among_what_was_opened_last(actor: Actor, company: OrgUnit) -> None:
    spot = spot_of("cases:case", make_case(company).pk)

    groups = fill_palette("", actor=actor, spot=spot, opened=[spot])

    assert reverse("cases:case", args=[spot.record_id]) not in urls(groups)


def test_a_customer_offers_what_the_actor_may_do(company: OrgUnit) -> None:
    spot = spot_of("workspace:customer", make_customer(company).pk)

    assert acts_at(make_actor(company, VIEW_CUSTOMER), spot) == []
    assert acts_at(make_actor(company, VIEW_CUSTOMER, CHANGE_CUSTOMER), spot) == ["Edit", "Link a home"]
    assert acts_at(make_actor(company, MERGE_CUSTOMER, CHANGE_CASE, VIEW_TASK), spot) == [
        "Merge with another record",
        "New task about this",
        "New case",
    ]
    assert acts_at(make_actor(company, "channels.record"), spot) == [
        "Write a note",
        "Log a call",
        "Log a visit",
        "Log a message",
    ]


def test_a_case_offers_the_steps_of_its_state_at_its_place(company: OrgUnit, neighbour: OrgUnit) -> None:
    new, answered = make_case(company), make_case(company, answered_at=NOW, reply="好")
    closed = make_case(company, answered_at=NOW, reply="好", closed_at=NOW)
    steps = ["Answer", "Put in charge", "Grade"]
    worker, stranger = (make_actor(place, VIEW_CASE, CHANGE_CASE) for place in (company, neighbour))

    offered = [acts_at(worker, spot_of("cases:case", case.pk)) for case in (new, answered, closed)]

    assert offered == [steps, [*steps, "Close case"], []]
    assert acts_at(make_actor(company, VIEW_CASE), spot_of("cases:case", new.pk)) == []
    assert acts_at(stranger, spot_of("cases:case", new.pk)) == []


def test_a_task_offers_the_steps_of_its_state(company: OrgUnit, neighbour: OrgUnit) -> None:
    task = make_task(company)
    spot = spot_of("tasks:task", task.pk)
    giver, reader = make_actor(company, VIEW_TASK, CHANGE_TASK), make_actor(company, VIEW_TASK)

    assert acts_at(giver, spot) == ["Done", "Pass on", "Postpone", "Drop"]
    assert acts_at(reader, spot) == []
    assert acts_at(make_actor(neighbour, VIEW_TASK, CHANGE_TASK), spot) == []
    Task.objects.filter(pk=task.pk).update(state=Task.State.DONE, closed_at=NOW)
    assert acts_at(giver, spot) == ["Open again"]


def test_chosen_rows_offer_their_changes(company: OrgUnit) -> None:
    page = reverse("customers:customers")
    worker = make_actor(company, VIEW_CUSTOMER, CHANGE_CUSTOMER, CHANGE_MANY)

    assert acts_at(worker, spot_at(page)) == []
    assert "Assign to a colleague" in acts_at(worker, spot_at(page, chosen=2))
    assert acts_at(make_actor(company, VIEW_CUSTOMER), spot_at(page, chosen=2)) == []


def test_the_palette_keeps_its_budget(client: Client, company: OrgUnit, administrator: User) -> None:
    sign_in(client, administrator)
    at, case = reverse("customers:customers"), make_case(company)
    counted = []
    for _ in (1, 2, 3):
        customers = [make_customer(company, name="欧阳明", phone="13912345678") for _number in (1, 2)]
        opened = [reverse("workspace:customer", args=[customer.pk]) for customer in customers]
        opened.append(reverse("cases:case", args=[case.pk]))
        address = reverse("workspace:palette")
        counted.append(
            (
                count_queries(client, address, q="欧阳明", at=at),
                count_queries(client, address, q="> 客户", at=at),
                count_queries(client, address, at=at, opened=opened),
            )
        )

    assert counted == [(13, 4, 8)] * 3


@pytest.mark.parametrize("query", ["%", "'", "\\", "*", "#99999999999", ">", "#", "<b>", "a" * 5_000, "　"])
def test_odd_words_break_nothing(signed_in: Client, query: str) -> None:
    answer = signed_in.get(
        reverse("workspace:palette"), {"q": query, "at": "//%", "chosen": "x", "opened": "?"}
    )

    assert answer.status_code == 200
    assert b"<b>" not in answer.content


def test_a_text_that_means_nothing_is_answered_by_what_could_be_tried(signed_in: Client) -> None:
    answer = signed_in.get(reverse("workspace:palette"), {"q": "没有这个人"}).content.decode()

    assert "没有找到" in answer
    assert 'role="option"' not in answer


def test_every_key_of_the_page_stands_on_the_page(signed_in: Client, company: OrgUnit) -> None:
    unit = make_home(company)
    records = [
        reverse("workspace:customer", args=[make_customer(company).pk]),
        reverse("cases:case", args=[make_case(company).pk]),
        reverse("tasks:task", args=[make_task(company).pk]),
        reverse("properties:unit", args=[unit.pk]),
        reverse("segments:segment", args=[make_segment(company, {"all": []}, now=NOW).pk]),
    ]
    shown: dict[str, list[str]] = {}

    for page in records:
        sheet = signed_in.get(reverse("workspace:keys"), {"at": page}).content.decode()
        here = sheet.partition("本页")[2]
        marked = signed_in.get(page).content.decode()
        shown[page] = re.findall(r'data-keys="([^"]+)"', here)
        assert [key for key in shown[page] if f'data-key="{key}"' not in marked] == []

    assert list(shown.values()) == [["e", "c"], ["r", "a", "p"], ["a"], ["s"], ["e"]]


def test_the_sheet_names_the_places_the_reader_may_open(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER))

    sheet = client.get(reverse("workspace:keys"), {"at": "/"}).content.decode()

    assert re.findall(r'data-keys="(g \w)"', sheet) == ["g s", "g c"]


def test_a_call_is_logged_by_the_composer_that_the_palette_opens(signed_in: Client, company: OrgUnit) -> None:
    address = reverse("workspace:customer", args=[make_customer(company).pk])

    page = signed_in.get(address, {"compose": "call"}).content.decode()

    assert f'action="{address}compose/call/"' in page
    assert re.search(r"<textarea[^>]*autofocus", page)


def test_acts_of_the_palette_lead_where_the_page_leads(signed_in: Client, company: OrgUnit) -> None:
    case = make_case(company, answered_at=NOW, reply="好", kind="repair")
    lines = signed_in.get(
        reverse("workspace:palette"), {"q": "> guanbi", "at": reverse("cases:case", args=[case.pk])}
    ).content.decode()
    (close,) = re.findall(r'data-post="([^"]+)"', lines)

    signed_in.post(close)

    case.refresh_from_db()
    assert case.state == Case.State.CLOSED

"""What a list shows stands in the address, there and back."""

from datetime import date

import pytest
from django.http import QueryDict

from hearth.core.actor import Actor
from hearth.customers.lists import CUSTOMERS
from hearth.lists.definitions import lists
from hearth.lists.filters import Reader
from hearth.lists.state import flatten, read_state

READER = Reader(Actor.system("test"), date(2026, 3, 18))


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"q": "li", "stage": "pre_owner,stable_owner", "sort": "-name"},
        {"any.stage": "not:prospect", "any.home": "no", "recorded": "last:7"},
        {"columns": "phone,key", "group": "tier", "rows": "200"},
        {"widths": "name:220,phone:48,place:1200", "density": "compact", "totals": "homes:sum"},
    ],
)
def test_the_address_is_read_and_written_back(parameters: dict[str, str]) -> None:
    state = read_state(CUSTOMERS, parameters, READER)

    assert state.parameters() == parameters
    assert state.ignored == []


def test_what_is_usual_goes_unsaid() -> None:
    state = read_state(CUSTOMERS, {"sort": "change", "rows": "50", "q": "  ", "stage": ""}, READER)

    assert state.parameters() == {}


def test_the_usual_columns_in_their_order_go_unsaid() -> None:
    usual = [column.key for column in CUSTOMERS.columns[1:] if column.is_usual]

    in_order, turned = (
        read_state(CUSTOMERS, {"columns": ",".join(keys)}, READER).parameters()
        for keys in (usual, usual[::-1])
    )

    assert (in_order, turned) == ({}, {"columns": ",".join(usual[::-1])})


def test_what_is_unknown_is_left_out_and_named() -> None:
    asked = {
        "colour": "red",
        "stage": "happy",
        "any.mood": "good",
        "sort": "mood",
        "columns": "phone,mood",
        "group": "home",
        "rows": "7",
        "tier": "top",
        "widths": "mood:200,phone:160",
        "density": "loose",
        "totals": "phone:sum,homes:median",
    }

    state = read_state(CUSTOMERS, asked, READER)

    assert state.parameters() == {"tier": "top", "columns": "phone", "widths": "phone:160"}
    assert sorted(state.ignored) == [
        "any.mood",
        "colour",
        "columns",
        "density",
        "group",
        "sort",
        "stage",
        "totals",
        "widths",
    ]


@pytest.mark.parametrize("width", ["", "wide", "-90", "47", "1201", "９０", "90.5", "99999999999999"])
def test_a_width_that_makes_no_sense_is_left_out(width: str) -> None:
    state = read_state(CUSTOMERS, {"widths": f"phone:{width},name:200"}, READER)

    assert (state.parameters(), state.ignored) == ({"widths": "name:200"}, ["widths"])


def test_the_same_widths_are_the_same_address() -> None:
    one, other = (
        read_state(CUSTOMERS, {"widths": text}, READER) for text in ("phone:90,name:200", "name:200,phone:90")
    )

    assert one.parameters() == other.parameters()


@pytest.mark.parametrize(
    ("sent", "parameters"),
    [
        ("stage=a&stage=b&stage~op=is", {"stage": "is:a,b"}),
        ("stage=a&stage~op=not", {"stage": "not:a"}),
        ("stage~op=not", {}),
        ("day~op=between&day~start=2026-01-01&day~end=&day~days=3", {"day": "2026-01-01.."}),
        ("day~op=between&day~start=&day~end=", {}),
        ("day~op=last&day~days=30&day~period=month&day~start=", {"day": "last:30"}),
        ("day~op=period&day~days=&day~period=month", {"day": "period:month"}),
        ("day~op=empty&day~days=", {"day": "empty:"}),
        ("columns=phone&columns=stage", {"columns": "phone,stage"}),
        ("view=mine&from=x&cursor=y&peek=z&q=", {}),
    ],
)
def test_what_a_form_sends_becomes_an_address(sent: str, parameters: dict[str, str]) -> None:
    assert flatten(QueryDict(sent)) == parameters


@pytest.mark.parametrize(
    ("key", "parameters", "written"),
    [
        ("cases", {"display": "board", "by": "state"}, {"display": "board"}),
        ("cases", {"display": "board", "by": "grade"}, {"display": "board", "by": "grade"}),
        ("cases", {"display": "calendar", "month": "2026-02"}, {"display": "calendar", "month": "2026-02"}),
        ("cases", {"display": "calendar", "month": "2026-13", "by": "mood"}, {"display": "calendar"}),
        ("cases", {"display": "table", "month": "2026-02", "limits": "open:3"}, {}),
        (
            "cases",
            {"display": "board", "limits": "answered:5,open:20,closed:0,gone:3"},
            {"display": "board", "limits": "open:20,answered:5"},
        ),
        (
            "cases",
            {"display": "board", "by": "grade", "limits": "hot:2,open:20"},
            {"display": "board", "by": "grade", "limits": "hot:2"},
        ),
        ("homes", {"display": "plan", "by": "state"}, {"display": "plan"}),
        ("customers", {"display": "plan"}, {}),
        ("customers", {"display": "board"}, {}),
    ],
)
def test_a_display_is_read_where_the_list_has_it(
    key: str, parameters: dict[str, str], written: dict[str, str]
) -> None:
    assert read_state(lists[key], parameters, READER).parameters() == written

"""One row beside the list, boards with cards that move, and the month."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hearth.accounts.models import User
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.lists.definitions import lists
from hearth.lists.filters import Reader
from hearth.lists.selectors.displays import read_board, read_month
from hearth.lists.state import ListState, read_state
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer, make_home
from tests.lists.builders import too_slow
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries
from tests.sales.builders import make_contract
from tests.tasks.builders import make_task

pytestmark = pytest.mark.django_db
READER = Reader(Actor.system("test"), date(2026, 3, 18))


def text_of(response: Any) -> str:
    return str(response.content.decode())


def state_of(key: str, **parameters: str) -> ListState:
    return read_state(lists[key], parameters, READER)


def move(client: Client, key: str, row_id: object, to: str, by: str = "state") -> tuple[int, str]:
    response = client.post(f"/lists/{key}/move/{row_id}/", {"by": by, "to": to})
    return response.status_code, text_of(response)


def test_a_row_is_shown_beside_the_list_with_all_its_columns(signed_in: Client, company: OrgUnit) -> None:
    case = make_case(company, title="屋顶渗漏", body="楼上漏水", customer=make_customer(company, name="王伟"))

    shown = text_of(signed_in.get(f"/lists/cases/peek/{case.pk}/"))
    page = text_of(signed_in.get(f"/cases/?peek={case.pk}"))
    slip = signed_in.get("/cases/?peek=nobody")

    assert all(word in shown for word in ("屋顶渗漏", "王伟", "楼上漏水", f"/cases/{case.pk}/"))
    assert f'hx-get="/lists/cases/peek/{case.pk}/"' in page
    assert slip.status_code == 200


def test_what_stands_beside_the_list_is_masked_as_in_it(client: Client, company: OrgUnit) -> None:
    reader = sign_in(client, make_member(company, SIGNED_IN, "customers.view"))
    customer = make_customer(company, name="<i>王", phone="13800001234", emails=("wang@example.com",))

    shown = text_of(reader.get(f"/lists/customers/peek/{customer.pk}/"))

    assert "138****1234" in shown
    assert "13800001234" not in shown
    assert "<i>王" not in shown


def test_a_neighbour_sees_no_row_beside_the_list(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    reader = sign_in(client, make_member(neighbour, SIGNED_IN, "cases.view", "cases.change"))
    case = make_case(company, answered_at=NOW, reply="好")

    assert reader.get(f"/lists/cases/peek/{case.pk}/").status_code == 404
    assert move(reader, "cases", case.pk, "closed")[0] == 404


def test_a_board_counts_sums_and_shows_the_first_cards(company: OrgUnit, neighbour: OrgUnit) -> None:
    for amount in (1_000_000, 2_000_000):
        make_contract(make_home(company), make_customer(company), total_amount=Decimal(amount))
    reader = Reader(make_actor(company, "sales.view"), READER.today)
    make_contract(make_home(neighbour), make_customer(neighbour))

    columns = read_board(state_of("contracts", display="board"), reader)

    assert [(each.code, each.number, each.amount, len(each.batch.rows), each.more) for each in columns] == [
        ("signed", 2, Decimal(3_000_000), 2, 0),
        ("filed", 0, None, 0, 0),
        ("cancelled", 0, None, 0, 0),
        ("replaced", 0, None, 0, 0),
    ]


def test_a_column_shows_fifty_cards(company: OrgUnit) -> None:
    for _ in range(51):
        make_case(company)

    first = read_board(state_of("cases", display="board"), READER)[0]

    assert (first.number, len(first.batch.rows), first.more) == (51, 50, 1)


def test_a_card_moves_by_the_act_of_its_app(signed_in: Client, company: OrgUnit) -> None:
    case = make_case(company, kind="repair", answered_at=NOW, reply="好")
    unit = make_home(company)

    answers = [
        move(signed_in, "cases", case.pk, "major", by="grade"),
        move(signed_in, "cases", case.pk, "closed"),
        move(signed_in, "homes", unit.pk, "available"),
    ]

    assert answers == [(204, "")] * 3
    case.refresh_from_db()
    assert (case.grade, case.state) == ("major", "closed")
    assert Unit.objects.get().state == "available"


@pytest.mark.parametrize(
    ("answered", "to", "by", "reason"),
    [
        (False, "closed", "state", "Answer the customer before you close the case."),
        (False, "answered", "state", "Write the answer first."),
        (True, "open", "state", "An answered case does not open again. Open a new one."),
        (True, "lost", "state", "This value is not valid."),
        (True, "closed", "mood", "This value is not valid."),
    ],
)
def test_a_move_that_is_refused_says_why(
    signed_in: Client, company: OrgUnit, answered: bool, to: str, by: str, reason: str
) -> None:
    signed_in.cookies["hearth_language"] = "en"
    case = make_case(company, answered_at=NOW if answered else None, reply="好" if answered else "")

    assert move(signed_in, "cases", case.pk, to, by) == (422, reason)
    assert Case.objects.get().state == ("answered" if answered else "open")


def test_who_may_only_look_moves_no_card(client: Client, company: OrgUnit) -> None:
    reader = sign_in(client, make_member(company, SIGNED_IN, "cases.view"))
    case = make_case(company, answered_at=NOW, reply="好")

    assert "data-move" not in text_of(reader.get("/cases/?display=board"))
    assert move(reader, "cases", case.pk, "closed")[0] == 403
    assert Case.objects.get().state == "answered"


def test_a_month_shows_the_days_of_the_readers_clock(company: OrgUnit) -> None:
    make_case(company, title="月初", opened_at=datetime(2026, 2, 28, 17, 0, tzinfo=UTC))
    for number in range(6):
        make_case(company, title=f"{number}", opened_at=datetime(2026, 3, 10, number, tzinfo=UTC))

    weeks = read_month(state_of("cases", display="calendar", month="2026-03"), READER)

    days = {each.day: each for week in weeks for each in week}
    assert [row.title for row in days[date(2026, 3, 1)].batch.rows] == ["月初"]
    assert [row.title for row in days[date(2026, 3, 10)].batch.rows] == ["0", "1", "2", "3"]
    assert (days[date(2026, 3, 10)].number, days[date(2026, 3, 10)].more) == (6, 2)
    assert (min(days), max(days), days[date(2026, 4, 1)].is_within) == (
        date(2026, 2, 23),
        date(2026, 4, 5),
        False,
    )


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("display", "queries"), [("board", 14), ("calendar", 9)])
def test_a_display_costs_the_same_for_any_number_of_rows(
    signed_in: Client, administrator: User, company: OrgUnit, display: str, queries: int, rows: int
) -> None:
    for _ in range(rows):
        make_case(company, customer=make_customer(company))

    assert count_queries(signed_in, "/cases/", display=display, month="2026-03") == queries


def test_a_board_with_too_many_rows_says_about_how_many(
    signed_in: Client, company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_case(company, title="屋顶渗漏")
    exact = text_of(signed_in.get("/cases/?display=board"))
    monkeypatch.setattr("hearth.lists.selectors.displays.CARDS", 1)
    monkeypatch.setattr("hearth.lists.selectors.displays.within", too_slow)

    shown = text_of(signed_in.get("/cases/?display=board"))

    assert "屋顶渗漏" in shown
    assert ("≈" in exact, "≈" in shown) == (False, True)


def test_a_column_says_when_it_holds_more_than_it_shall(signed_in: Client, company: OrgUnit) -> None:
    for _ in range(2):
        make_case(company)

    over = text_of(signed_in.get("/cases/?display=board&limits=open:1,answered:5"))
    within = text_of(signed_in.get("/cases/?display=board&limits=open:2"))

    assert ("/ 1" in over, "/ 5" in over, "超出本列上限" in over) == (True, True, True)
    assert ("/ 2" in within, "超出本列上限" in within) == (True, False)


def test_a_card_that_waits_for_long_has_a_dot(signed_in: Client, company: OrgUnit) -> None:
    opened = timezone.now() - timedelta(days=4)
    fresh = make_case(company, opened_at=timezone.now())
    waiting = make_case(company, opened_at=opened)
    forgotten = make_case(company, opened_at=opened - timedelta(days=4))
    make_case(company, opened_at=opened, answered_at=opened, closed_at=opened, reply="好")

    shown = text_of(signed_in.get("/cases/?display=board"))

    cards = {card.split('"')[0]: card for card in shown.split('data-row="')[1:]}
    assert ["status-yellow" in cards[str(case.pk)] for case in (fresh, waiting, forgotten)] == [
        False,
        True,
        False,
    ]
    assert "已等待 8 天" in cards[str(forgotten.pk)]
    assert shown.count("list-age") == 2


def test_a_card_of_a_case_tells_its_next_step(signed_in: Client, company: OrgUnit) -> None:
    case = make_case(company)
    for day in (date(2026, 4, 2), date(2026, 4, 1)):
        make_task(company, due_date=day, about_kind="case", about_id=case.pk)

    assert "<span>2026-04-01</span>" in text_of(signed_in.get("/cases/?display=board"))


def test_more_cards_than_a_column_shows_are_in_its_table(
    signed_in: Client, company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hearth.lists.selectors.displays.CARDS", 1)
    for _ in range(3):
        make_case(company)

    shown = text_of(signed_in.get("/cases/?display=board&kind=complaint&limits=open:1"))

    assert 'href="/cases/?kind=complaint&amp;state=open"' in shown


def plan_of(client: Client, **parameters: str) -> str:
    answer = client.get("/homes/units/", {"display": "plan", **parameters})
    assert answer.status_code == 200
    return text_of(answer)


def test_homes_are_shown_as_the_plans_of_their_buildings_and_those_that_fit_stand_out(
    signed_in: Client, company: OrgUnit
) -> None:
    sold = make_home(company, building="7栋", number="1203")
    free = make_home(company, building="7栋", number="1204")
    other = make_home(company, building="8栋", number="301")
    Unit.objects.filter(pk=sold.pk).update(state="contracted")

    everything, narrowed = plan_of(signed_in), plan_of(signed_in, state="contracted")

    for unit in (sold, free, other):
        assert f'data-row="{unit.pk}"' in everything
    assert "stacking-other" not in everything
    assert f'stacking-other" data-row="{free.pk}"' in narrowed
    assert f'state-contracted" data-row="{sold.pk}"' in narrowed
    assert "2 套中 1 套符合" in narrowed
    assert str(other.pk) not in narrowed


def test_plans_come_a_few_buildings_at_a_time(signed_in: Client, company: OrgUnit) -> None:
    for number in range(4):
        make_home(company, building=f"{number}栋")

    first = plan_of(signed_in, q="金色家园")
    onward = re.search(r'rel="next" href="([^"]+)"', first)

    assert onward is not None
    second = text_of(signed_in.get(f"/homes/units/{unescape(onward[1])}"))
    assert [first.count("stacking pt-2"), second.count("stacking pt-2")] == [3, 1]
    assert "更多楼栋" not in second


def test_plans_cost_one_query_for_each_building(signed_in: Client, company: OrgUnit) -> None:
    make_home(company, building="7栋")

    one = count_queries(signed_in, "/homes/units/", display="plan")
    for number in range(4):
        make_home(company, building="7栋", number=f"{number}01")
    more = count_queries(signed_in, "/homes/units/", display="plan")
    make_home(company, building="8栋")
    two = count_queries(signed_in, "/homes/units/", display="plan")

    assert (more, two) == (one, one + 1)


def test_plans_of_too_many_homes_say_so(
    signed_in: Client, company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_home(company)
    monkeypatch.setattr("hearth.properties.plans.within", too_slow)

    assert "房源太多" in plan_of(signed_in)


def test_plans_of_a_neighbour_are_not_there(client: Client, company: OrgUnit, neighbour: OrgUnit) -> None:
    sign_in(client, make_member(company, SIGNED_IN, "properties.view"))
    foreign = make_home(neighbour, project="邻市花园")

    assert str(foreign.pk) not in plan_of(client)
    assert "邻市花园" not in plan_of(client)

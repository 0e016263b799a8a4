"""Cases from intake to closing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.cases.selectors import (
    CaseFilters,
    answer_times,
    case_list,
    open_serious_complaints,
)
from hearth.cases.services import (
    AnswerMissing,
    CaseIsClosed,
    NewCase,
    NotAnswered,
    answer_case,
    change_case,
    close_case,
    open_case,
)
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.core.search import search_everything
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.imports.kinds import ImportContext, Row, import_kinds
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from tests.cases.builders import NOW, make_case, settle
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries, tell_the_planner

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("S131")
def test_a_case_goes_from_intake_to_closing_with_an_event_for_each_step(
    company: OrgUnit, now: datetime
) -> None:
    actor = make_actor(company, VIEW_CASE, CHANGE_CASE)
    new = NewCase(company.pk, "complaint", "电梯故障", "电梯停运三天", "phone", opened_at=now)

    case = open_case(new, actor=actor, now=now)
    with pytest.raises(NotAnswered):
        close_case(case, actor=actor, now=now)
    answer_case(case, actor=actor, reply=" 今天修好 ", now=now + timedelta(hours=3))
    settle(case, now=now)
    closed = close_case(case, actor=actor, now=now + timedelta(days=1))

    assert (closed.state, closed.reply, closed.answered_at) == (
        "closed",
        "今天修好",
        now + timedelta(hours=3),
    )
    assert list(EventRecord.objects.order_by("position").values_list("type", flat=True)) == [
        "cases.opened",
        "cases.answered",
        "cases.settled",
        "cases.closed",
    ]
    with pytest.raises(CaseIsClosed):
        answer_case(case, actor=actor, reply="再答", now=now)


def test_the_last_words_of_a_long_answer_are_found(company: OrgUnit, actor: Actor) -> None:
    words = " ".join(f"第{number}号楼{number}室" for number in range(600))
    case = make_case(company, reply=f"{words} 公积金")

    found = case_list(actor, CaseFilters(q="公积金"))

    assert list(found) == [case]


def test_an_empty_answer_is_refused(company: OrgUnit, actor: Actor, now: datetime) -> None:
    with pytest.raises(AnswerMissing):
        answer_case(make_case(company), actor=actor, reply="  ", now=now)


def test_who_may_only_look_changes_nothing(company: OrgUnit, now: datetime) -> None:
    case, reader = make_case(company), make_actor(company, VIEW_CASE)

    acts: list[Callable[[], Case]] = [
        lambda: answer_case(case, actor=reader, reply="x", now=now),
        lambda: close_case(case, actor=reader, now=now),
        lambda: change_case(case, actor=reader, grade="hot", assignee=None, now=now),
        lambda: open_case(
            NewCase(company.pk, "repair", "t", "b", "web", opened_at=now), actor=reader, now=now
        ),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_a_change_that_changes_nothing_leaves_no_trace(company: OrgUnit, actor: Actor, now: datetime) -> None:
    case = make_case(company)

    change_case(case, actor=actor, grade="ordinary", assignee=None, now=now)
    change_case(case, actor=actor, grade="major", assignee=None, now=now)

    changes = EventRecord.objects.filter(type="cases.changed").values_list("payload", flat=True)
    assert list(changes) == [{"changed": ["grade"]}]


@pytest.mark.requirement("S124")
@pytest.mark.parametrize("query", ["渗漏", "墙面起皮", "卫生间 渗漏", "漏水"])
def test_a_case_is_found_by_the_words_of_its_text(company: OrgUnit, actor: Actor, query: str) -> None:
    wanted = make_case(company, title="卫生间渗漏")
    make_case(company, title="车位太窄", body="停不进去")

    found = case_list(actor, CaseFilters(q=query))

    assert list(found) == [wanted]


def test_a_case_is_found_by_its_number_and_not_by_a_neighbour(company: OrgUnit, neighbour: OrgUnit) -> None:
    case = make_case(company)
    insider, stranger = make_actor(company, VIEW_CASE), make_actor(neighbour, VIEW_CASE)

    groups = search_everything(f"#{case.number}", actor=insider)

    assert [hit.title for hit in groups[0].hits] == [f"#{case.number} {case.title}"]
    assert search_everything(f"#{case.number}", actor=stranger) == []


@pytest.mark.requirement("S123")
def test_answer_times_are_a_distribution(company: OrgUnit, actor: Actor) -> None:
    for hours in (0.5, 2, 24, 30, 1000):
        make_case(company, answered_at=NOW + timedelta(hours=hours), reply="好")
    make_case(company)

    times = answer_times(case_list(actor, CaseFilters()))

    assert (times.answered, times.waiting, times.median_hours) == (5, 1, 24)
    assert [(answer_bin.hours, answer_bin.cases) for answer_bin in times.bins] == [
        (1, 1),
        (4, 1),
        (24, 1),
        (48, 1),
        (168, 0),
        (336, 0),
        (720, 0),
        (None, 1),
    ]
    assert times.share_within_a_day == 0.6


def test_only_open_complaints_above_ordinary_are_serious(company: OrgUnit) -> None:
    customers = [make_customer(company) for _ in range(4)]
    make_case(company, customer=customers[0], grade="hot")
    make_case(company, customer=customers[1])
    make_case(company, customer=customers[2], grade="major", kind="repair")
    make_case(company, customer=customers[3], grade="major", answered_at=NOW, closed_at=NOW)

    serious = open_serious_complaints([customer.pk for customer in customers])

    assert serious == {customers[0].pk}


def load(company: OrgUnit, *rows: Row) -> list[tuple[int, str, str]]:
    """Check rows and write them when nothing is wrong; returns the problems."""
    loader = import_kinds["cases"].loader(ImportContext(uuid7(), company, Actor.system(), NOW, {}))
    problems = [(problem.row, problem.field_name, problem.code) for problem in loader.check(rows)]
    if not problems:
        loader.write(rows)
    return problems


def case_row(number: int = 2, **values: Any) -> Row:
    return Row(number, {"title": "噪音扰民", "opened_at": NOW - timedelta(days=3), **values})


def test_rows_of_a_file_become_cases_of_their_authors(company: OrgUnit) -> None:
    author = make_customer(company, external_key="A1")

    problems = load(
        company,
        case_row(
            2, customer_key="A1", external_key="24", reply="已处理", answered_at=NOW - timedelta(days=1)
        ),
        case_row(3, external_key="25"),
    )

    assert problems == []
    rows = Case.objects.order_by("external_key").values_list("customer_id", "state", "kind")
    assert list(rows) == [(author.pk, "answered", "complaint"), (None, "open", "complaint")]
    assert EventRecord.objects.filter(customer_id=author.pk, type__startswith="cases.").count() == 2


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"customer_key": "nobody"}, "customer_key", "customer_unknown"),
        ({"answered_at": NOW - timedelta(days=9)}, "answered_at", "answered_before_opened"),
        ({"closed_at": NOW - timedelta(days=9)}, "closed_at", "closed_before_answered"),
        ({"opened_at": NOW + timedelta(days=9)}, "opened_at", "date_in_future"),
        ({"unit_key": "U404"}, "unit_key", "unit_unknown"),
    ],
)
def test_what_is_wrong_with_a_row_is_named(
    company: OrgUnit, values: dict[str, Any], field: str, code: str
) -> None:
    assert load(company, case_row(2, **values)) == [(2, field, code)]
    assert code in import_kinds["cases"].messages
    assert not Case.objects.exists()


def test_a_key_comes_in_once(company: OrgUnit) -> None:
    make_case(company, external_key="24")

    assert load(company, case_row(2, external_key="24")) == [(2, "external_key", "case_known")]
    assert load(company, case_row(2, external_key="9"), case_row(3, external_key="9")) == [
        (3, "external_key", "doubled_in_file")
    ]


def test_the_list_costs_the_same_with_one_and_three_cases(signed_in: Client, company: OrgUnit) -> None:
    counts = []

    for extra in (1, 2):
        for _ in range(extra):
            make_case(company, customer=make_customer(company))
        tell_the_planner()
        counts.append(count_queries(signed_in, reverse("cases:cases")))

    assert counts == [11, 11]


def test_a_case_is_worked_in_the_browser(signed_in: Client, company: OrgUnit) -> None:
    fields = {"org_unit": company.pk, "kind": "repair", "grade": "ordinary", "channel": "phone"}

    opened = signed_in.post(reverse("cases:new"), {**fields, "title": "门锁坏了", "body": "打不开"})
    case = Case.objects.get()
    refused = signed_in.post(reverse("cases:answer", args=[case.pk]), {"reply": " "})
    answered = signed_in.post(reverse("cases:answer", args=[case.pk]), {"reply": "师傅明天到"})
    closed = signed_in.post(reverse("cases:close", args=[case.pk]))

    assert [answer.status_code for answer in (opened, refused, answered, closed)] == [303, 422, 303, 303]
    assert Case.objects.get().state == "closed"


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "还没有工单"), ("en", "No cases yet")])
def test_an_empty_list_says_what_it_is_for(signed_in: Client, language: str, words: str) -> None:
    signed_in.cookies["hearth_language"] = language

    assert words in signed_in.get(reverse("cases:cases")).content.decode()


def test_the_page_of_answer_times_shows_the_share_within_a_day(signed_in: Client, company: OrgUnit) -> None:
    make_case(company, answered_at=NOW + timedelta(hours=2), reply="好")
    make_case(company, answered_at=NOW + timedelta(days=4), reply="好")

    page = signed_in.get(reverse("cases:times")).content.decode()

    assert "50.0 %" in page


def test_who_may_not_see_customers_does_not_learn_their_names_from_cases(
    client: Client, company: OrgUnit
) -> None:
    case = make_case(company, customer=make_customer(company, name="王建国"))
    pages = [reverse("cases:cases"), reverse("cases:case", args=[case.pk])]

    shown = []
    for rights in ((VIEW_CASE,), (VIEW_CASE, VIEW_CUSTOMER)):
        browser = sign_in(client, make_member(company, SIGNED_IN, *rights))
        shown.append(["王建国" in browser.get(page).content.decode() for page in pages])

    assert shown == [[False, False], [True, True]]

# domain data
"""2,816 messages of citizens with the answers they got: found in Chinese, told on timelines, measured."""

from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import numpy
import pyarrow.parquet
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.cases.models import Case
from hearth.cases.selectors import BINS, CaseFilters, answer_times, case_list
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.workspace.timeline import TimelineFilters, timeline_of
from tests.real.files import MESSAGES, needs, run_import

pytestmark = [pytest.mark.real, pytest.mark.django_db, needs(MESSAGES)]
WORDS = ("物业", "公积金", "房产证", "业委会", "停车")
# A text may hold the characters of a word across two others: 房产证 in 房产证明, 停车 in 违停车辆.
LEAST_FOUND = 0.95
AUTHORS = ("--map", "external_key=留言用户", "--map", "name=留言用户", "--option", "first_row_counts")
CASES = ("--map", "customer_key=留言用户", "--constant", "kind=complaint")


class Message(NamedTuple):
    """One row of the file."""

    author: str
    text: str
    hours: float


def read_messages() -> list[Message]:
    """Read the file without a line of the product."""
    rows = pyarrow.parquet.read_table(MESSAGES).to_pylist()
    return [
        Message(
            row["留言用户"].strip(),
            "\n".join((row["留言主题"], row["留言详情"], row["答复意见"])),
            (moment(row["答复时间"]) - moment(row["留言时间"])).total_seconds() / 3_600,
        )
        for row in rows
    ]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(_two_digits(text))


def _two_digits(text: str) -> str:
    """Write 2019/4/25 9:32:09 as 2019-04-25 09:32:09."""
    day, _blank, clock = text.strip().replace("/", "-").partition(" ")
    parts = "-".join(part.zfill(2) for part in day.split("-"))
    return f"{parts} {':'.join(part.zfill(2) for part in clock.split(':'))}" if clock else parts


@pytest.fixture
def messages(company: OrgUnit) -> list[Message]:
    """The messages, brought in by command: first who wrote them, then what they wrote."""
    messages = read_messages()
    authors = len({message.author for message in messages})

    people = run_import("customers", MESSAGES, *AUTHORS)
    cases = run_import("cases", MESSAGES, *CASES)

    checked = "2816 rows checked, 0 with problems."
    assert people == (0, [checked, f"{authors} created, 0 updated, 0 not imported."])
    assert cases == (0, [checked, "2816 created, 0 updated, 0 not imported."])
    return messages


def test_messages_come_in_with_their_authors_and_are_found_told_and_measured(
    messages: list[Message], actor: Actor, signed_in: Client
) -> None:
    assert Case.objects.count() == len(messages) == 2_816
    assert Customer.objects.count() == len({message.author for message in messages})
    check_search(messages, actor)
    check_timeline(messages, actor)
    check_answer_times(messages, actor)
    check_pages(signed_in)


def check_search(messages: list[Message], actor: Actor) -> None:
    for word in WORDS:
        holding = sum(word in message.text for message in messages)
        found = case_list(actor, CaseFilters(q=word))
        hits = found.count()
        assert LEAST_FOUND * holding <= hits <= holding, (word, hits, holding)
        assert all(word in f"{case.title}\n{case.body}\n{case.reply}" for case in found)


def check_timeline(messages: list[Message], actor: Actor) -> None:
    author, written = Counter(message.author for message in messages).most_common(1)[0]
    customer = Customer.objects.get(external_key=author)

    entries = timeline_of(customer, actor, TimelineFilters(families=("case",)), limit=100).entries

    assert Counter(entry.event.type for entry in entries) == {
        "cases.opened": written,
        "cases.answered": written,
    }
    told = {entry.detail.body for entry in entries if entry.detail}
    assert told == {
        text for case in Case.objects.filter(customer=customer) for text in (case.body, case.reply)
    }


def check_answer_times(messages: list[Message], actor: Actor) -> None:
    hours = numpy.array([message.hours for message in messages])

    measured = answer_times(case_list(actor, CaseFilters()))

    bounds = [-1, *BINS, numpy.inf]
    expected = [int(((hours > low) & (hours <= high)).sum()) for low, high in pairwise(bounds)]
    assert (measured.answered, measured.waiting) == (2_816, 0)
    assert [each.cases for each in measured.bins] == expected
    assert measured.median_hours == pytest.approx(float(numpy.median(hours)))
    assert measured.p90_hours == pytest.approx(float(numpy.percentile(hours, 90)))


def check_pages(browser: Client) -> None:
    listed = browser.get(reverse("cases:cases"), {"q": "物业"})
    times = browser.get(reverse("cases:times"))

    case = Case.objects.filter(title__contains="物业").order_by("-opened_at", "-id")[0]
    assert (listed.status_code, times.status_code) == (200, 200)
    assert case.title in listed.content.decode()
    assert timezone.localtime(case.opened_at).strftime("%Y") in listed.content.decode()

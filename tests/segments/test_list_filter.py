"""Customers of a segment in the list of customers: who was counted, and who may know."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.customers.lists import CUSTOMERS
from hearth.lists.filters import Reader
from hearth.lists.selectors import list_rows
from hearth.lists.state import read_state
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries
from tests.segments.builders import make_count, make_segment

pytestmark = pytest.mark.django_db
FEMALE = {"field": "sex", "op": "eq", "value": "female"}
SYSTEM = Actor.system("test")


def found(actor: Actor = SYSTEM, **parameters: str) -> list[str]:
    reader = Reader(actor, localdate())
    state = read_state(CUSTOMERS.extended(actor), parameters, reader)
    assert state.ignored == []
    return sorted(str(row) for row in list_rows(state, reader))


def test_a_segment_is_who_was_in_it_at_the_last_count_with_members(company: OrgUnit, now: datetime) -> None:
    first, second = make_customer(company, name="甲"), make_customer(company, name="乙")
    make_customer(company, name="丙")
    segment = make_segment(company, FEMALE, now=now)
    make_count(segment, first, now=now)
    make_count(segment, first, second, now=now + timedelta(hours=1))
    make_count(segment, now=now + timedelta(hours=2), keeps=False)

    assert found(segment=str(segment.pk)) == ["乙", "甲"]
    assert found(segment=f"not:{segment.pk}") == ["丙"]
    assert found(segment=str(segment.pk), q="甲") == ["甲"]


def test_of_several_segments_one_is_enough(company: OrgUnit, now: datetime) -> None:
    first, second = make_customer(company, name="甲"), make_customer(company, name="乙")
    segments = [make_segment(company, FEMALE, now=now, name=name) for name in ("一", "二")]
    for segment, member in zip(segments, (first, second), strict=True):
        make_count(segment, member, now=now)

    assert found(segment=",".join(str(segment.pk) for segment in segments)) == ["乙", "甲"]


def test_a_segment_one_may_not_see_finds_nobody(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    segment = make_segment(neighbour, FEMALE, now=now)
    make_count(segment, make_customer(company), now=now)
    reader = make_actor(company, "customers.view", "segments.view")

    assert found(reader, segment=str(segment.pk)) == []


def test_who_may_not_see_segments_is_not_asked_for_one(
    client: Client, company: OrgUnit, now: datetime
) -> None:
    make_customer(company, name="李小龙")
    segment = make_segment(company, FEMALE, now=now)
    reader = sign_in(client, make_member(company, SIGNED_IN, "customers.view"))

    shown = str(reader.get(f"/customers/?segment={segment.pk}").content.decode())

    assert "李小龙" in shown
    assert segment.name not in shown
    assert reader.get("/lists/customers/filters/segment/").status_code == 404


@pytest.mark.parametrize(
    "text", ["gold", "not:", ",".join(["019d0000-0000-7000-8000-000000000001"] * 1 + ["x"])]
)
def test_what_names_no_segment_is_left_out(text: str) -> None:
    state = read_state(CUSTOMERS.extended(SYSTEM), {"segment": text}, Reader(SYSTEM, localdate()))

    assert list(state.ignored) == ["segment"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_members_cost_the_same_for_any_number(
    signed_in: Client, company: OrgUnit, now: datetime, rows: int
) -> None:
    segment = make_segment(company, FEMALE, now=now)
    make_count(segment, *(make_customer(company) for _ in range(rows)), now=now)

    assert count_queries(signed_in, "/customers/", segment=str(segment.pk)) == 15
    assert count_queries(signed_in, "/lists/customers/filters/segment/", segment=str(segment.pk)) == 6

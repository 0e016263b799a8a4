"""The pages of segments."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.segments.lists import SEGMENTS
from hearth.segments.models import Segment
from hearth.segments.services import materialise
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries
from tests.segments.builders import fill_postgres, make_customer, make_segment, snapshot_with

pytestmark = pytest.mark.usefixtures("sample_tables")
FEMALE = {"field": "sex", "op": "in", "value": ["female"]}
RULE = {"all": [FEMALE, {"field": "birth_year", "op": "gte", "value": "1980"}]}


def women(*numbers: int) -> list[dict[str, Any]]:
    return [{"customer_id": str(UUID(int=number)), "sex": "female", "birth_year": 1990} for number in numbers]


def in_language(client: Client, language: str) -> Client:
    client.cookies["hearth_language"] = language
    return client


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("language", "text"), [("zh-hans", "还没有客群"), ("en", "No segments yet")])
def test_an_empty_list_says_what_a_segment_is(signed_in: Client, language: str, text: str) -> None:
    assert text in read(in_language(signed_in, language), reverse("segments:segments"))


def test_the_list_shows_the_last_size_and_finds_names(
    signed_in: Client, group: OrgUnit, actor: Actor, now: datetime
) -> None:
    snapshot_with(now, customers=women(1))
    make_customer(1, now=now)
    materialise(make_segment(group, RULE, now=now, name="八零后女性"), actor=actor, now=now)
    make_segment(group, RULE, now=now, name="别的")

    text = read(signed_in, reverse("segments:segments") + "?q=八零后")

    assert 'data-label="客户">1</td>' in text
    assert "别的" not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_segments(
    signed_in: Client, group: OrgUnit, now: datetime, rows: int
) -> None:
    for number in range(rows):
        make_segment(group, RULE, now=now, name=f"S{number}")
    every = ",".join(column.key for column in SEGMENTS.columns)

    assert count_queries(signed_in, reverse("segments:segments"), columns=every) == 8


def test_the_editor_carries_the_catalogue_and_saves_a_rule(signed_in: Client, group: OrgUnit) -> None:
    editor = read(signed_in, reverse("segments:new"))

    response = signed_in.post(
        reverse("segments:new"), {"name": "女性", "org_unit": group.pk, "rule": json.dumps(RULE)}
    )

    assert '"name": "birth_year"' in editor
    segment = Segment.objects.get()
    assert (response.status_code, response.headers["Location"]) == (
        303,
        reverse("segments:segment", args=[segment.pk]),
    )
    assert (segment.name, segment.rule) == ("女性", RULE)


def test_a_rule_that_makes_no_sense_comes_back_with_the_reason(signed_in: Client, group: OrgUnit) -> None:
    in_language(signed_in, "en")

    response = signed_in.post(
        reverse("segments:new"), {"name": "A", "org_unit": group.pk, "rule": '{"all": []}'}
    )

    assert response.status_code == 422
    assert "Add at least one condition." in response.content.decode()
    assert Segment.objects.count() == 0


def test_a_segment_is_edited(signed_in: Client, group: OrgUnit, now: datetime) -> None:
    segment = make_segment(group, RULE, now=now)
    url = reverse("segments:edit", args=[segment.pk])

    shown = read(signed_in, url)
    signed_in.post(url, {"name": "新名", "org_unit": group.pk, "rule": json.dumps(FEMALE)})

    segment.refresh_from_db()
    assert "birth_year" in shown
    assert (segment.name, segment.rule) == ("新名", FEMALE)


@pytest.mark.requirement("S232")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "性别属于 女 且 出生年份不少于 1980"),
        ("en", "sex is one of female and year of birth at least 1980"),
    ],
)
def test_the_estimate_follows_the_rule_in_words(
    signed_in: Client, group: OrgUnit, now: datetime, language: str, words: str
) -> None:
    snapshot_with(now, customers=[*women(1, 2), {"customer_id": str(UUID(int=3)), "sex": "male"}])
    in_language(signed_in, language)

    response = signed_in.post(reverse("segments:estimate"), {"org_unit": group.pk, "rule": json.dumps(RULE)})

    text = response.content.decode()
    assert words in text
    assert "66.7 %" in text


@pytest.mark.parametrize("rule", ["", "{", "7", '{"all": []}'])
def test_half_a_rule_is_answered_in_words(signed_in: Client, group: OrgUnit, rule: str) -> None:
    response = signed_in.post(reverse("segments:estimate"), {"org_unit": group.pk, "rule": rule})

    assert response.status_code == 200
    assert "<p" in response.content.decode()


def test_counting_shows_the_members(signed_in: Client, group: OrgUnit, now: datetime) -> None:
    snapshot_with(now, customers=women(1, 2))
    for number in (1, 2):
        make_customer(number, now=now, name=f"王女士{number}")
    segment = make_segment(group, RULE, now=now)
    url = reverse("segments:segment", args=[segment.pk])
    before = read(signed_in, url)

    signed_in.post(reverse("segments:count", args=[segment.pk]))

    after = read(signed_in, url)
    assert ("尚未统计" in before, "王女士1" in after, "王女士2" in after) == (True, True, True)
    assert f"/customers/?segment={segment.pk}" in after


def test_a_changed_rule_is_told_apart_from_the_members_counted_before(
    signed_in: Client, group: OrgUnit, actor: Actor, now: datetime
) -> None:
    snapshot_with(now, customers=women(1))
    segment = make_segment(group, RULE, now=now)
    materialise(segment, actor=actor, now=now)
    Segment.objects.update(rule=FEMALE)

    text = read(signed_in, reverse("segments:segment", args=[segment.pk]))

    assert "统计之后规则已修改" in text


def test_counting_without_a_snapshot_is_answered_kindly(
    signed_in: Client, group: OrgUnit, now: datetime
) -> None:
    segment = make_segment(group, RULE, now=now)

    response = signed_in.post(reverse("segments:count", args=[segment.pk]))

    assert response.status_code == 303
    assert "还没有快照" in read(signed_in, reverse("segments:segment", args=[segment.pk]))


def test_why_finds_a_customer_and_explains(signed_in: Client, group: OrgUnit, now: datetime) -> None:
    customer = make_customer(1, now=now, name="王芳")
    fill_postgres({"customers": women(1)})
    segment = make_segment(group, RULE, now=now)
    url = reverse("segments:why", args=[segment.pk])

    hits = read(signed_in, url + "?q=王")
    reasons = read(signed_in, f"{url}?customer={customer.pk}")

    assert "王芳" in hits
    assert "在客群中" in reasons
    assert "实际：1990" in reasons


@pytest.mark.parametrize("page", ["segment", "edit", "why"])
def test_a_stranger_finds_no_segment_of_another_place(
    client: Client, company: OrgUnit, neighbour: OrgUnit, now: datetime, page: str
) -> None:
    segment = make_segment(company, RULE, now=now)
    sign_in(client, make_member(neighbour, "segments.view", "segments.change", "customers.view"))

    response = client.get(reverse(f"segments:{page}", args=[segment.pk]))

    assert response.status_code == 404


def test_a_customer_of_another_place_is_not_explained(
    client: Client, company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    segment = make_segment(company, RULE, now=now)
    foreign = make_customer(1, neighbour, now=now)
    sign_in(client, make_member(company, "segments.view", "customers.view"))

    response = client.get(reverse("segments:why", args=[segment.pk]), {"customer": str(foreign.pk)})

    assert response.status_code == 404


def test_the_editor_offers_only_places_where_the_person_may_create(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    sign_in(client, make_member(company, "segments.view", "segments.change"))

    response = client.post(
        reverse("segments:new"), {"name": "A", "org_unit": neighbour.pk, "rule": json.dumps(RULE)}
    )

    assert response.status_code == 422
    assert Segment.objects.count() == 0


def test_a_reader_may_not_create(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, "segments.view"))

    assert client.get(reverse("segments:new")).status_code == 403

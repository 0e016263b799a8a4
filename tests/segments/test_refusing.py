"""Who refuses profiling is selected as if rules had no conditions on scores: neither in nor out because of one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.segments.counting import exact_count
from hearth.segments.explanation import contains_customer, explain_customer
from hearth.segments.models import SegmentMember
from hearth.segments.refusing import forget_memberships
from hearth.segments.services import materialise
from tests.segments.builders import fill_postgres, make_customer, make_segment, snapshot_with

pytestmark = pytest.mark.usefixtures("sample_tables")
TOP = {"field": "value_tier", "op": "in", "value": ["top"]}
NOT_TOP = {"field": "value_tier", "op": "not_in", "value": ["top"]}
UNKNOWN_TIER = {"field": "value_tier", "op": "is_empty"}
FEMALE = {"field": "sex", "op": "in", "value": ["female"]}
MALE = {"field": "sex", "op": "in", "value": ["male"]}
# A woman who refuses, by each rule: what the rule says without its scores, and nothing where nothing is left.
RULES: list[tuple[Mapping[str, Any], bool]] = [
    (FEMALE, True),
    (TOP, False),
    (NOT_TOP, False),
    (UNKNOWN_TIER, False),
    ({"not": TOP}, False),
    ({"all": [FEMALE, TOP]}, True),
    ({"all": [FEMALE, {"not": TOP}]}, True),
    ({"all": [MALE, TOP]}, False),
    ({"any": [FEMALE, TOP]}, True),
    ({"any": [MALE, TOP]}, False),
    ({"any": [MALE, {"not": TOP}]}, False),
    ({"not": {"any": [MALE, TOP]}}, True),
    ({"not": {"all": [FEMALE, TOP]}}, False),
    ({"all": [{"any": [TOP, UNKNOWN_TIER]}, FEMALE]}, True),
    ({"any": [{"all": [TOP, NOT_TOP]}, MALE]}, False),
]


def rows_of(number: int, *, refuses: bool, tier: str = "") -> dict[str, list[dict[str, Any]]]:
    key = str(UUID(int=number))
    profiles = [{"customer_id": key, "value_tier": tier}] if tier else []
    return {
        "customers": [{"customer_id": key, "sex": "female", "refuses_profiling": refuses}],
        "customer_profiles": profiles,
    }


@pytest.mark.requirement("S60")
@pytest.mark.parametrize(("rule", "is_inside"), RULES)
@pytest.mark.parametrize("left_behind", ["", "top", "small"])
def test_a_condition_on_a_score_counts_neither_for_nor_against(
    group: OrgUnit, now: datetime, rule: Mapping[str, Any], is_inside: bool, left_behind: str
) -> None:
    customer = make_customer(1, group, now=now)
    rows = rows_of(1, refuses=True, tier=left_behind)
    fill_postgres(rows)
    snapshot_with(now, **rows)
    segment = make_segment(group, rule, now=now)

    explained = explain_customer(segment, customer, now=now)

    assert contains_customer(segment, customer, now=now) is is_inside
    assert exact_count(rule, org_unit=group) == int(is_inside)
    assert explained.is_member is is_inside


def test_the_explanation_says_what_was_left_out(group: OrgUnit, now: datetime) -> None:
    customer = make_customer(1, group, now=now)
    fill_postgres(rows_of(1, refuses=True))
    segment = make_segment(group, {"all": [FEMALE, {"not": TOP}]}, now=now)

    with translation.override("en"):
        reason = explain_customer(segment, customer, now=now).reason

    assert reason is not None
    kept, inverse = reason.parts
    assert (kept.is_left_out, inverse.is_left_out, inverse.parts[0].is_left_out) == (False, True, True)
    assert inverse.parts[0].found == "not asked: refuses profiling"
    assert (reason.is_true, inverse.is_true) == (True, False)


@pytest.mark.parametrize(
    ("rule", "inside"), [(TOP, [2]), ({"all": [FEMALE, NOT_TOP]}, [1]), (FEMALE, [1, 2])]
)
def test_a_refusal_after_the_snapshot_counts_in_the_next_list_of_members(
    group: OrgUnit, actor: Actor, now: datetime, rule: Mapping[str, Any], inside: list[int]
) -> None:
    tops = [rows_of(number, refuses=False, tier="top") for number in (1, 2)]
    snapshot_with(now, **{name: [row for rows in tops for row in rows[name]] for name in tops[0]})
    first, _second = (make_customer(number, group, now=now) for number in (1, 2))
    Customer.objects.filter(pk=first.pk).update(profiling_refused_at=now + timedelta(hours=1))
    fill_postgres(rows_of(1, refuses=True))

    count = materialise(make_segment(group, rule, now=now), actor=actor, now=now + timedelta(hours=2))

    assert sorted(key.int for key in count.members.values_list("customer", flat=True)) == inside
    assert count.size == len(inside)


@pytest.mark.parametrize(
    ("rule", "is_inside"), [(TOP, False), ({"all": [FEMALE, TOP]}, True), (FEMALE, True)]
)
def test_a_refusal_takes_the_customer_out_of_what_was_counted_by_scores(
    group: OrgUnit, actor: Actor, now: datetime, rule: Mapping[str, Any], is_inside: bool
) -> None:
    rows = rows_of(1, refuses=False, tier="top")
    snapshot_with(now, **rows)
    customer = make_customer(1, group, now=now)
    count = materialise(make_segment(group, rule, now=now), actor=actor, now=now)
    assert count.size == 1

    Customer.objects.filter(pk=customer.pk).update(profiling_refused_at=now)
    fill_postgres(rows_of(1, refuses=True))
    forget_memberships([customer.pk])
    forget_memberships([customer.pk])

    assert SegmentMember.objects.filter(count=count, customer=customer).exists() is is_inside


def test_a_segment_by_scores_says_how_it_treats_who_refuses(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    signed_in.cookies["hearth_language"] = "en"
    words = "Who refuses profiling is asked the other conditions alone"

    pages = [
        signed_in.get(reverse("segments:segment", args=[make_segment(company, rule, now=now, name=name).pk]))
        for name, rule in (("by score", TOP), ("by sex", FEMALE))
    ]

    assert [words in page.content.decode() for page in pages] == [True, False]

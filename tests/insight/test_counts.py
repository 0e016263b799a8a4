"""What is counted when a run ends is what a reader would count."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.core.actor import Scope
from hearth.customers.models import Customer, CustomerProfile
from hearth.customers.services import make_known_at, merge_customers
from hearth.insight.models import ProfileCount, ScoringRun
from hearth.insight.selectors.figures import Group, count_groups, groups_known_at, profiles_known_at
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.insight.builders import SYSTEM, make_case, make_contact, make_contract, score_here

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def run(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> ScoringRun:
    """A run over a buyer known in two companies and a team, a prospect, and somebody known nowhere."""
    team = OrgUnit.objects.get(code="SZ-A")
    buyer, _prospect = make_customer(company), make_customer(neighbour)
    for place in (team, neighbour):
        make_known_at(buyer, place, actor=SYSTEM, now=now)
    make_contract(buyer, company, at=now, signed=date(2025, 3, 1), amount=3_000_000)
    make_contact(buyer, company, at=now - timedelta(days=10))
    make_case(buyer, company, at=now - timedelta(days=5))
    Customer.objects.filter(pk=make_customer(company).pk).get().places.all().delete()
    return score_here(now)


def in_order(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (group.owner_stage, group.value_tier, group.action, group.source))


def below(place: OrgUnit) -> Scope:
    return Scope(org_unit_ids=frozenset(OrgUnit.objects.below(place).values_list("pk", flat=True)))


def test_each_place_has_the_counts_that_a_reader_of_it_would_make(run: ScoringRun) -> None:
    places = OrgUnit.objects.filter(parent__isnull=False)

    for place in places:
        scope = below(place)
        live = count_groups(profiles_known_at(scope), run)
        assert in_order(groups_known_at(scope, run)) == in_order(live), place.code
        assert ProfileCount.objects.filter(org_unit=place).count() == len(live), place.code


def test_the_group_counts_everybody_once_also_who_is_known_nowhere(run: ScoringRun) -> None:
    groups = groups_known_at(Scope.EVERYWHERE, run)

    assert sum(group.customers for group in groups) == 3
    assert (sum(group.open_complaints for group in groups), sum(group.contacts for group in groups)) == (1, 1)
    assert in_order(groups) == in_order(count_groups(profiles_known_at(Scope.EVERYWHERE), run))


def test_two_places_that_are_no_branch_of_the_tree_are_counted_when_asked(
    run: ScoringRun, company: OrgUnit, neighbour: OrgUnit
) -> None:
    scope = Scope(org_unit_ids=frozenset({company.pk, neighbour.pk}))

    groups = groups_known_at(scope, run)

    assert sum(group.customers for group in groups) == 2


def test_the_profiles_are_not_read_for_a_place_that_was_counted(run: ScoringRun, company: OrgUnit) -> None:
    scope = below(company)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        groups_known_at(scope, run)

    assert not any("customers_customerprofile" in query["sql"] for query in queries)


def test_the_next_run_lets_go_of_the_counts_of_the_one_before(run: ScoringRun, now: datetime) -> None:
    following = score_here(now + timedelta(days=1))

    assert set(ProfileCount.objects.values_list("run_id", flat=True)) == {following.pk}


def test_a_record_merged_into_another_is_counted_nowhere(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    survivor, absorbed = make_customer(company), make_customer(neighbour)
    score_here(now)
    merge_customers(survivor, [absorbed], actor=SYSTEM, now=now)

    run = score_here(now + timedelta(days=1))

    assert CustomerProfile.objects.filter(customer=absorbed).exists()
    assert sum(group.customers for group in groups_known_at(Scope.EVERYWHERE, run)) == 1
    for place in (company, neighbour):
        live = count_groups(profiles_known_at(below(place)), run)
        assert in_order(groups_known_at(below(place), run)) == in_order(live), place.code

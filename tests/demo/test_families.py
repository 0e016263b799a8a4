"""Families and needs of the invented city, without a database."""

from collections import Counter
from datetime import date

import pytest

from hearth.demo.city import ProjectCity, plan_city
from hearth.demo.city.dice import Dice
from hearth.demo.city.families import CHANGED_NEEDS, MOST_FAMILIES, Families, know_families
from hearth.families.models import NeedProfile, Relationship
from hearth.families.words import MOTIVES, VALUE_ELEMENTS

TODAY = date(2026, 3, 18)
CITIES = [(60, 1), (97, 3), (2_000, 5)]


def first_project(households: int, seed: int) -> ProjectCity:
    return next(plan_city(households, seed=seed, today=TODAY).projects())


def families_of(project: ProjectCity, seed: int = 6) -> Families:
    return know_families(project, Dice(seed), today=TODAY)


@pytest.fixture(scope="module", params=CITIES, ids=str)
def project(request: pytest.FixtureRequest) -> ProjectCity:
    return first_project(*request.param)


def test_the_same_seed_knows_the_same_families_and_another_others() -> None:
    assert families_of(first_project(80, 5)) == families_of(first_project(80, 5))
    assert families_of(first_project(80, 5)) != families_of(first_project(80, 5), seed=7)


def test_every_kind_of_relation_occurs(project: ProjectCity) -> None:
    assert {tie.kind for tie in families_of(project).ties} == set(Relationship.Kind.values)


def test_relations_do_not_contradict_each_other(project: ProjectCity) -> None:
    people = {one.key: one for household in project.households for one in household.members}
    ties = families_of(project).ties

    married = Counter(key for tie in ties if tie.kind == "spouse" for key in (tie.key, tie.other))
    referred = Counter(tie.other for tie in ties if tie.kind == "referrer")
    children = [(people[tie.key], people[tie.other]) for tie in ties if tie.kind == "parent"]
    order = {household.head.key: place for place, household in enumerate(project.households)}
    assert len({(tie.kind, tie.key, tie.other) for tie in ties}) == len(ties)
    assert all(tie.key != tie.other for tie in ties)
    assert set(married.values()) == {1}
    assert set(referred.values()) == {1}
    assert all(parent.birth_date < child.birth_date for parent, child in children)
    assert all(order[tie.key] < order[tie.other] for tie in ties if tie.kind == "referrer")


def test_contacts_of_companies_are_people_and_hold_a_position(project: ProjectCity) -> None:
    known = families_of(project)

    contacts = [tie for tie in known.ties if tie.kind == "contact"]
    assert {tie.other for tie in contacts} == {company.key for company in known.companies}
    assert all(tie.key.startswith("DP") and tie.position for tie in contacts)


def test_their_number_does_not_grow_with_the_city() -> None:
    known = families_of(first_project(2_000, 5))

    families = {tie.other for tie in known.ties if tie.kind in ("spouse", "parent")}
    assert len({key.partition("-")[0] for key in families}) <= MOST_FAMILIES
    assert len(known.ties) < 4 * MOST_FAMILIES


def test_needs_use_known_words_and_some_changed(project: ProjectCity) -> None:
    needs = families_of(project).needs

    versions = [version for stated in needs.values() for version in stated]
    assert sum(len(stated) == 2 for stated in needs.values()) == CHANGED_NEEDS
    assert {version.purpose for version in versions} <= set(NeedProfile.Purpose.values)
    assert {version.timing for version in versions} <= set(NeedProfile.Timing.values)
    assert {version.ability_to_pay for version in versions} <= set(NeedProfile.AbilityToPay.values)
    assert {motive for version in versions for motive in version.motives} <= MOTIVES.keys()
    assert {element for version in versions for element in version.ratings} <= VALUE_ELEMENTS.keys()
    for stated in needs.values():
        assert [version.stated_at for version in stated] == sorted({version.stated_at for version in stated})
        assert all(version.stated_at.date() < TODAY for version in stated)

"""The invented city, without a database."""

from datetime import date, timedelta

import pytest

from hearth.demo.city import CityTooSmall, ProjectCity, plan_city
from hearth.demo.city.dice import Dice
from hearth.demo.city.experiments import CAMPAIGNS, choose_responders
from hearth.demo.city.plan import DELAY_DAYS, HISTORY_DAYS
from hearth.lib.contact import normalise_identity_number, normalise_phone

TODAY = date(2026, 3, 18)
CITIES = [(60, 1), (60, 2), (97, 3), (400, 4), (1_500, 5)]


def build(households: int, seed: int) -> list[ProjectCity]:
    return list(plan_city(households, seed=seed, today=TODAY).projects())


@pytest.fixture(scope="module", params=CITIES, ids=str)
def city(request: pytest.FixtureRequest) -> list[ProjectCity]:
    return build(*request.param)


def test_the_same_seed_makes_the_same_city() -> None:
    assert build(80, 5) == build(80, 5)


def test_another_seed_makes_another_city() -> None:
    assert build(80, 5) != build(80, 6)


def test_a_city_of_fewer_than_sixty_households_is_refused() -> None:
    with pytest.raises(CityTooSmall):
        plan_city(59, seed=1, today=TODAY)


@pytest.mark.parametrize(("households", "seed"), CITIES)
def test_the_city_has_as_many_households_as_asked_for(households: int, seed: int) -> None:
    assert sum(len(project.households) for project in build(households, seed)) == households


def test_every_phase_of_a_project_occurs(city: list[ProjectCity]) -> None:
    phases = {project.plan.life_phase for project in city}

    assert phases == {"identify_needs", "make_plan", "execute_plan", "finish"}


def test_no_home_is_sold_twice(city: list[ProjectCity]) -> None:
    sold = [purchase.home.key for project in city for purchase in project.purchases]

    assert len(sold) == len(set(sold))


def test_sold_homes_are_not_for_sale(city: list[ProjectCity]) -> None:
    for project in city:
        sold = {purchase.home.key for purchase in project.purchases}
        assert sold | set(project.unsold_states) == {home.key for home in project.homes}
        assert not sold & set(project.unsold_states)


def test_homes_are_handed_over_after_they_were_sold_and_before_today(city: list[ProjectCity]) -> None:
    for purchase in (one for project in city for one in project.purchases):
        assert purchase.signed_date < TODAY
        if purchase.handover_date:
            assert purchase.signed_date < purchase.handover_date < TODAY


def test_everything_happened_within_five_years(city: list[ProjectCity]) -> None:
    days = [
        *(contact.occurred_at.date() for project in city for contact in project.contacts),
        *(matter.opened_at.date() for project in city for matter in project.matters),
        *(decision.decided_at.date() for project in city for decision in project.decisions),
        *(pay.paid_date for project in city for one in project.purchases for pay in one.payments),
    ]

    assert min(days) >= TODAY - timedelta(days=HISTORY_DAYS)
    assert max(days) < TODAY


def test_nobody_pays_more_than_the_price(city: list[ProjectCity]) -> None:
    for purchase in (one for project in city for one in project.purchases):
        assert 0 < sum(payment.amount for payment in purchase.payments) <= purchase.total


def test_answers_follow_their_cases(city: list[ProjectCity]) -> None:
    for matter in (one for project in city for one in project.matters):
        assert matter.answered_at is None or matter.answered_at > matter.opened_at
        assert matter.closed_at is None or (matter.answered_at and matter.closed_at > matter.answered_at)


def test_phones_are_valid_in_form_and_belong_to_no_operator(city: list[ProjectCity]) -> None:
    for household in city[0].households:
        for phone in household.head.phones:
            assert normalise_phone(phone).kind == "mobile"
            assert phone.startswith("154")


def test_identity_numbers_are_valid_and_each_is_given_once() -> None:
    people = [one.head for project in build(1_500, 5) for one in project.households]
    numbers = [person.identity_number for person in people if person.identity_number]

    assert len(numbers) == len(set(numbers)) > 300
    assert all(normalise_identity_number(number).number == number for number in numbers)


def test_water_spreads_to_homes_below_or_beside(city: list[ProjectCity]) -> None:
    project = city[0]
    assert project.leak is not None
    place = {home.key: (home.entrance, home.floor, home.line) for home in project.homes}

    wet = [place[key] for key in project.leak.homes]

    assert len(wet) >= 12
    assert (max(project.leak.days) - min(project.leak.days)).days == 42
    for number, (entrance, floor, line) in enumerate(wet[1:], start=1):
        assert any(
            entrance == other[0] and ((other[1] - floor, other[2]) == (1, line) or (other[1] == floor))
            for other in wet[:number]
        )


def test_each_wet_home_is_reported(city: list[ProjectCity]) -> None:
    leak = city[0].leak
    assert leak is not None

    reported = {matter.home for matter in city[0].matters if matter.topic == "渗漏"}

    assert set(leak.homes) <= reported


def test_the_late_building_is_four_months_late_and_its_owners_complain(city: list[ProjectCity]) -> None:
    project = city[1]
    assert project.delay is not None
    late = [one for one in project.purchases if one.home.building.key == project.delay.building]
    complaints = [matter for matter in project.matters if matter.topic == "延期交付"]

    assert all(
        one.handover_date and (one.handover_date - project.delay.promised_date).days >= DELAY_DAYS
        for one in late
    )
    assert complaints
    assert {matter.home for matter in complaints} <= {one.home.key for one in late}


def test_about_one_person_in_a_hundred_is_entered_twice() -> None:
    projects = build(1_500, 5)
    people = sum(len(one.members) for project in projects for one in project.households)

    pairs = [pair for project in projects for pair in project.duplicates]

    assert 0.006 < len(pairs) / people < 0.016
    assert sum(pair.kind == "whole_family" for pair in pairs) == 3


@pytest.mark.parametrize(("number", "points"), [(0, 3.0), (1, 0.0)])
def test_a_campaign_adds_what_its_plan_says(number: int, points: float) -> None:
    arms = {"control": list(range(4_000)), "mail": list(range(4_000, 8_000))}

    chosen = set(choose_responders(arms, CAMPAIGNS[number], Dice(1), treated="mail"))

    rates = {arm: 100 * len(chosen & set(people)) / len(people) for arm, people in arms.items()}
    assert rates["mail"] - rates["control"] == pytest.approx(points, abs=0.06)

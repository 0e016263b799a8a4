"""The warranty of homes, by the rules of their places."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.lib.warranty import Source
from hearth.organization.models import OrgUnit
from hearth.organization.services import set_setting
from hearth.repairs.home_parts import SEASONS, SHIPPED, WARRANTY_RULES, HomePart
from hearth.repairs.models import BuildingAcceptance
from hearth.repairs.services import set_acceptance
from hearth.repairs.services.acceptance import AcceptanceUnlikely
from hearth.repairs.warranty_selectors import Standing, warranties_of, warranty_of
from tests.organization.builders import make_actor, make_member, sign_in
from tests.properties.builders import make_building, make_project
from tests.repairs.builders import NOW, SYSTEM, TODAY, make_delivered

pytestmark = pytest.mark.django_db
VIEW = ("core.signed_in", "properties.view", "repairs.view")
HANDOVER = date(2024, 6, 28)


@pytest.mark.parametrize(
    ("part", "end", "source"),
    [
        ("structure", date(2074, 6, 28), Source.SELLER),
        ("roof", date(2028, 12, 20), Source.BUILDER),
        ("wet_room", date(2028, 12, 20), Source.BUILDER),
        ("outer_wall", date(2028, 12, 20), Source.BUILDER),
        ("plaster", date(2025, 12, 20), Source.BUILDER),
        ("door_window", date(2025, 12, 20), Source.BUILDER),
        ("heating_cooling", date(2026, 3, 15), Source.BUILDER),
        ("wiring", date(2025, 12, 20), Source.BUILDER),
        ("sanitary", date(2025, 6, 28), Source.SELLER),
        ("lamp_switch", date(2024, 12, 28), Source.SELLER),
        ("blocked_pipe", date(2024, 8, 28), Source.SELLER),
    ],
)
def test_shipped_figures_are_those_of_the_two_rules(
    company: OrgUnit, part: str, end: date, source: Source
) -> None:
    home = make_delivered(company, handed_over=HANDOVER, accepted=date(2023, 12, 20))

    found = warranty_of(home, part, day=TODAY)

    assert found.end is not None
    assert (found.end.ends_date, found.end.source) == (end, source)
    assert found.standing == (Standing.IN_WARRANTY if end >= TODAY else Standing.OVER)


def test_the_last_day_is_covered_and_the_next_is_not(company: OrgUnit) -> None:
    home = make_delivered(company, handed_over=HANDOVER)

    assert warranty_of(home, "sanitary", day=date(2025, 6, 28)).standing == Standing.IN_WARRANTY
    assert warranty_of(home, "sanitary", day=date(2025, 6, 29)).standing == Standing.OVER


def test_before_handover_no_warranty_has_begun_and_other_parts_have_none(company: OrgUnit) -> None:
    home = make_delivered(company, handed_over=None)

    assert warranty_of(home, "roof", day=TODAY).standing == Standing.NOT_BEGUN
    assert warranty_of(home, HomePart.OTHER, day=TODAY).standing == Standing.NONE
    assert [each.part for each in warranties_of(home, day=TODAY)] == [rule["part"] for rule in SHIPPED]


def test_what_contracts_of_a_place_give_is_set_there_and_holds_below_it_alone(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    rules = [{**rule, "contract": 36} if rule["part"] == "sanitary" else dict(rule) for rule in SHIPPED]
    set_setting(WARRANTY_RULES.key, value=rules, actor=SYSTEM, now=NOW, org_unit=company)
    here, there = make_delivered(company), make_delivered(neighbour)

    ours, theirs = (warranty_of(home, "sanitary", day=TODAY) for home in (here, there))

    assert ours.end is not None
    assert (ours.end.ends_date, ours.end.source) == (date(2027, 6, 28), Source.CONTRACT)
    assert theirs.standing == Standing.OVER


@pytest.mark.parametrize(
    "value",
    [
        {},
        [{"part": "roof", "seller": 36, "builder": 60}],
        [{"part": "garden", "seller": 36, "builder": 60, "contract": 0}],
        [{"part": "roof", "seller": -1, "builder": 60, "contract": 0}],
        [{"part": "roof", "seller": True, "builder": 60, "contract": 0}],
        [{"part": "roof", "seller": 36, "builder": 60, "contract": 0, "in_seasons": 1}],
        [{"part": "roof", "seller": 36, "builder": 60, "contract": 0}] * 2,
    ],
)
def test_rules_that_cannot_be_read_are_not_taken(value: Any) -> None:
    assert not WARRANTY_RULES.accepts(value)


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        [{"begins": "11-15"}],
        [{"begins": "13-01", "ends": "03-15"}],
        ["11-15"],
        [{"begins": 1, "ends": 2}],
    ],
)
def test_seasons_that_cannot_be_read_are_not_taken(value: Any) -> None:
    assert not SEASONS.accepts(value)


def test_the_day_of_acceptance_is_said_once_for_all_homes_of_a_building(company: OrgUnit) -> None:
    first = make_delivered(company, building="9栋", accepted=None)
    second = make_delivered(company, building="9栋", accepted=None)
    actor = make_actor(company, *VIEW, "repairs.change")

    set_acceptance(first.building, date(2024, 1, 5), actor=actor, now=NOW)
    set_acceptance(first.building, date(2024, 3, 5), actor=actor, now=NOW)

    end = warranty_of(second, "wiring", day=TODAY).end
    assert end is not None
    assert end.ends_date == date(2026, 3, 5)
    assert BuildingAcceptance.objects.get().user_id == actor.user_id
    assert EventRecord.objects.filter(type="repairs.building_accepted").count() == 2


@pytest.mark.parametrize("day", [date(2026, 3, 19), date(1979, 12, 31)])
def test_a_day_of_acceptance_that_cannot_be_is_refused(company: OrgUnit, day: date) -> None:
    building = make_building(make_project(company))

    with pytest.raises(AcceptanceUnlikely):
        set_acceptance(building, day, actor=SYSTEM, now=NOW)


def test_the_day_of_acceptance_needs_the_right_at_the_place(company: OrgUnit, neighbour: OrgUnit) -> None:
    home = make_delivered(company, accepted=None)

    for actor in (make_actor(company, *VIEW), make_actor(neighbour, *VIEW, "repairs.change")):
        with pytest.raises(NotAllowed):
            set_acceptance(home.building, date(2024, 1, 5), actor=actor, now=NOW)


def test_the_page_says_until_when_and_why_and_takes_the_day_of_acceptance(
    client: Client, company: OrgUnit
) -> None:
    home = make_delivered(company, accepted=None)
    sign_in(client, make_member(company, *VIEW, "repairs.change"))
    address = reverse("repairs:warranty", args=[home.pk])

    before = client.get(address).content.decode()
    sent = client.post(reverse("repairs:accept_building", args=[home.pk]), {"accepted_date": "2024-03-05"})
    after = client.get(address).content.decode()

    assert "2027-06-28" in before
    assert sent.status_code == 303
    assert "2029-03-05" in after
    assert (
        client.post(
            reverse("repairs:accept_building", args=[home.pk]), {"accepted_date": "2999-01-01"}
        ).status_code
        == 422
    )


def test_the_card_stands_on_the_page_of_a_home_for_who_may_see_it(client: Client, company: OrgUnit) -> None:
    home = make_delivered(company)
    card = reverse("repairs:of_home", args=[home.pk])
    page = reverse("properties:unit", args=[home.pk])

    sign_in(client, make_member(company, *VIEW))
    shown, page_shown = client.get(card), client.get(page)
    sign_in(client, make_member(company, *VIEW[:2]))
    hidden, page_hidden = client.get(card), client.get(page)

    assert "2028-12-20" in shown.content.decode()
    assert card in page_shown.content.decode()
    assert hidden.status_code == 403
    assert card not in page_hidden.content.decode()


def test_a_neighbours_home_is_not_there(client: Client, company: OrgUnit, neighbour: OrgUnit) -> None:
    home = make_delivered(neighbour)
    sign_in(client, make_member(company, *VIEW, "repairs.change"))

    assert client.get(reverse("repairs:warranty", args=[home.pk])).status_code == 404
    assert client.post(reverse("repairs:accept_building", args=[home.pk])).status_code == 404

"""Rules: inherited, set, fixed, and what they may be."""

from datetime import datetime
from typing import Any

import pytest

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.organization.models import OrgUnit, Setting
from hearth.organization.permissions import CHANGE_SETTING
from hearth.organization.selectors import declared_settings_at, resolve_setting, setting_at
from hearth.organization.services import (
    BadSettingValue,
    LockedAbove,
    NoSuchSetting,
    clear_setting,
    set_setting,
)
from hearth.organization.settings_catalogue import SettingDefinition
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db
KEY = "organization.opens_hour"


def put(place: OrgUnit, value: int, actor: Actor, now: datetime, *, is_locked: bool = False) -> Setting:
    return set_setting(KEY, actor=actor, now=now, org_unit=place, value=value, is_locked=is_locked)


@pytest.fixture
def region(group: OrgUnit) -> OrgUnit:
    """The region above both companies."""
    return OrgUnit.objects.get(code="S")


def test_a_place_inherits_from_the_nearest_above_that_sets_it(
    group: OrgUnit, region: OrgUnit, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    before = setting_at(KEY, company)
    put(group, 8, actor, now)
    put(region, 10, actor, now)

    resolved = resolve_setting(KEY, company, default=9)

    assert before == 9
    assert (resolved.value, resolved.source) == (10, region)


def test_a_fixed_value_counts_whatever_is_set_below(
    region: OrgUnit, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    put(company, 7, actor, now)

    put(region, 10, actor, now, is_locked=True)

    assert setting_at(KEY, company) == 10


def test_a_place_below_a_fixed_value_is_told_who_fixed_it(
    region: OrgUnit, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    put(region, 10, actor, now, is_locked=True)

    with pytest.raises(LockedAbove) as refused:
        put(company, 7, actor, now)

    assert refused.value.params == {"place": "华南区域"}


def test_a_place_that_clears_its_value_inherits_again(
    region: OrgUnit, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    put(region, 10, actor, now)
    put(company, 7, actor, now)

    clear_setting(KEY, actor=actor, now=now, org_unit=company)

    assert setting_at(KEY, company) == 10


@pytest.mark.parametrize("value", [-1, 23, "9", 9.5, True, None])
def test_a_value_that_is_not_possible_is_refused(
    company: OrgUnit, actor: Actor, now: datetime, value: Any
) -> None:
    with pytest.raises(BadSettingValue):
        set_setting(KEY, actor=actor, now=now, org_unit=company, value=value)


def test_a_key_that_nobody_declared_is_refused(company: OrgUnit, actor: Actor, now: datetime) -> None:
    with pytest.raises(NoSuchSetting):
        set_setting("moon.phase", actor=actor, now=now, org_unit=company, value=1)


def test_a_neighbour_sets_nothing(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        put(company, 8, make_actor(neighbour, CHANGE_SETTING), now)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("bool", True, 1),
        ("json", {"a": 1}, "a"),
        ("choice", "x", "y"),
        ("int", 3, 3.0),
    ],
)
def test_each_kind_takes_its_own_values_only(kind: Any, good: Any, bad: Any) -> None:
    definition = SettingDefinition("k", "K", kind, good, choices=(("x", "X"),))

    assert (definition.accepts(good), definition.accepts(bad)) == (True, False)


@pytest.mark.requirement("S188")
def test_a_company_states_how_far_its_customer_work_has_come(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    key = "organization.customer_work_stage"

    set_setting(key, actor=actor, now=now, org_unit=company, value="loyalty")

    assert (setting_at(key, company), setting_at(key, neighbour)) == ("loyalty", "complaints")


def test_all_settings_of_a_place_cost_one_query(
    company: OrgUnit, actor: Actor, now: datetime, django_assert_num_queries: object
) -> None:
    put(company, 8, actor, now)

    with django_assert_num_queries(1):  # type: ignore[operator]
        values = {definition.key: resolved.value for definition, resolved in declared_settings_at(company)}

    assert values[KEY] == 8

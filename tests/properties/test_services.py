"""Projects, buildings and homes are entered once and change state by the rules."""

import time
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from pytest_django.fixtures import DjangoAssertNumQueries

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.properties.errors import (
    BuildingExists,
    ImpossibleArea,
    NegativePrice,
    ProjectExists,
    StateNotAllowed,
    UnitExists,
)
from hearth.properties.models import Unit
from hearth.properties.permissions import CHANGE_PROPERTY, VIEW_PROPERTY
from hearth.properties.services import (
    UnitDraft,
    change_unit_state,
    create_building,
    create_project,
    create_unit,
    create_units,
)
from hearth.properties.services.states import NEXT_STATES
from tests.organization.builders import make_actor
from tests.properties.builders import make_building, make_entrance, make_project, make_unit

pytestmark = pytest.mark.django_db
State = Unit.State


def test_a_project_is_entered_with_its_event(company: OrgUnit, now: datetime) -> None:
    actor = make_actor(company, CHANGE_PROPERTY)

    project = create_project(company, code="JS", name="金色家园", actor=actor, now=now)

    event = EventRecord.objects.get(type="properties.project_created")
    assert (event.project_id, event.org_unit_id, event.actor_id) == (project.pk, company.pk, actor.user_id)


def test_a_code_is_given_once_in_a_company(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    create_project(company, code="JS", name="金色家园", actor=actor, now=now)

    with pytest.raises(ProjectExists):
        create_project(company, code="JS", name="另一个", actor=actor, now=now)

    assert create_project(neighbour, code="JS", name="金色家园", actor=actor, now=now).org_unit == neighbour


def test_a_building_name_is_given_once_in_a_project(company: OrgUnit, actor: Actor, now: datetime) -> None:
    project = make_project(company)
    building = create_building(project, name="1栋", phase_name="一期", actor=actor, now=now)

    with pytest.raises(BuildingExists):
        create_building(project, name="1栋", actor=actor, now=now)

    assert building.phase is not None
    assert building.phase.name == "一期"


def test_nobody_enters_homes_for_the_neighbour(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    actor = make_actor(neighbour, CHANGE_PROPERTY)
    building = make_building(make_project(company))

    with pytest.raises(NotAllowed):
        create_project(company, code="X", name="X", actor=actor, now=now)
    with pytest.raises(NotAllowed):
        create_building(building.project, name="X", actor=actor, now=now)
    with pytest.raises(NotAllowed):
        create_unit(UnitDraft(building=building, number="1"), actor=actor, now=now)
    with pytest.raises(NotAllowed):
        create_units([UnitDraft(building=building, number="1")], actor=actor, now=now)
    with pytest.raises(NotAllowed):
        change_unit_state(make_unit(building), State.HELD, actor=actor, now=now)


def test_an_address_and_a_key_belong_to_one_home(company: OrgUnit, actor: Actor, now: datetime) -> None:
    building = make_building(make_project(company))
    make_unit(building, number="101", external_key="K1")

    with pytest.raises(UnitExists) as by_address:
        create_unit(UnitDraft(building=building, number="101"), actor=actor, now=now)
    with pytest.raises(UnitExists) as by_key:
        create_unit(UnitDraft(building=building, number="102", external_key="K1"), actor=actor, now=now)

    assert (by_address.value.field, by_key.value.field) == ("number", "external_key")


@pytest.mark.parametrize("area", ["2.99", "5000.01"])
def test_an_area_no_home_has_is_refused(area: str, company: OrgUnit, actor: Actor, now: datetime) -> None:
    draft = UnitDraft(building=make_building(make_project(company)), number="1", floor_area=Decimal(area))

    with pytest.raises(ImpossibleArea):
        create_unit(draft, actor=actor, now=now)


def test_a_negative_price_is_refused(company: OrgUnit, actor: Actor, now: datetime) -> None:
    draft = UnitDraft(
        building=make_building(make_project(company)), number="1", list_price_amount=Decimal(-1)
    )

    with pytest.raises(NegativePrice):
        create_unit(draft, actor=actor, now=now)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_a_home_goes_only_where_its_state_leads(
    before: str, after: str, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    unit = make_unit(make_building(make_project(company)), state=before)
    is_allowed = before == after or after in NEXT_STATES[before]

    if is_allowed:
        change_unit_state(unit, after, actor=actor, now=now)
    else:
        with pytest.raises(StateNotAllowed):
            change_unit_state(unit, after, actor=actor, now=now)

    unit.refresh_from_db()
    assert unit.state == (after if is_allowed else before)


def test_a_change_of_state_is_recorded_and_a_handover_sets_its_day(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    unit = make_unit(make_building(make_project(company)), state=State.CONTRACTED)

    changed = change_unit_state(unit, State.DELIVERED, actor=actor, now=now)

    event = EventRecord.objects.get(type="properties.unit_state_changed")
    assert (event.unit_id, event.payload) == (unit.pk, {"before": "contracted", "after": "delivered"})
    assert changed.handover_date == localdate(now)


def test_the_row_is_locked_before_its_state_is_looked_at(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    unit = make_unit(make_building(make_project(company)))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        change_unit_state(unit, State.HELD, actor=actor, now=now)

    first = next(query["sql"] for query in queries if query["sql"].startswith("SELECT"))
    assert first.endswith("FOR UPDATE")


def test_many_homes_take_the_same_queries_as_one(
    company: OrgUnit, actor: Actor, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    building = make_building(make_project(company))

    with django_assert_num_queries(5):
        create_units([UnitDraft(building=building, number="a")], actor=actor, now=now)
    with django_assert_num_queries(5):
        create_units([UnitDraft(building=building, number=str(n)) for n in range(3)], actor=actor, now=now)


def test_homes_are_entered_by_thousands_a_second(company: OrgUnit, actor: Actor, now: datetime) -> None:
    building = make_building(make_project(company))
    drafts = [UnitDraft(building=building, number=str(n), floor=n // 4) for n in range(4_000)]

    begun = time.process_time()
    create_units(drafts, actor=actor, now=now)
    seconds = time.process_time() - begun

    assert Unit.objects.count() == 4_000
    assert len(drafts) / seconds > 2_000


def test_homes_are_seen_at_ones_own_places_only(company: OrgUnit, neighbour: OrgUnit) -> None:
    mine = make_unit(make_building(make_project(company)))
    make_unit(make_building(make_project(neighbour)))

    assert list(Unit.objects.visible_to(make_actor(company, VIEW_PROPERTY))) == [mine]


def test_the_same_room_may_exist_by_two_entrances(company: OrgUnit) -> None:
    building = make_building(make_project(company))

    make_unit(building, number="101", entrance=make_entrance(building, "1单元"))
    make_unit(building, number="101", entrance=make_entrance(building, "2单元"))

    assert Unit.objects.filter(building=building).count() == 2

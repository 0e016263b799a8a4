"""Batches: what goes on sale, by whose approval and from when."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.second_person import OwnWork, PastThatStep
from hearth.inventory.models import BatchUnit, ReleaseBatch
from hearth.inventory.services import (
    BatchTerms,
    HomesWanted,
    add_homes,
    approve_batch,
    change_batch,
    create_batch,
    release_batch,
    remove_homes,
    return_batch,
    submit_batch,
)
from hearth.inventory.services.releases import BatchIncomplete, BatchNameTaken, NoHomesFound
from hearth.inventory.standing import Stand, standings_of
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.exports.builders import actor_of
from tests.inventory.builders import (
    OPENED,
    make_approved,
    make_batch,
    make_preparer,
    make_prices,
    make_released,
    make_second,
    make_tower,
)
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db


def test_a_batch_passes_a_second_person_before_it_is_released(company: OrgUnit, now: datetime) -> None:
    batch = make_batch(company)
    preparer, second = actor_of(batch.author), actor_of(make_second(company))

    submit_batch(batch, actor=preparer, now=now)
    approve_batch(batch, actor=second, now=now)
    released = release_batch(batch, actor=preparer, now=now)

    assert (released.state, released.approved_by_id) == ("released", second.user_id)
    assert set(Unit.objects.values_list("state", flat=True)) == {"available"}
    told = EventRecord.objects.get(type="inventory.batch_released")
    assert (told.subject_id, told.payload["units"]) == (batch.pk, 6)


def test_who_prepared_a_batch_does_not_approve_it(company: OrgUnit, now: datetime) -> None:
    both = make_member(company, "inventory.view", "inventory.change", "inventory.approve")
    batch = make_batch(company, preparer=both)
    submit_batch(batch, actor=actor_of(both), now=now)

    with pytest.raises(OwnWork):
        approve_batch(batch, actor=actor_of(both), now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseBatch.objects.filter(pk=batch.pk).update(approved_by=both)


def test_a_batch_is_complete_before_it_is_submitted(company: OrgUnit, now: datetime) -> None:
    preparer = make_preparer(company)
    without_permit = make_batch(company, preparer=preparer, permit_number="")
    without_time = make_batch(company, preparer=preparer, opens_at=None)
    building = make_tower(company)
    terms = BatchTerms("空", "许", OPENED)
    without_homes = create_batch(building.project, terms, actor=actor_of(preparer), now=now)

    for batch in (without_permit, without_time, without_homes):
        with pytest.raises(BatchIncomplete):
            submit_batch(batch, actor=actor_of(preparer), now=now)


def test_a_home_stands_in_one_batch(company: OrgUnit, now: datetime) -> None:
    preparer, building = make_preparer(company), make_tower(company)
    first = make_batch(company, preparer=preparer, building=building)
    terms = BatchTerms("第二批", "许", OPENED)
    other = create_batch(building.project, terms, actor=actor_of(preparer), now=now)

    with pytest.raises(NoHomesFound):
        add_homes(other, HomesWanted(building), actor=actor_of(preparer), now=now)
    home = BatchUnit.objects.filter(batch=first).first()
    assert home is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchUnit.objects.create(
            org_unit=company, batch=other, unit_id=home.unit_id, created_at=now, updated_at=now
        )


def test_homes_are_chosen_by_floor_and_taken_out_again(company: OrgUnit, now: datetime) -> None:
    preparer, building = make_preparer(company), make_tower(company, floors=4)
    batch = create_batch(building.project, BatchTerms("首批", "", None), actor=actor_of(preparer), now=now)

    added = add_homes(batch, HomesWanted(building, None, 2, 3), actor=actor_of(preparer), now=now)
    some = list(Unit.objects.filter(released_in__batch=batch, floor=3).values_list("pk", flat=True))
    removed = remove_homes(batch, some, actor=actor_of(preparer), now=now)

    assert (added, removed) == (4, 2)
    assert set(Unit.objects.filter(released_in__batch=batch).values_list("number", flat=True)) == {
        "201",
        "202",
    }


def test_a_sold_home_does_not_come_into_a_batch(company: OrgUnit, now: datetime) -> None:
    building = make_tower(company, floors=1)
    Unit.objects.filter(number="101").update(state="contracted")

    batch = make_batch(company, building=building)

    assert Unit.objects.get(released_in__batch=batch).number == "102"


def test_what_was_submitted_is_changed_no_more_unless_it_is_sent_back(
    company: OrgUnit, now: datetime
) -> None:
    batch = make_batch(company)
    preparer, second = actor_of(batch.author), actor_of(make_second(company))
    submit_batch(batch, actor=preparer, now=now)
    terms = BatchTerms("改名", "许", OPENED)

    with pytest.raises(PastThatStep):
        change_batch(batch, terms, actor=preparer, now=now)
    returned = return_batch(batch, because="预售证号有误", actor=second, now=now)
    changed = change_batch(batch, terms, actor=preparer, now=now)

    assert (returned.state, returned.returned_because) == ("draft", "预售证号有误")
    assert changed.name == "改名"
    with pytest.raises(PastThatStep):
        release_batch(batch, actor=preparer, now=now)


def test_a_name_stands_once_in_a_project(company: OrgUnit, now: datetime) -> None:
    batch = make_batch(company)

    with pytest.raises(BatchNameTaken):
        create_batch(batch.project, BatchTerms(batch.name, "", None), actor=actor_of(batch.author), now=now)


def test_a_batch_is_prepared_and_approved_by_right_at_its_place(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    batch = make_batch(company)
    stranger = actor_of(make_member(neighbour, "inventory.change", "inventory.approve"))

    for act in (submit_batch, approve_batch, release_batch):
        with pytest.raises((NotAllowed, PastThatStep)):
            act(batch, actor=stranger, now=now)
    assert not ReleaseBatch.objects.visible_to(stranger).exists()


def test_a_home_is_free_once_its_batch_is_open_and_its_price_approved(
    company: OrgUnit, now: datetime
) -> None:
    batch = make_batch(company, opens_at=now + timedelta(hours=1))
    unit = Unit.objects.filter(released_in__batch=batch).with_place().order_by("number")[0]

    def stands(at: datetime) -> tuple[Stand, str]:
        unit.refresh_from_db()
        standing = standings_of([unit], at)[unit.pk]
        return standing.stand, standing.note

    before = stands(now)
    make_released(batch)
    early = stands(now)
    unpriced = stands(now + timedelta(hours=1))
    make_approved(make_prices(batch))
    free = stands(now + timedelta(hours=1))

    assert before == (Stand.NOT_RELEASED, "")
    assert early[1] == "2026-03-18 15:30 起"
    assert unpriced == (Stand.NOT_RELEASED, "没有已批准的价格")
    assert free == (Stand.FREE, "")

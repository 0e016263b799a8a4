"""What engineers report from homes, and the three signatures."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from hearth.cases.models import ServiceClock, Step
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import EventRecord, StoredFile
from hearth.core.uploads import FileNotTaken
from hearth.organization.models import OrgUnit
from hearth.repairs.models import RepairOrder, RepairPhoto, RepairVisit, SignOff, UsedPart
from hearth.repairs.services import (
    AboutPart,
    PartUnlikely,
    arrive,
    book_repair,
    keep_part,
    report_visit,
    sign_later,
    supervise,
)
from hearth.repairs.services.ordering import TooLateForThat
from hearth.repairs.services.parts import SparePartIncomplete, SparePartKnown
from hearth.repairs.services.signing import EngineerSupervises, NoSuchSigner
from hearth.repairs.services.visiting import (
    CameUnlikely,
    KeyOfAnother,
    Signature,
    SignedUnfinished,
    TooManyPhotos,
    WorkMissing,
)
from tests.exports.builders import actor_of
from tests.organization.builders import make_actor
from tests.repairs.builders import (
    ALL,
    LATER,
    NOW,
    SYSTEM,
    make_booked,
    make_engineer,
    make_order,
    make_part,
    make_planner,
    make_slot,
    make_visit,
    png,
    reported,
    signed_by,
)

pytestmark = pytest.mark.django_db


def test_arriving_stops_the_clock_of_the_visit_and_said_again_changes_nothing(company: OrgUnit) -> None:
    engineer = make_engineer(company)
    order, actor = make_booked(company, engineer), actor_of(engineer)

    row = arrive(order, came_at=LATER, actor=actor, now=LATER)
    again = arrive(order, came_at=LATER + timedelta(hours=1), actor=actor, now=LATER + timedelta(hours=1))

    clock = ServiceClock.objects.get(case=order.case, step=Step.ON_SITE)
    assert (row.state, row.arrived_at, again.arrived_at) == ("arrived", LATER, LATER)
    assert clock.stopped_at == LATER
    assert EventRecord.objects.filter(type="repairs.reached").count() == 1


@pytest.mark.parametrize(
    ("came", "now"),
    [
        (NOW - timedelta(minutes=6), LATER),
        (LATER + timedelta(minutes=6), LATER),
        (LATER, LATER + timedelta(days=15)),
    ],
)
def test_an_arrival_before_the_order_in_the_future_or_long_ago_is_refused(
    company: OrgUnit, came: datetime, now: datetime
) -> None:
    order = make_booked(company)

    with pytest.raises(CameUnlikely):
        arrive(order, came_at=came, actor=SYSTEM, now=now)


def test_a_report_keeps_photos_parts_and_what_was_done(company: OrgUnit) -> None:
    engineer, valve, seal = make_engineer(company), make_part(company), make_part(company, price="0.35")
    order = make_booked(company, engineer)
    parts = {valve.pk: Decimal(2), seal.pk: Decimal("1.5")}
    said = reported(before=[png("前.png")], after=[png(), png()], parts=parts)

    visit = report_visit(order, said, actor=actor_of(engineer), now=LATER)
    keep_part(company, AboutPart("角阀改", "个", Decimal(99)), part=valve, actor=SYSTEM, now=LATER)

    row = RepairOrder.objects.get(pk=order.pk)
    assert (row.state, row.arrived_at, row.finished_at) == ("finished", LATER, LATER)
    assert sorted(RepairPhoto.objects.values_list("moment", flat=True)) == ["after", "after", "before"]
    assert [used.amount for used in UsedPart.objects.order_by("id")] == [Decimal("71.00"), Decimal("0.52")]
    event = EventRecord.objects.get(type="repairs.reported")
    assert (event.amount, event.payload["photos"]) == (Decimal("71.52"), 3)
    assert visit.engineer == engineer


def test_a_report_that_comes_again_is_returned_as_it_was_kept(company: OrgUnit) -> None:
    order, key = make_booked(company), uuid4()

    first = report_visit(order, reported(key, before=[png()]), actor=SYSTEM, now=LATER)
    second = report_visit(
        order, reported(key, note="改口", before=[png()]), actor=SYSTEM, now=LATER + timedelta(days=9)
    )

    assert first == second
    assert RepairVisit.objects.get().note == "重做防水，闭水 24 小时"
    assert RepairPhoto.objects.count() == 1


def test_a_key_stands_for_one_report_of_one_repair(company: OrgUnit) -> None:
    order, other, key = make_booked(company), make_booked(company), uuid4()
    report_visit(order, reported(key), actor=SYSTEM, now=LATER)

    with pytest.raises(KeyOfAnother):
        report_visit(other, reported(key), actor=SYSTEM, now=LATER)


def test_what_is_not_finished_is_visited_again(company: OrgUnit) -> None:
    order = make_booked(company)

    make_visit(order, is_finished=False)
    between = RepairOrder.objects.get(pk=order.pk).state
    make_visit(order, now=LATER + timedelta(days=1))

    row = RepairOrder.objects.get(pk=order.pk)
    assert between == "arrived"
    assert (row.state, row.visits.count()) == ("finished", 2)
    with pytest.raises(TooLateForThat):
        make_visit(order)


def test_reports_that_cannot_be_are_refused_and_leave_nothing(company: OrgUnit, neighbour: OrgUnit) -> None:
    order, part, foreign = make_booked(company), make_part(company), make_part(neighbour)
    refusals: list[type[DomainError]] = []

    for said in (
        reported(note=" "),
        reported(before=[png() for _number in range(13)]),
        reported(parts={foreign.pk: Decimal(1)}),
        reported(parts={part.pk: Decimal(0)}),
        reported(parts={part.pk: Decimal("0.001")}),
        reported(after=[SimpleUploadedFile("a.png", b"<script>")]),
        reported(signatures={"witness": Signature(png())}),
        reported(signatures=signed_by("owner"), is_finished=False),
        reported(parts={part.pk: Decimal("NaN")}),
        reported(parts={part.pk: Decimal("Infinity")}),
    ):
        with pytest.raises(DomainError) as refused:
            report_visit(order, said, actor=SYSTEM, now=LATER)
        refusals.append(refused.type)

    assert refusals == [
        WorkMissing,
        TooManyPhotos,
        PartUnlikely,
        PartUnlikely,
        PartUnlikely,
        FileNotTaken,
        NoSuchSigner,
        SignedUnfinished,
        PartUnlikely,
        PartUnlikely,
    ]
    assert not RepairVisit.objects.exists()
    assert RepairOrder.objects.get(pk=order.pk).state == "booked"


def _files() -> set[Path]:
    storage = StoredFile._meta.get_field("file").storage
    assert isinstance(storage, FileSystemStorage)
    return {path for path in Path(storage.location).rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "values",
    [
        {"after": [SimpleUploadedFile("a.png", b"<script>")]},
        {"signatures": {"owner": Signature(SimpleUploadedFile("a.png", b"<script>"))}},
        {"signatures": {"witness": Signature(png())}},
        {"parts": {uuid4(): Decimal(1)}},
        {"came_at": NOW - timedelta(days=1)},
    ],
)
def test_a_report_that_is_refused_leaves_no_file(company: OrgUnit, values: dict[str, Any]) -> None:
    order, before = make_booked(company), _files()

    with pytest.raises(DomainError):
        report_visit(order, reported(**{"before": [png()], **values}), actor=SYSTEM, now=LATER)

    assert (_files(), StoredFile.objects.count()) == (before, 0)


def test_a_report_that_fails_when_files_are_written_leaves_none(company: OrgUnit) -> None:
    order, before = make_booked(company), _files()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE repairs_signoff ADD CONSTRAINT nobody_signs CHECK (name <> '王')")

    with pytest.raises(IntegrityError):
        make_visit(order, before=[png()], signatures={"owner": Signature(png(), "王")})

    assert (_files(), StoredFile.objects.count()) == (before, 0)
    assert make_visit(order, before=[png()]).photos.count() == len(_files() - before) == 1


def test_pictures_are_looked_at_before_the_order_is_locked(company: OrgUnit) -> None:
    order = make_booked(company)

    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        pytest.raises(FileNotTaken),
    ):
        make_visit(order, before=[SimpleUploadedFile("a.png", b"<script>")])

    assert not any("FOR UPDATE" in each["sql"] for each in asked.captured_queries)


def test_a_phone_set_to_another_year_is_refused_though_somebody_came(company: OrgUnit) -> None:
    order = make_booked(company)
    arrive(order, came_at=LATER, actor=SYSTEM, now=LATER)

    for came in (datetime(1970, 1, 1, tzinfo=UTC), LATER + timedelta(days=1)):
        with pytest.raises(CameUnlikely):
            make_visit(order, came_at=came)

    assert not RepairVisit.objects.exists()


def test_a_repair_is_finished_when_it_was_done_and_not_when_the_report_came_in(company: OrgUnit) -> None:
    late, early = make_booked(company), make_booked(company)
    done = LATER + timedelta(hours=1)
    for order in (late, early):
        arrive(order, came_at=LATER, actor=SYSTEM, now=LATER)

    make_visit(late, came_at=done, now=LATER + timedelta(days=3))
    make_visit(early, came_at=LATER - timedelta(minutes=30), now=LATER + timedelta(days=3))

    assert [RepairOrder.objects.get(pk=each.pk).finished_at for each in (late, early)] == [done, LATER]


def test_a_report_of_the_visit_before_leaves_a_repair_booked_again_as_it_is(company: OrgUnit) -> None:
    engineer = make_engineer(company)
    order = make_booked(company, engineer)
    arrive(order, came_at=LATER, actor=SYSTEM, now=LATER)
    slot = make_slot(company, engineer, starts_at=LATER + timedelta(days=2))
    book_repair(order, slot, actor=SYSTEM, now=LATER)

    make_visit(order, came_at=LATER, is_finished=False, now=LATER + timedelta(hours=1))

    row = RepairOrder.objects.get(pk=order.pk)
    assert (row.state, row.slot, row.arrived_at) == ("booked", slot, LATER)


def test_only_the_engineer_of_a_repair_or_who_plans_it_reports(company: OrgUnit, neighbour: OrgUnit) -> None:
    order = make_booked(company)

    for actor in (
        actor_of(make_engineer(company)),
        make_actor(company, "repairs.view"),
        actor_of(make_planner(neighbour)),
    ):
        with pytest.raises(NotAllowed):
            arrive(order, came_at=LATER, actor=actor, now=LATER)
        with pytest.raises(NotAllowed):
            report_visit(order, reported(), actor=actor, now=LATER)

    assert report_visit(order, reported(), actor=actor_of(make_planner(company)), now=LATER).is_finished


def test_nobody_reports_on_what_was_not_booked(company: OrgUnit) -> None:
    order = make_order(company)

    with pytest.raises(TooLateForThat):
        make_visit(order)


def test_with_the_third_signature_a_repair_is_signed_off(company: OrgUnit) -> None:
    order = make_booked(company)

    make_visit(order, signatures=signed_by("engineer", "owner"))
    two = RepairOrder.objects.get(pk=order.pk)
    planner = make_planner(company)
    supervise(two, actor=actor_of(planner), now=LATER + timedelta(hours=1))

    row = RepairOrder.objects.get(pk=order.pk)
    assert (two.state, two.signed_at) == ("finished", None)
    assert (row.state, row.signed_at) == ("signed", LATER + timedelta(hours=1))
    assert sorted(SignOff.objects.values_list("signer", flat=True)) == sorted(ALL)
    assert SignOff.objects.get(signer="supervisor").name == str(planner)
    signs = EventRecord.objects.filter(type="repairs.signed")
    assert sorted(each.payload["is_complete"] for each in signs) == [False, False, True]


def test_three_signatures_drawn_on_one_phone_sign_it_off_at_once(company: OrgUnit) -> None:
    order = make_booked(company)

    make_visit(order, signatures=signed_by(*ALL))

    assert RepairOrder.objects.get(pk=order.pk).state == "signed"


def test_a_signature_missing_is_drawn_later_and_sent_again_changes_nothing(company: OrgUnit) -> None:
    engineer = make_engineer(company)
    order, actor = make_booked(company, engineer), actor_of(engineer)

    with pytest.raises(TooLateForThat):
        sign_later(order, "owner", Signature(png()), actor=actor, now=LATER)
    make_visit(order)
    first = sign_later(order, "owner", Signature(png(), "王女士"), actor=actor, now=LATER)
    second = sign_later(order, "owner", Signature(png(), "另一人"), actor=actor, now=LATER)

    assert first == second
    assert SignOff.objects.get().name == "王女士"
    with pytest.raises(NotAllowed):
        sign_later(order, "engineer", Signature(png()), actor=actor_of(make_engineer(company)), now=LATER)


def test_whoever_repaired_does_not_sign_for_our_side(company: OrgUnit) -> None:
    engineer = make_planner(company, "repairs.work")
    order = make_booked(company, engineer)
    report_visit(order, reported(), actor=actor_of(engineer), now=LATER)

    with pytest.raises(EngineerSupervises):
        supervise(order, actor=actor_of(engineer), now=LATER)
    with pytest.raises(EngineerSupervises):
        supervise(order, actor=SYSTEM, now=LATER)
    with pytest.raises(NotAllowed):
        supervise(order, actor=make_actor(company, "repairs.work"), now=LATER)


def test_the_catalogue_of_a_place_holds_each_part_once_with_a_price(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    make_part(company, "角阀")
    make_part(neighbour, "角阀")

    with pytest.raises(SparePartKnown):
        make_part(company, " 角阀 ")
    for about in (
        AboutPart("", "个", Decimal(1)),
        AboutPart("地漏", "", Decimal(1)),
        AboutPart("地漏", "个", Decimal(-1)),
        AboutPart("地漏", "个", Decimal("0.001")),
    ):
        with pytest.raises(SparePartIncomplete):
            keep_part(company, about, actor=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        keep_part(
            company,
            AboutPart("地漏", "个", Decimal(1)),
            actor=make_actor(neighbour, "repairs.change"),
            now=NOW,
        )

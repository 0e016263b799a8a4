"""Looking for duplicates among what is recorded, and what of it people see."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.analytics.identity import model_to_json, starting_model
from hearth.core.errors import NotAllowed
from hearth.customers.models import Customer, DuplicatePair
from hearth.customers.permissions import MERGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.services import update_customer
from hearth.insight import identity_rows
from hearth.insight.identity_rows import read_people
from hearth.insight.jobs import search_duplicates
from hearth.insight.models import DuplicateSearch
from hearth.insight.permissions import VIEW_INSIGHT
from hearth.insight.services import SearchRunning, fill_search, find_duplicates, start_search
from hearth.insight.services import duplicates as searching
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer, make_home, make_household, make_unit_role
from tests.insight.builders import SYSTEM
from tests.organization.builders import make_actor, make_member, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BORN = date(1980, 5, 1)


def suggested() -> dict[frozenset[str], Sequence[str]]:
    """The pairs of names that wait to be judged, with reasons."""
    rows = DuplicatePair.objects.select_related("first", "second")
    return {frozenset((row.first.name, row.second.name)): row.reasons for row in rows}


def make_search(now: datetime, *, state: str = DuplicateSearch.State.DONE) -> DuplicateSearch:
    search = DuplicateSearch(
        as_of_at=now,
        state=state,
        weights=model_to_json(starting_model(10)),
        created_at=now,
        updated_at=now,
    )
    search.save()
    return search


@pytest.mark.requirement("S133")
@pytest.mark.requirement("S140")
def test_who_was_entered_twice_is_suggested_with_reasons(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    make_customer(company, name="王晓明", phone="13900005678")
    make_customer(neighbour, name="王小明", phone="139 0000 5678")
    make_customer(company, name="赵敏", phone="13900001111", birth_date=BORN)
    make_customer(company, name="赵敏", phone="13700002222", birth_date=BORN)
    make_customer(company, name="孙强", phone="13600003333")

    search = find_duplicates(actor=SYSTEM, now=now)

    assert suggested() == {
        frozenset(("王晓明", "王小明")): ["same_phone", "same_sound"],
        frozenset(("赵敏",)): ["same_birth_date", "same_name"],
    }
    assert (search.state, search.records, search.found, search.new, search.groups) == ("done", 5, 2, 2, 2)
    assert search.is_whole


def test_a_family_is_not_suggested(company: OrgUnit, now: datetime) -> None:
    address = "深圳市南山区科苑路15号7栋1203"
    family = [
        make_customer(
            company, name=name, phone="13900005678", addresses=(address,), emails=("li@example.com",)
        )
        for name in ("李建国", "赵敏", "李明阳", "李明月")
    ]
    make_household(*family)
    home = make_home(company)
    for member in family:
        make_unit_role(member, home)

    search = find_duplicates(actor=SYSTEM, now=now)

    assert (search.compared, search.found, suggested()) == (6, 0, {})


def test_two_identity_numbers_are_never_suggested(company: OrgUnit, now: datetime) -> None:
    for number in ("11010519491231002X", "440524188001010014"):
        make_customer(company, name="王伟", phone="13900005678", identity_number=number)

    search = find_duplicates(actor=SYSTEM, now=now)

    assert (search.found, suggested()) == (0, {})


def test_an_address_written_in_two_ways_is_one_home(company: OrgUnit, now: datetime) -> None:
    make_customer(company, name="王伟", addresses=("广东省深圳市南山区科苑路15号金色家园7栋2单元1203室",))
    make_customer(company, name="王伟", addresses=("南山区科苑路十五号 7-2-1203",))

    find_duplicates(actor=SYSTEM, now=now)

    assert suggested() == {frozenset(("王伟",)): ["same_home", "same_name"]}


def test_a_home_known_by_its_record_counts_until_it_was_left(company: OrgUnit, now: datetime) -> None:
    home, left = make_home(company, number="1203"), make_home(company, number="1204")
    for name in ("王伟", "王玮"):
        make_unit_role(make_customer(company, name=name), home)
    for name in ("赵敏", "赵民"):
        role = make_unit_role(make_customer(company, name=name), left, valid_from=date(2020, 1, 1))
        role.valid_to = date(2024, 1, 1)
        role.save()

    find_duplicates(actor=SYSTEM, now=now)

    assert suggested() == {frozenset(("王伟", "王玮")): ["same_home", "same_sound"]}


def test_nothing_sealed_leaves_the_reader_in_clear(company: OrgUnit, now: datetime) -> None:
    make_customer(
        company,
        name="王伟",
        phone="13900005678",
        emails=("wang@example.com",),
        addresses=("深圳市南山区科苑路15号7栋1203",),
        identity_number="11010519491231002X",
    )

    [row] = read_people(today=now.date()).to_pylist()

    texts = {name: value for name, value in row.items() if isinstance(value, str)}
    assert texts == {"kind": "person", "name": "王伟", "sound": "wang wei", "surname": "王", "sex": "female"}
    for column in ("phones", "phone_ends", "emails", "homes", "buildings"):
        assert [type(token) for token in row[column]] == [int]


def test_an_address_that_cannot_be_opened_says_nothing(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company, addresses=("深圳市南山区科苑路15号7栋1203",))
    customer.contact_points.filter(kind="address").update(value_sealed=b"\x01" + bytes(40))

    [row] = read_people(today=now.date()).to_pylist()

    assert (row["homes"], row["buildings"]) == (None, None)


def test_records_are_read_in_parts(company: OrgUnit, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity_rows, "ROWS_AT_ONCE", 2)
    numbers = {make_customer(company).number for _ in range(5)}

    assert set(read_people(today=now.date())["person_id"].to_pylist()) == numbers


def test_a_merged_record_is_not_compared(company: OrgUnit, now: datetime) -> None:
    kept, gone = (make_customer(company, name="王伟", phone="13900005678") for _ in range(2))
    Customer.objects.filter(pk=gone.pk).update(merged_into=kept)

    assert find_duplicates(actor=SYSTEM, now=now).records == 1


def test_only_what_changed_is_compared_after_the_first_search(company: OrgUnit, now: datetime) -> None:
    before, later = now - timedelta(hours=1), now + timedelta(days=1)
    for _ in range(2):
        make_customer(company, name="赵敏", phone="13900001111", at=before)
    other = make_customer(company, name="王伟", phone="13900005678", at=before)
    first = find_duplicates(actor=SYSTEM, now=now)
    DuplicatePair.objects.all().delete()
    make_customer(company, name="王玮", phone="13900005678", at=later - timedelta(hours=1))

    second = find_duplicates(actor=SYSTEM, now=later)

    assert (second.is_whole, second.fresh, second.compared, second.new) == (False, 1, 1, 1)
    assert list(suggested()) == [frozenset((other.name, "王玮"))]
    assert second.weights == first.weights
    third = find_duplicates(actor=SYSTEM, now=later + timedelta(hours=1))
    assert (third.fresh, third.compared) == (0, 0)


def test_a_changed_name_is_compared_again(company: OrgUnit, now: datetime) -> None:
    make_customer(company, name="王伟", phone="13900005678")
    other = make_customer(company, name="赵敏", phone="13900005678")
    find_duplicates(actor=SYSTEM, now=now)
    later = now + timedelta(days=1)
    update_customer(other, actor=SYSTEM, now=later, name="王玮")

    find_duplicates(actor=SYSTEM, now=later)

    assert list(suggested()) == [frozenset(("王伟", "王玮"))]


@pytest.mark.parametrize(
    ("days", "is_asked", "is_whole"), [(6, False, False), (6, True, True), (8, False, True)]
)
def test_weights_are_estimated_anew_after_a_week_or_when_asked(
    company: OrgUnit, now: datetime, days: int, is_asked: bool, is_whole: bool
) -> None:
    make_customer(company)
    find_duplicates(actor=SYSTEM, now=now)

    search = find_duplicates(actor=SYSTEM, now=now + timedelta(days=days), is_whole=is_asked)

    assert search.is_whole is is_whole


def test_a_search_is_queued_once_and_done_by_the_job(company: OrgUnit, now: datetime) -> None:
    actor = make_actor(company, MERGE_CUSTOMER)
    search = start_search(actor=actor, now=now)

    with pytest.raises(SearchRunning):
        start_search(actor=actor, now=now)
    search_duplicates(search_id=str(search.id))
    search_duplicates(search_id=str(search.id))

    search.refresh_from_db()
    assert search.state == DuplicateSearch.State.DONE
    assert DuplicateSearch.objects.count() == 1


def test_who_may_merge_nowhere_may_not_search(company: OrgUnit, now: datetime) -> None:
    actor = make_actor(company, VIEW_CUSTOMER)

    for act in (start_search, find_duplicates):
        with pytest.raises(NotAllowed):
            act(actor=actor, now=now)

    assert not DuplicateSearch.objects.exists()


def test_a_search_that_fails_says_why_and_what_a_killed_one_left_is_told(
    company: OrgUnit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = make_search(now, state=DuplicateSearch.State.RUNNING)

    def fail(**_values: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(searching, "read_people", fail)
    with pytest.raises(MemoryError):
        find_duplicates(actor=SYSTEM, now=now + timedelta(hours=1))

    killed.refresh_from_db()
    failed = DuplicateSearch.objects.newest_first()[0]
    assert (failed.state, failed.error) == ("failed", "MemoryError: no room")
    assert (killed.state, killed.error) == ("failed", "interrupted")


def test_a_search_left_by_a_killed_worker_is_done_when_repeated(company: OrgUnit, now: datetime) -> None:
    left = make_search(now, state=DuplicateSearch.State.READING)

    search_duplicates(search_id=str(left.id))

    left.refresh_from_db()
    assert left.state == DuplicateSearch.State.DONE


def test_one_search_at_a_time(company: OrgUnit, now: datetime) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_lock({searching.LOCK})")
        search = make_search(now, state=DuplicateSearch.State.QUEUED)
        with pytest.raises(SearchRunning):
            fill_search(search, actor=SYSTEM, now=now)
    finally:
        other.close()

    assert (search.state, search.error) == ("failed", "search_running")


def test_the_page_tells_what_was_found_and_what_it_went_by(
    client: Client, company: OrgUnit, now: datetime
) -> None:
    sign_in(client, make_member(company, MERGE_CUSTOMER))
    client.cookies["hearth_language"] = "en"
    assert (
        "Nobody has looked for duplicates yet" in client.get(reverse("insight:duplicates")).content.decode()
    )
    for _ in range(2):
        make_customer(company, name="王伟", phone="13900005678")

    find_duplicates(actor=SYSTEM, now=now)

    shown = client.get(reverse("insight:duplicates")).content.decode()
    assert "everybody" in shown
    assert "same phone +18.6" in shown


@pytest.mark.parametrize(
    ("rights", "is_offered"), [((VIEW_INSIGHT, MERGE_CUSTOMER), True), ((VIEW_INSIGHT,), False)]
)
def test_the_analysis_leads_to_the_search_whoever_may_merge(
    client: Client, company: OrgUnit, rights: tuple[str, ...], is_offered: bool
) -> None:
    sign_in(client, make_member(company, *rights))

    shown = client.get(reverse("insight:overview")).content.decode()

    assert (f'href="{reverse("insight:duplicates")}"' in shown) is is_offered


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number(
    client: Client, company: OrgUnit, now: datetime, rows: int
) -> None:
    sign_in(client, make_member(company, MERGE_CUSTOMER))
    for number in range(rows):
        make_search(now + timedelta(days=number))
    client.get(reverse("insight:duplicates"))

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("insight:duplicates"))

    assert len(queries) == 7


def test_the_button_queues_a_search_and_the_page_renews_itself(
    client: Client, company: OrgUnit, now: datetime
) -> None:
    sign_in(client, make_member(company, MERGE_CUSTOMER))

    for _ in range(2):
        client.post(reverse("insight:search_duplicates"), {"whole": "1"})

    assert [search.is_whole for search in DuplicateSearch.objects.all()] == [True]
    assert 'hx-trigger="every 2s"' in client.get(reverse("insight:duplicates")).content.decode()

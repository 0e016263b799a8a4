"""Who read what is held fast hour by hour in the chain of the log; whoever touches a read is found at its hour."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from hearth.accounts.models import User
from hearth.audit.models import AuditEntry
from hearth.audit.sealing import seal_entries, verify
from hearth.cli import auditing
from hearth.cli.database import CommandRefused
from hearth.lib.identifiers import uuid7
from hearth.vigilance.models import Kind, Read, ReadSeal
from hearth.vigilance.services import forget_reads, seal_reads, verify_reads
from hearth.vigilance.services.sealing import Fault, ReadsVerdict

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 11, 2, 1, tzinfo=UTC)
SECOND, THIRD = FIRST + timedelta(hours=1), FIRST + timedelta(hours=2)
NOW = THIRD + timedelta(hours=1, minutes=11)


@pytest.fixture
def reader() -> User:
    user: User = User.objects.create(username="wang", created_at=FIRST)
    return user


def note(reader: User, at: datetime, number: int = 1) -> list[Read]:
    return [
        Read.objects.create(
            user=reader,
            kind=Kind.CUSTOMER,
            record_id=uuid7(),
            read_at=at + timedelta(minutes=each),
            address="10.0.0.7",
        )
        for each in range(number)
    ]


@pytest.fixture
def sealed(reader: User) -> None:
    """Three hours with two, none and three reads."""
    note(reader, FIRST, 2)
    note(reader, THIRD, 3)
    seal_reads(now=NOW)
    seal_entries()


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def test_hours_that_nobody_touched_hold_those_without_reads_too(sealed: None) -> None:
    assert verify_reads(now=NOW) == ReadsVerdict(hours=3, reads=5, late=0, forgotten=0, faults=())
    assert verify().broken is None
    assert list(ReadSeal.objects.order_by("began_at").values_list("reads", flat=True)) == [2, 0, 3]


def test_the_digest_is_said_by_the_chain_and_holds_no_person(sealed: None) -> None:
    entry = AuditEntry.objects.get(table="vigilance_readseal")

    assert entry.seal is not None
    assert sorted(entry.row_ids) == sorted(ReadSeal.objects.values_list("key", flat=True))
    assert all(len(key.split("|")[-1]) == 64 for key in entry.row_ids)


TOUCHES: dict[str, tuple[Callable[[User], object], Fault]] = {
    "another person": (
        lambda _reader: run("UPDATE vigilance_read SET kind = 'home' WHERE read_at = %s", THIRD),
        Fault(THIRD, "changed", 3, 3),
    ),
    "another address": (
        lambda _reader: run("UPDATE vigilance_read SET address = '10.0.0.8' WHERE read_at = %s", FIRST),
        Fault(FIRST, "changed", 2, 2),
    ),
    "removed": (
        lambda _reader: run("DELETE FROM vigilance_read WHERE read_at = %s", THIRD),
        Fault(THIRD, "removed", 3, 2),
    ),
    "moved into another hour": (
        lambda _reader: run("UPDATE vigilance_read SET read_at = %s WHERE read_at = %s", SECOND, THIRD),
        Fault(THIRD, "removed", 3, 2),
    ),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_a_read_that_was_touched_is_found_at_its_hour(sealed: None, reader: User, touch: str) -> None:
    act, fault = TOUCHES[touch]

    act(reader)

    assert fault in verify_reads(now=NOW).faults


def test_a_read_that_was_added_among_sealed_ones_is_found_at_its_hour(sealed: None, reader: User) -> None:
    first = Read.objects.order_by("id")[0]
    Read.objects.filter(pk=first.pk).update(read_at=THIRD)

    faults = verify_reads(now=NOW).faults

    assert [(fault.hour, fault.code) for fault in faults] == [(FIRST, "removed"), (THIRD, "added")]


def test_a_read_that_is_written_days_afterwards_is_no_late_one(sealed: None, reader: User) -> None:
    note(reader, SECOND)

    days_later = NOW + timedelta(days=3)
    seal_reads(now=days_later)

    assert verify_reads(now=days_later).faults == (Fault(SECOND, "added", 0, 1),)


def test_a_read_that_comes_late_gets_a_seal_of_its_own_and_is_told(sealed: None, reader: User) -> None:
    late = note(reader, SECOND, 2)

    seals = seal_reads(now=NOW)
    again = seal_reads(now=NOW)

    assert (seals, again) == (1, 0)
    assert verify_reads(now=NOW + timedelta(days=3)).late == 2
    assert verify_reads(now=NOW + timedelta(days=3)).faults == ()
    Read.objects.filter(pk=late[0].pk).delete()
    assert verify_reads(now=NOW).faults == (Fault(SECOND, "removed", 2, 1),)


def test_whoever_writes_the_seal_anew_is_found_because_the_chain_says_another(sealed: None) -> None:
    run("ALTER TABLE vigilance_readseal DISABLE TRIGGER USER")
    run("DELETE FROM vigilance_read WHERE read_at = %s", THIRD)
    run("DELETE FROM vigilance_readseal WHERE began_at = %s", THIRD)
    run("ALTER TABLE vigilance_readseal ENABLE TRIGGER USER")
    seal_reads(now=NOW)

    faults = verify_reads(now=NOW).faults

    assert {(fault.hour, fault.code) for fault in faults} == {(THIRD, "seal"), (THIRD, "removed")}


def test_an_hour_that_is_not_over_and_the_minutes_after_are_left_alone(reader: User) -> None:
    note(reader, FIRST)

    too_early = seal_reads(now=SECOND + timedelta(minutes=9))
    early = ReadSeal.objects.filter(began_at=FIRST).count()
    seal_reads(now=SECOND + timedelta(minutes=10))

    assert (too_early, early, ReadSeal.objects.filter(began_at=FIRST).count()) == (0, 0, 1)


def test_what_is_forgotten_in_time_is_no_fault_and_its_seals_remain(sealed: None, reader: User) -> None:
    half_a_year_later = THIRD + timedelta(days=180, minutes=90)

    forgotten = forget_reads(now=half_a_year_later)

    verdict = verify_reads(now=half_a_year_later)
    assert (forgotten, verdict.faults, verdict.hours, verdict.forgotten) == (5, (), 3, 3)
    assert ReadSeal.objects.count() == 3


def test_reads_of_before_are_sealed_from_the_oldest_on_in_steps(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hearth.vigilance.services.sealing.MOST_HOURS", 2)
    note(reader, FIRST, 2)

    steps = [seal_reads(now=NOW) for _each in range(3)]

    assert steps == [2, 1, 0]
    assert verify_reads(now=NOW).reads == 2


def test_the_command_names_the_hour(sealed: None, capsys: pytest.CaptureFixture[str]) -> None:
    reads = verify_reads(now=NOW)
    assert auditing._tell_reads(reads) == 0
    assert capsys.readouterr().out == "The log of reads holds: 5 reads in 3 hours.\n"
    run("DELETE FROM vigilance_read WHERE read_at = %s", THIRD)

    with pytest.raises(CommandRefused) as refused:
        auditing._tell_reads(verify_reads(now=NOW))

    assert "in 1 hours:\n  2026-11-02 03:00 UTC: reads are missing (3 sealed, 2 found)" in str(refused.value)

"""A person who was erased stays so, whatever was read in since; and a drill that finds something says so."""

from datetime import UTC, datetime

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.cli import main
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.demo.drill import Drill
from hearth.organization.models import OrgUnit
from hearth.privacy.jobs import erase, let_go, remind
from hearth.privacy.journal import journal_path, keep_journal, read_journal, returned_records
from hearth.privacy.models import PersonRequest
from hearth.privacy.services import erase_person, repeat_erasures
from hearth.privacy.traces import Trace
from hearth.warehouse.models import Snapshot
from tests.customers.builders import make_customer
from tests.privacy.builders import make_request

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_journal() -> None:
    journal_path().unlink(missing_ok=True)


def bring_back(customer: Customer) -> None:
    """Put a record back as a backup would."""
    Customer.objects.filter(pk=customer.pk).update(name="王小明", note="从备份恢复", erased_at=None)


def test_whom_a_backup_brought_back_is_erased_again(company: OrgUnit) -> None:
    customer, other = make_customer(company), make_customer(company)
    erase_person(customer, actor=SYSTEM, now=NOW)
    keep_journal()
    bring_back(customer)

    assert [row.pk for row in returned_records()] == [customer.pk]
    assert (repeat_erasures(actor=SYSTEM, now=NOW), repeat_erasures(actor=SYSTEM, now=NOW)) == (1, 0)
    assert Customer.objects.get(pk=customer.pk).note == ""
    assert Customer.objects.get(pk=other.pk).erased_at is None


def test_the_journal_holds_ids_alone_and_each_once(company: OrgUnit) -> None:
    customer = make_customer(company, name="王小明")
    erase_person(customer, actor=SYSTEM, now=NOW)

    assert (keep_journal(), keep_journal()) == (1, 0)
    with journal_path().open("a") as file:
        file.write("01990a5c-cut")
    assert read_journal() == {customer.pk}
    assert journal_path().stat().st_mode & 0o777 == 0o600


def test_the_night_erases_again_and_an_erasure_is_noted_by_its_job(company: OrgUnit) -> None:
    customer = make_customer(company)
    row = make_request(company, customer=customer, kind="erasure", is_identified=True)
    PersonRequest.objects.filter(pk=row.pk).update(state="erasing")

    erase(request_id=str(row.pk))
    bring_back(customer)
    let_go(int(NOW.timestamp()))

    assert read_journal() == {customer.pk}
    assert Customer.objects.get(pk=customer.pk).erased_at is not None


def test_what_must_wait_is_left_for_the_next_time(company: OrgUnit) -> None:
    customer = make_customer(company)
    erase_person(customer, actor=SYSTEM, now=NOW)
    keep_journal()
    bring_back(customer)
    Snapshot.objects.create(state="running", taken_at=NOW, created_at=NOW, updated_at=NOW)

    assert repeat_erasures(actor=SYSTEM, now=NOW) == 0
    assert [row.pk for row in returned_records()] == [customer.pk]


def test_an_erasure_that_waited_too_long_is_queued_again_each_morning(company: OrgUnit) -> None:
    row = make_request(company, kind="erasure", is_identified=True)
    PersonRequest.objects.filter(pk=row.pk).update(state="erasing")

    remind(int(NOW.timestamp()))

    queued = ProcrastinateJob.objects.get(task_name="privacy.erase")
    assert queued.args == {"request_id": str(row.pk)}


def test_a_drill_that_finds_a_trace_says_where_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Drill([Trace("a")], {"a": 1}, [], {"a": 1}, {}, [Trace("cases_case", 2)], is_proof_good=True)
    monkeypatch.setattr("hearth.demo.drill.drill", lambda: found)
    monkeypatch.setattr("hearth.cli.privacy.at_work", _Ready)

    assert main(["privacy", "drill"]) == 1
    told = capsys.readouterr()
    assert "LEFT in cases_case: 2" in told.out
    assert "can still be found" in told.err


class _Ready:
    """The database of the test is open already."""

    def __init__(self, **kwargs: object) -> None:
        pass

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exception: object) -> None:
        pass


@pytest.mark.parametrize(
    "change", [{"left": [Trace("a")]}, {"missing": ["x"]}, {"is_proof_good": False}, {"before": []}]
)
def test_a_drill_passes_only_if_all_of_it_does(change: dict[str, object]) -> None:
    whole: dict[str, object] = {
        "before": [Trace("a")],
        "given": {},
        "missing": [],
        "erased": {},
        "kept": {},
        "left": [],
        "is_proof_good": True,
    }

    assert Drill(**whole).is_passed  # type: ignore[arg-type]
    assert not Drill(**(whole | change)).is_passed  # type: ignore[arg-type]

"""A person is erased everywhere, and can take along what is held of them."""

import io
import json
import logging
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from hearth.audit.models import AuditEntry
from hearth.audit.sealing import seal_entries, verify
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.personal_data import holders
from hearth.customers.models import ContactPoint, Customer, CustomerMerge, Household
from hearth.customers.services import add_contact_point, undo_merge
from hearth.customers.services.customers import CustomerErased
from hearth.demo.drill import drill
from hearth.demo.drilling.inventing import invent_person
from hearth.organization.models import OrgUnit
from hearth.privacy.models import Erasure
from hearth.privacy.services import AlreadyErased, digest_of, erase_person, pack_person, sync_purposes
from hearth.privacy.traces import _tables, find_traces
from hearth.sales.models import Contract
from hearth.warehouse.models import Snapshot
from hearth.warehouse.personal_data import SnapshotUnderWay
from tests.customers.builders import SYSTEM, make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("S60")]
# Kept on purpose: papers, ids and codes.
KEEPERS = {
    "core.events",
    "customers.completeness",
    "customers.places",
    "campaigns.responses",
    "sales.payments",
    "sales.versions",
    "sales.settlements",
    "vigilance.reads",
}


@pytest.fixture(autouse=True)
def _purposes(company: OrgUnit) -> None:
    sync_purposes()


def test_the_drill_passes_and_leaves_nothing_in_the_installation() -> None:
    before = Customer.objects.count(), OrgUnit.objects.count()

    found = drill()

    assert list(found.left) == []
    assert list(found.missing) == []
    assert found.is_passed
    assert (Customer.objects.count(), OrgUnit.objects.count()) == before


def test_the_invented_person_is_known_to_every_kind_of_data_and_erased_from_it() -> None:
    found = drill()

    assert set(holders) - set(found.erased) == KEEPERS
    exporting = {code for code, holder in holders.items() if holder.export}
    assert exporting - set(found.given) == set()


def test_what_an_erasure_leaves_is_found_by_the_search(company: OrgUnit) -> None:
    make_customer(company, name="欧阳燚彧", phone="13900001111", note="喜欢南向")

    places = {trace.place for trace in find_traces({"13900001111", "喜欢南向"})}

    assert places == {"customers_contactpoint", "customers_contactpoint.value_sealed", "customers_customer"}


@pytest.mark.parametrize("name", ["web.log", "web.log.1", "postgres/server.log"])
def test_a_word_in_a_log_or_in_what_a_backup_says_of_itself_is_found(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "VAR", tmp_path / "var")
    monkeypatch.setattr(settings, "BACKUPS", tmp_path / "kept")
    places = [tmp_path / "var" / name, tmp_path / "kept" / "hearth-1" / "manifest.json"]
    for place in places:
        place.parent.mkdir(parents=True)
        place.write_text('{"rows": {"欧阳燚彧": 1}}', encoding="utf-8")

    found = {trace.place for trace in find_traces({"欧阳燚彧"})}

    assert found == {place.as_posix() for place in places}


def test_a_drill_whose_person_is_told_in_the_log_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(customer: Customer, **named: Any) -> Erasure:
        logging.getLogger("hearth").warning("Erasing %s", customer.name)
        return erase_person(customer, **named)

    monkeypatch.setattr("hearth.demo.drill.erase_person", careless)

    found = drill()

    assert [trace.place for trace in found.left] == ["log"]
    assert not found.is_passed


def test_sealed_entries_of_the_log_are_emptied_and_the_chain_still_holds() -> None:
    person = invent_person(now=timezone.now())
    person.customer.note = "another note"
    person.customer.save()
    seal_entries()

    erase_person(person.customer, actor=SYSTEM, now=person.now)
    seal_entries()

    assert find_traces(person.words) == []
    assert verify().broken is None
    assert AuditEntry.objects.filter(table="audit_auditentry").exists()
    person.forget_files()


def test_the_proof_holds_no_personal_data_and_fits_its_digest() -> None:
    person = invent_person(now=timezone.now())

    erase_person(person.customer, actor=SYSTEM, now=person.now)

    proof = Erasure.objects.get()
    assert proof.digest == digest_of(proof)
    assert proof.kept == {"promises.acknowledgements": 1, "sales.contracts": 1, "sales.payments": 1}
    assert proof.erased["customers.records"] == 2
    proof.erased["customers.records"] = 1
    assert proof.digest != digest_of(proof)
    person.forget_files()


def test_contracts_stay_with_a_record_that_is_a_number(company: OrgUnit) -> None:
    person = invent_person(now=timezone.now())

    erase_person(person.customer, actor=SYSTEM, now=person.now)

    contract = Contract.objects.select_related("customer").get()
    assert contract.customer.name == f"#{contract.customer.number}"
    assert contract.customer.erased_at == person.now
    assert {role.unit_id for role in contract.customer.unit_roles.all()} == {contract.unit_id}
    assert not Household.objects.filter(name__contains=person.name).exists()
    person.forget_files()


def test_events_of_the_person_stay_and_name_nobody() -> None:
    person = invent_person(now=timezone.now())
    known = EventRecord.objects.filter(customer_id=person.customer.pk).count()

    erase_person(person.customer, actor=SYSTEM, now=person.now)

    events = EventRecord.objects.filter(customer_id=person.customer.pk)
    assert events.count() == known + 1
    assert not any(word in json.dumps(event.payload) for event in events for word in person.words)
    person.forget_files()


def test_a_name_that_others_bear_is_left_where_nothing_else_points_at_the_person(company: OrgUnit) -> None:
    customer, other = make_customer(company, name="王伟"), make_customer(company, name="王伟")

    erase_person(customer, actor=SYSTEM, now=timezone.now())

    other.refresh_from_db()
    assert other.name == "王伟"
    assert [trace.place for trace in find_traces({"王伟"})] == ["customers_customer"]


def test_nothing_is_noted_of_an_erased_customer_nor_put_back(company: OrgUnit) -> None:
    person = invent_person(now=timezone.now())
    erase_person(person.customer, actor=SYSTEM, now=person.now)
    erased = Customer.objects.get(pk=person.customer.pk)

    with pytest.raises(CustomerErased):
        add_contact_point(erased, kind="phone", value="13900002222", actor=SYSTEM, now=person.now)
    with pytest.raises(CustomerErased):
        undo_merge(CustomerMerge.objects.get(), actor=SYSTEM, now=person.now)
    with pytest.raises(AlreadyErased):
        erase_person(erased, actor=SYSTEM, now=person.now)
    person.forget_files()


def test_an_erasure_waits_for_a_snapshot_that_may_hold_the_person(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)
    Snapshot.objects.create(state="running", taken_at=now, created_at=now, updated_at=now)

    with pytest.raises(SnapshotUnderWay):
        erase_person(customer, actor=SYSTEM, now=now)

    customer.refresh_from_db()
    assert customer.erased_at is None


def test_who_may_not_answer_requests_neither_erases_nor_packs(company: OrgUnit, now: datetime) -> None:
    customer, nobody = make_customer(company), Actor.nobody()

    with pytest.raises(NotAllowed):
        erase_person(customer, actor=nobody, now=now)
    with pytest.raises(NotAllowed):
        pack_person(customer, io.BytesIO(), actor=nobody, now=now)


def test_the_package_holds_the_same_for_programs_and_for_people(company: OrgUnit) -> None:
    customer = make_customer(company, name="王<小>明", phone="13900003333")
    package = io.BytesIO()

    counted = pack_person(customer, package, actor=SYSTEM, now=datetime(2026, 3, 18, tzinfo=UTC))

    with zipfile.ZipFile(package) as archive:
        told = json.loads(archive.read("person.json"))
        page = archive.read("index.html").decode()
    sections = {section["code"]: section for section in told["sections"]}
    assert sections["customers.records"]["rows"][0]["name"] == "王<小>明"
    assert "13900003333" in sections["customers.contacts"]["rows"][0]["value"]
    assert counted["customers.contacts"] == 1
    assert "王&lt;小&gt;明" in page
    assert "13900003333" in page


def test_files_that_belong_to_contacts_are_given_along() -> None:
    person = invent_person(now=timezone.now())
    package = io.BytesIO()

    pack_person(person.customer, package, actor=SYSTEM, now=person.now)

    with zipfile.ZipFile(package) as archive:
        assert archive.read(f"files/1-{person.name}.pdf").endswith(person.said.encode())
    person.forget_files()


def test_the_search_finds_the_index_of_a_value_but_not_others_with_the_same_last_digits(
    company: OrgUnit,
) -> None:
    customer = make_customer(company, phone="13900001111")
    ContactPoint.objects.filter(customer=customer).update(value_sealed=b"")

    assert [trace.place for trace in find_traces({"139 0000 1111"})] == ["customers_contactpoint"]
    assert find_traces({"13700001111"}) == []


def test_partitions_are_searched_through_their_table_which_is_open_to_the_application(
    company: OrgUnit,
) -> None:
    make_customer(company, name="王小明")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_eventrecord SET payload = %s", [json.dumps({"note": "燚彧翀"})])
        searched = [name for name, _columns in _tables(cursor)]

    assert {"core_eventrecord", "audit_auditentry"} <= set(searched)
    assert not [name for name in searched if name.startswith(("core_eventrecord_", "audit_auditentry_"))]
    assert [trace.place for trace in find_traces({"燚彧翀"})] == ["core_eventrecord"]

"""All that is sealed comes under a new key while others read and write."""

import json
import os
import shutil
import signal
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from hearth.accounts.models import User
from hearth.audit.models import AuditEntry
from hearth.audit.sealing import open_values, seal_entries, verify
from hearth.core import crypto, resealing
from hearth.core.crypto import KeyMissing, key_ring, open_sealed, reseal, seal
from hearth.core.key_files import add_key, drop_key, make_current
from hearth.core.models import ResealingMark
from hearth.core.personal_data import sealed_attributes
from hearth.core.resealing import CannotReseal, StillNeeded, keys_in_use, retire, rotate
from hearth.core.sealed_places import keep_their_key, sealed_places
from hearth.custom_fields.objects import custom_objects
from hearth.custom_fields.services import set_custom_values
from hearth.custom_fields.values import open_value
from hearth.customers.contacts import read_contact
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.selectors.duplicates import Likeness, duplicate_candidates
from hearth.customers.selectors.matching import matching
from hearth.customers.services import undo_merge
from hearth.demo.drilling.inventing import invent_person
from hearth.imports.models import ImportRow
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from hearth.privacy.services import sync_purposes
from tests.custom_fields.builders import make_field
from tests.customers.builders import NOW, SYSTEM, make_customer, make_merge
from tests.processes import environment_of_test

PHONE = "13900000077"


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path) -> Iterator[None]:
    """Change the keys of a copy: other tests of this run seal with the ring as it was."""
    before = settings.KEY_RING
    settings.KEY_RING = tmp_path / "keys.json"
    shutil.copy(before, settings.KEY_RING)
    crypto.forget_keys()
    yield
    settings.KEY_RING = before
    crypto.forget_keys()


def no_matter(_told: str | float) -> None:
    """Neither print nor wait."""


def rotate_at_once() -> int:
    return rotate(say=no_matter, wait=no_matter)


def texts() -> dict[str, str]:
    """Open every sealed attribute of every row."""
    return {
        f"{model._meta.db_table}.{name} {row.pk}": getattr(row, name)
        for model in apps.get_models()
        for name in sealed_attributes(model)
        for row in model._default_manager.all()
    }


def numbers_in_use() -> set[int]:
    """Return the keys of everything that can be moved."""
    return {
        number for name, counted in keys_in_use().items() if name not in keep_their_key for number in counted
    }


@pytest.mark.django_db
def test_everything_of_a_person_in_every_app_reads_the_same_under_the_new_key(company: OrgUnit) -> None:
    sync_purposes()
    invent_person(now=timezone.now())
    before, remembered = texts(), [row.before for row in ImportRow.objects.order_by("id")]
    places = {name for name in keys_in_use() if name not in keep_their_key}

    moved = rotate_at_once()

    assert moved >= len(places) >= 8
    assert numbers_in_use() == {2}
    assert texts() == before
    assert [row.before for row in ImportRow.objects.order_by("id")] == remembered
    assert not ResealingMark.objects.filter(finished_at=None).exists()


@pytest.mark.django_db
def test_values_in_json_and_in_what_a_merge_remembers_move_along(company: OrgUnit) -> None:
    field = make_field(company, key="health", is_sensitive=True)
    one = make_customer(company)
    other = make_customer(company, identity_number="440524188001010014")
    set_custom_values(custom_objects["customer"], other, {"health": "花粉过敏"}, actor=SYSTEM, now=NOW)
    merge = make_merge(one, other)
    adapter, user = get_adapter(), User.objects.create(username="wang", created_at=NOW)
    step = Authenticator.objects.create(user=user, type="totp", data={"secret": adapter.encrypt("GEZDGNBV")})

    rotate_at_once()
    retire(1)

    undo_merge(merge, actor=SYSTEM, now=NOW)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.identity_number, other.identity_number) == ("", "440524188001010014")
    assert open_value(field, other.custom["health"], other) == "花粉过敏"
    step.refresh_from_db()
    assert adapter.decrypt(step.data["secret"]) == "GEZDGNBV"


class Killed(Exception):
    """The process ended here."""


@pytest.mark.django_db
def test_search_and_duplicates_work_midway_and_the_rest_is_done_by_the_next_call(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = make_customer(company, name="王小明", phone=PHONE)
    for _each in range(9):
        make_customer(company)
    monkeypatch.setattr(resealing, "BATCH", 2)

    def until_the_third_batch(line: str) -> None:
        if line == "customers_contactpoint.value_sealed: 4":
            raise Killed

    with pytest.raises(Killed):
        rotate(say=until_the_third_batch, wait=no_matter)

    assert keys_in_use()["customers_contactpoint.value_sealed"] == Counter({1: 6, 2: 4})
    assert list(Customer.objects.filter(matching(PHONE))) == [known]
    found = duplicate_candidates(Likeness(name="王小明", phones=(PHONE,)), actor=SYSTEM)
    assert [candidate.customer for candidate in found] == [known]
    assert all(point.value for point in ContactPoint.objects.all())
    assert rotate_at_once() >= 6
    assert (key_ring().current, numbers_in_use()) == (2, {2})


@pytest.mark.django_db
def test_what_somebody_writes_between_reading_and_writing_is_not_lost(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = make_customer(company, phone=PHONE).contact_points.get()
    write, has_written = resealing._write, list[bool]()

    def somebody_is_faster(cursor: Any, place: Any, changes: Any) -> int:
        if place.name == "customers_contactpoint.value_sealed" and not has_written:
            has_written.append(True)
            point.value = "+8613911112222"
            point.save(update_fields=["value_sealed"])
        return write(cursor, place, changes)

    monkeypatch.setattr(resealing, "_write", somebody_is_faster)

    rotate_at_once()

    point.refresh_from_db()
    assert point.value == "+8613911112222"
    assert numbers_in_use() == {2}


@pytest.mark.django_db
def test_what_is_still_sealed_with_the_old_key_meanwhile_is_moved_before_it_is_called_done(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = make_customer(company, phone=PHONE).contact_points.get()
    old, look, has_come = bytes(point.value_sealed), resealing._left_behind, list[bool]()

    def a_late_process(number: int) -> bool:
        if not has_come:
            has_come.append(True)
            ContactPoint.objects.filter(pk=point.pk).update(value_sealed=old)
        return look(number)

    monkeypatch.setattr(resealing, "_left_behind", a_late_process)

    rotate_at_once()

    assert numbers_in_use() == {2}


@pytest.mark.django_db
def test_a_key_that_is_not_in_the_file_is_named_before_anything_changes(company: OrgUnit) -> None:
    make_customer(company)
    rotate_at_once()
    drop_key(settings.KEY_RING, 2)
    make_current(settings.KEY_RING, 1)

    with pytest.raises(
        CannotReseal, match=r"sealed with key 2, which is not in .*keys.json. Put that key back"
    ):
        rotate_at_once()

    assert set(key_ring().keys) == {1}


@pytest.mark.django_db
def test_another_key_under_the_same_number_is_refused_and_nothing_is_lost(company: OrgUnit) -> None:
    point = make_customer(company).contact_points.get()
    content = json.loads(settings.KEY_RING.read_text())
    right = content["keys"]["1"]
    content["keys"]["1"] = b64encode(bytes(32)).decode()
    settings.KEY_RING.write_text(json.dumps(content))
    crypto.forget_keys()

    with pytest.raises(CannotReseal, match=r"contactpoint.value_sealed, row .* does not open. Either"):
        rotate_at_once()

    content = json.loads(settings.KEY_RING.read_text())
    content["keys"]["1"] = right
    settings.KEY_RING.write_text(json.dumps(content))
    crypto.forget_keys()
    point.refresh_from_db()
    assert point.value
    rotate_at_once()
    assert (key_ring().current, numbers_in_use()) == (2, {2})


@pytest.mark.django_db
def test_a_key_goes_only_when_no_value_stands_under_it(company: OrgUnit) -> None:
    customer = make_customer(company, note="一")
    Customer.objects.filter(pk=customer.pk).update(note="二")
    seal_entries()
    rotate_at_once()

    with pytest.raises(StillNeeded, match=r"audit_auditentry.values_sealed: \d+ \(the chain of the log"):
        retire(1)
    with pytest.raises(CannotReseal, match="Key 2 is the one that seals"):
        retire(2)
    with pytest.raises(CannotReseal, match="There is no key 7"):
        retire(7)

    entry = AuditEntry.objects.get(row_ids=[str(customer.pk)], values_sealed__isnull=False)
    assert open_values(entry) == {"note": ["一", "二"]}
    assert verify().broken is None


@pytest.mark.django_db
def test_the_log_of_changes_does_not_note_that_a_seal_became_another(company: OrgUnit) -> None:
    make_customer(company)
    entries = AuditEntry.objects.filter(table="customers_contactpoint")
    before = entries.count()

    rotate_at_once()

    assert entries.count() == before
    assert AuditEntry.objects.filter(table="core_resealingmark").exists()


@pytest.mark.django_db
def test_the_application_cannot_keep_a_change_out_of_the_log_that_way(company: OrgUnit) -> None:
    point = make_customer(company).contact_points.get()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE hearth_app")
        cursor.execute("SET LOCAL hearth.places = '*'")
        cursor.execute("SET LOCAL hearth.resealing = 'value_sealed'")
        cursor.execute("UPDATE customers_contactpoint SET value_sealed = 'x' WHERE id = %s", [point.pk])

    assert AuditEntry.objects.filter(table="customers_contactpoint", operation="U").count() == 1


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(text=st.text(max_size=60), further=st.integers(1, 3))
def test_any_value_opens_under_any_number_of_further_keys(text: str, further: int) -> None:
    row, sealed = uuid7(), b""
    sealed = seal(text, column="c", row_id=row)
    numbers = [sealed[0]]

    for _each in range(further):
        make_current(settings.KEY_RING, add_key(settings.KEY_RING) if len(key_ring().keys) < 200 else 1)
        once, again = (reseal(sealed, column="c", row_id=row) for _time in range(2))
        assert once == again
        assert open_sealed(once, column="c", row_id=row) == text
        sealed = once
        numbers.append(sealed[0])

    assert reseal(sealed, column="c", row_id=row) == sealed
    assert numbers[-1] == key_ring().current


def test_a_value_under_a_key_that_is_gone_says_which_key() -> None:
    row = uuid7()
    number = add_key(settings.KEY_RING)
    make_current(settings.KEY_RING, number)
    sealed = seal("x", column="c", row_id=row)
    make_current(settings.KEY_RING, 1)
    drop_key(settings.KEY_RING, number)

    with pytest.raises(KeyMissing) as refused:
        open_sealed(sealed, column="c", row_id=row)

    assert refused.value.number == number


def test_whoever_runs_learns_of_a_new_key_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(key_ring().keys) == {1}
    monkeypatch.setattr("hearth.core.key_files.forget_keys", lambda: None)  # another process changes the file
    number = add_key(settings.KEY_RING)
    monkeypatch.setattr(crypto, "LOOKED_AT_EACH", 0.0)

    assert set(key_ring().keys) == {1, number}


def test_every_binary_column_says_by_its_name_whether_it_is_sealed() -> None:
    plain = {"digest", "signature", "fingerprint", "values_digest", "location", "sender_mark"}
    found = {
        str(field.column)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.BinaryField)
    }

    assert {name for name in found if not name.endswith(("_sealed", "_index"))} - plain == set()
    assert {place.name for place in sealed_places()} >= {
        f"{model._meta.db_table}.{attribute.column}"
        for model in apps.get_models()
        for attribute in sealed_attributes(model).values()
    }


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_killed_midway_is_gone_on_with_by_the_next(company: OrgUnit) -> None:
    customer, rows = make_customer(company, phone=PHONE), 20_000
    ContactPoint.objects.bulk_create(_points(customer, rows), batch_size=5_000)
    command = [sys.executable, "-m", "hearth", "keys"]
    environment = {**environment_of_test(), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*command, "rotate"], env=environment, cwd=settings.ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout as lines:
        next(line for line in lines if line.startswith("customers_contactpoint.value_sealed"))
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    crypto.forget_keys()
    midway = keys_in_use()["customers_contactpoint.value_sealed"]
    status = run([*command, "status"], environment)
    searched = list(Customer.objects.filter(matching(PHONE)))
    too_early = run([*command, "retire", "1"], environment)

    again = run([*command, "rotate"], environment)
    gone = run([*command, "retire", "1"], environment)

    crypto.forget_keys()
    assert process.returncode == -signal.SIGKILL
    assert midway[1] > 0 < midway[2]
    assert "A change of keys is under way. Go on with hearth keys rotate." in status.stdout
    assert searched == [customer]
    assert (too_early.returncode, "Key 1 is still needed:" in too_early.stderr) == (1, True)
    assert (again.returncode, "Going on with key 2." in again.stdout) == (0, True), again.stderr
    assert "All is under key 2" in again.stdout
    assert (gone.returncode, set(key_ring().keys)) == (0, {2}), gone.stderr
    read = [point.value for point in ContactPoint.objects.filter(kind="wechat").iterator()]
    assert sorted(read) == sorted(f"微信{number}" for number in range(rows))


def run(command: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, check=False, env=environment, cwd=settings.ROOT, capture_output=True, text=True
    )


def _points(customer: Customer, number: int) -> Iterator[ContactPoint]:
    for each in range(number):
        value = read_contact("wechat", f"微信{each}")
        point = ContactPoint(
            customer=customer, kind="wechat", value_index=value.index, created_at=NOW, updated_at=NOW
        )
        point.value = value.text
        yield point

"""Who refuses that figures are computed of them has none from that moment, wherever one was."""

import re
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.extracts import extracts
from hearth.core.profiling import traces_of_scores
from hearth.customers.models import MAY_BE_PROFILED, Customer, CustomerProfile
from hearth.insight.services import ProfilingRefused, run_scoring, score_customer
from hearth.organization.models import OrgUnit
from hearth.privacy.jobs import forget_scores
from hearth.privacy.models import Consent, Purpose, PurposeText
from hearth.privacy.permissions import VIEW_CONSENT
from hearth.privacy.selectors import newest_on_profiling
from hearth.privacy.services import (
    GuardianMissing,
    NewConsent,
    forget_traces_of_scores,
    record_consent,
    record_consents,
    sync_purposes,
)
from hearth.warehouse.manifests import read_manifest, warehouse_folder
from hearth.warehouse.models import Snapshot
from hearth.warehouse.personal_data import SnapshotUnderWay
from tests.api.builders import make_program
from tests.customers.builders import make_customer, make_merge, make_profile
from tests.exports.builders import content_of, make_export, make_exporter, write
from tests.insight.builders import make_run, make_scored, score_here, snapshot_here
from tests.organization.builders import make_actor, make_member, sign_in
from tests.warehouse.builders import make_filled_snapshot

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _purposes(db: None) -> None:
    sync_purposes()


@pytest.fixture
def customer(company: OrgUnit, now: datetime) -> Customer:
    """A customer of whom everything was computed."""
    row = make_customer(company, name="王小明")
    make_scored(row, make_run(now), stage="stable_owner", tier="top", action="retain", amount=6_000_000)
    return row


def say(customer: Customer, decision: str, at: datetime, **values: Any) -> Consent:
    return record_consent(
        customer,
        purpose_code="profiling",
        channel=values.pop("channel", "any"),
        decision=decision,
        how="form",
        actor=SYSTEM,
        now=at,
        **values,
    )


def refused_at(customer: Customer) -> datetime | None:
    return Customer.objects.get(pk=customer.pk).profiling_refused_at


def has_profile(customer: Customer) -> bool:
    return CustomerProfile.objects.filter(customer=customer).exists()


@pytest.mark.requirement("S60")
def test_a_refusal_removes_every_score_at_once_and_is_taken_back(customer: Customer, now: datetime) -> None:
    assert has_profile(customer)

    say(customer, "refused", now)

    assert (refused_at(customer), has_profile(customer)) == (now, False)
    say(customer, "given", now + DAY)
    assert (refused_at(customer), has_profile(customer)) == (None, False)
    make_profile(customer)
    assert has_profile(customer)


def test_the_newest_decision_holds_whatever_the_channel_and_the_order_of_recording(
    customer: Customer, now: datetime
) -> None:
    say(customer, "given", now)
    say(customer, "withdrawn", now, decided_at=now - DAY, channel="sms")
    assert refused_at(customer) is None

    say(customer, "refused", now, decided_at=now)

    assert newest_on_profiling([customer.pk]) == {customer.pk: "refused"}
    assert refused_at(customer) == now


def test_who_said_nothing_and_who_refuses_something_else_goes_on_being_analysed(
    customer: Customer, now: datetime
) -> None:
    record_consent(
        customer,
        purpose_code="marketing",
        channel="any",
        decision="refused",
        how="form",
        actor=SYSTEM,
        now=now,
    )

    assert (refused_at(customer), has_profile(customer)) == (None, True)


def test_many_refusals_cost_as_many_queries_as_a_few(
    company: OrgUnit, now: datetime, django_assert_num_queries: Any
) -> None:
    few, many = [make_customer(company) for _ in range(2)], [make_customer(company) for _ in range(9)]

    def wanted(rows: list[Customer]) -> list[NewConsent]:
        return [NewConsent(row.pk, "profiling", "any", "refused", "form") for row in rows]

    with connection.execute_wrapper(counting := Counting()):
        record_consents(wanted(few), actor=SYSTEM, now=now)
    with django_assert_num_queries(counting.number):
        record_consents(wanted(many), actor=SYSTEM, now=now)
    assert Customer.objects.filter(profiling_refused_at=now).count() == 11


class Counting:
    """Counts the statements that pass."""

    number = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.number += 1
        return execute(sql, params, many, context)


def test_nothing_is_computed_of_who_refused_neither_by_the_night_nor_at_once(
    customer: Customer, company: OrgUnit, now: datetime
) -> None:
    other = make_customer(company)
    snapshot_here(now)
    say(customer, "refused", now)

    with pytest.raises(ProfilingRefused):
        score_customer(customer, actor=SYSTEM, now=now)
    score_here(now + DAY)
    make_profile(customer)

    assert (has_profile(customer), has_profile(other)) == (False, True)


def test_a_computation_of_an_older_snapshot_brings_no_score_back(customer: Customer, now: datetime) -> None:
    older = snapshot_here(now)
    say(customer, "refused", now + DAY)

    run_scoring(older, actor=SYSTEM, now=now + 2 * DAY)

    assert not has_profile(customer)


def test_the_columns_of_the_rule_and_the_rule_of_the_queryset_are_one(
    company: OrgUnit, now: datetime
) -> None:
    survivor = make_customer(company)
    for column in MAY_BE_PROFILED:
        row = make_customer(company)
        value: Any = survivor.pk if column == "merged_into_id" else now
        Customer.objects.filter(pk=row.pk).update(**{column: value})
        make_profile(row)

        assert not Customer.objects.filter(pk=row.pk).profiled().exists()
        assert not Customer.objects.get(pk=row.pk).may_be_profiled
        assert not has_profile(row)


def test_a_merge_keeps_the_refusal_and_lets_go_of_the_score_of_the_other(
    customer: Customer, company: OrgUnit, now: datetime
) -> None:
    refusing = make_customer(company)
    say(refusing, "refused", now)

    make_merge(customer, refusing)

    assert (refused_at(customer), has_profile(customer)) == (now, False)


def test_files_of_snapshots_lose_the_scores_and_later_ones_never_hold_them(
    customer: Customer, company: OrgUnit, now: datetime
) -> None:
    make_profile(make_customer(company))
    older = copy_of_profiles(now)
    say(customer, "refused", now)

    forget_scores(customer_ids=[str(customer.pk)])

    assert str(customer.pk) not in ids_in(older)
    assert len(ids_in(older)) == 1
    assert read_manifest(older.pk).tables["customer_profiles"].rows == 1
    assert ids_in(copy_of_profiles(now + DAY)) == ids_in(older)


def copy_of_profiles(now: datetime) -> Snapshot:
    """Write a snapshot of the table of scores as it stands."""
    extract = extracts["customer_profiles"]
    with connection.cursor() as cursor:
        cursor.execute(extract.sql)
        rows = [dict(zip(extract.columns, row, strict=True)) for row in cursor.fetchall()]
    return make_filled_snapshot(now, {"customer_profiles": (extract.columns, rows)})


def ids_in(snapshot: Snapshot) -> list[str]:
    [file] = read_manifest(snapshot.pk).tables["customer_profiles"].files
    ids: list[str] = pq.read_table(warehouse_folder() / file)["customer_id"].to_pylist()
    return ids


def test_the_job_waits_for_a_snapshot_and_spares_who_allowed_it_again(
    customer: Customer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(customer, "refused", now)
    Snapshot.objects.create(state="running", taken_at=now, created_at=now, updated_at=now)
    with pytest.raises(SnapshotUnderWay):
        forget_traces_of_scores([customer.pk])

    say(customer, "given", now + DAY)
    make_profile(customer)
    for key in traces_of_scores:
        monkeypatch.setitem(traces_of_scores._items, key, pytest.fail)

    assert forget_traces_of_scores([customer.pk]) == 0
    assert has_profile(customer)


def test_pages_lists_files_and_the_interface_show_no_score_any_more(
    signed_in: Client, customer: Customer, company: OrgUnit, now: datetime
) -> None:
    signed_in.cookies["hearth_language"] = "en"
    program = make_program(company, "customers.view")
    addresses = [
        reverse("workspace:customer", args=[customer.pk]),
        reverse("customers:customers"),
        reverse("insight:profile", args=[customer.pk]),
        reverse("insight:customers"),
    ]
    asked = [f"/customers/{customer.pk}", "/customers"]
    words = ("stable owner", "stable_owner", "6,000,000", "6000000")

    def shown() -> list[bool]:
        pages = [without_choices(signed_in.get(address).content.decode()) for address in addresses]
        pages += [str(program.get(address).body) for address in asked]
        return [any(word in page for word in words) for page in pages]

    member = make_exporter(company)
    assert "stable owner" in file_of(member)
    assert shown() == [True] * 6

    say(customer, "refused", now)

    assert shown() == [False] * 6
    assert "stable owner" not in file_of(member)
    record = program.get(asked[0]).body
    assert (record["profile"], record["profiling_refused_at"]) == (None, "2026-03-18T06:30:00Z")


def file_of(member: User) -> str:
    """Write the list of customers to a file and read it."""
    return str(content_of(write(make_export(member, "name", "stage"))))


def without_choices(page: str) -> str:
    """Leave out the choices of filters, which name every stage."""
    return re.sub(r"<select.*?</select>|<option.*?</option>|<label.*?</label>", "", page, flags=re.DOTALL)


def test_the_desk_records_a_refusal_with_its_evidence_and_its_end(
    signed_in: Client, customer: Customer
) -> None:
    signed_in.cookies["hearth_language"] = "en"
    address = reverse("privacy:change_profiling", args=[customer.pk])
    part = {"HX-Request": "true", "HX-Target": "consents"}

    nothing_said = signed_in.post(address, {"decision": "refused", "how": ""}, headers=part)
    refused = signed_in.post(
        address, {"decision": "refused", "how": "letter", "evidence": "2026-17"}, headers=part
    )

    assert (nothing_said.status_code, refused.status_code) == (422, 200)
    assert "Refuses profiling since" in refused.content.decode()
    row = Consent.objects.get()
    assert (row.purpose.code, row.decision, row.how, row.evidence) == (
        "profiling",
        "refused",
        "letter",
        "2026-17",
    )
    allowed = signed_in.post(address, {"decision": "given", "how": "call"}, headers=part)
    assert "Refuses profiling since" not in allowed.content.decode()
    assert refused_at(customer) is None
    assert [each.decision for each in Consent.objects.newest_first()] == ["given", "refused"]


def test_who_may_only_see_consent_refuses_nothing_for_a_customer(
    client: Client, customer: Customer, company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    reader = sign_in(client, make_member(company, VIEW_CONSENT, "customers.view"))

    page = reader.get(reverse("privacy:customer_consents", args=[customer.pk])).content.decode()
    answer = reader.post(
        reverse("privacy:change_profiling", args=[customer.pk]), {"decision": "refused", "how": "call"}
    )

    assert reverse("privacy:change_profiling", args=[customer.pk]) not in page
    assert answer.status_code == 403
    with pytest.raises(NotAllowed):
        record_consents(
            [NewConsent(customer.pk, "profiling", "any", "refused", "call")],
            actor=make_actor(neighbour, VIEW_CONSENT),
            now=now,
        )
    assert refused_at(customer) is None


def test_a_child_refuses_alone_and_allows_it_again_through_a_guardian(
    customer: Customer, now: datetime
) -> None:
    Customer.objects.filter(pk=customer.pk).update(birth_date=now.date() - 3_000 * DAY)

    say(customer, "refused", now)

    assert refused_at(customer) == now
    with pytest.raises(GuardianMissing):
        say(customer, "given", now + DAY)
    assert refused_at(customer) == now


def test_the_shipped_text_says_that_it_may_be_refused_and_keeps_the_one_before() -> None:
    migration = import_module("hearth.privacy.migrations.0007_text_of_profiling")
    shipped = Purpose.objects.get(code="profiling")
    Purpose.objects.filter(code="profiling").update(text_zh=migration.BEFORE[0], text_en=migration.BEFORE[1])

    migration.say_that_it_may_be_refused(apps, None)
    migration.say_that_it_may_be_refused(apps, None)

    now_said = Purpose.objects.get(code="profiling")
    assert (now_said.text_zh, now_said.version) == (shipped.text_zh, shipped.version + 1)
    assert PurposeText.objects.get().text_zh == migration.BEFORE[0]
    assert "refuse" in now_said.text_en

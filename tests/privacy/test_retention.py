"""What is kept no longer goes by night: as the rules say, with an account, and never what is tied to us."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from hearth.audit.models import AuditEntry
from hearth.cases.models import Case
from hearth.channels.models import Interaction, Message
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.retention import kept_kinds
from hearth.customers.models import Customer
from hearth.imports.models import ImportJob
from hearth.organization.models import OrgUnit
from hearth.privacy.models import PersonRequest, RetentionEntry, RetentionRule
from hearth.privacy.retention_due import before_of, dry_run
from hearth.privacy.services import (
    answer_request,
    change_rule,
    let_go_of_what_is_due,
    sync_purposes,
    sync_retention,
)
from hearth.privacy.services.retention import RuleTerms, WayNotPossible
from hearth.privacy.traces import find_traces
from hearth.tasks.models import Task
from hearth.tasks.services import complete_task
from hearth.warehouse.models import Snapshot
from tests.cases.builders import make_case
from tests.channels.builders import make_attachment, make_contact, make_draft, make_message
from tests.customers.builders import SYSTEM, make_customer, make_home, make_unit_role
from tests.imports.builders import make_file, make_received
from tests.organization.builders import make_member, sign_in
from tests.privacy.builders import make_consent, make_known_customer, make_request
from tests.sales.builders import make_contract
from tests.tasks.builders import make_task

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("S60")]
OLD = datetime(2016, 3, 18, tzinfo=UTC)
NIGHT = datetime(2026, 11, 20, 19, 40, tzinfo=UTC)
ENOUGH = timedelta(hours=2)


@pytest.fixture(autouse=True)
def _rules(company: OrgUnit) -> None:
    sync_purposes()
    sync_retention()


def put_in_force(kind: str, **changes: object) -> RetentionRule:
    RetentionRule.objects.filter(kind=kind).update(is_active=True, **changes)
    return RetentionRule.objects.get(kind=kind)


def night(**changes: object) -> int:
    return let_go_of_what_is_due(now=NIGHT, within=ENOUGH)


def make_stranger(company: OrgUnit, name: str = "") -> Customer:
    customer = make_customer(company, name=name, at=OLD)
    Customer.objects.filter(pk=customer.pk).update(created_at=OLD, updated_at=OLD, last_contact_at=OLD)
    return customer


def test_every_kind_ships_with_a_rule_that_does_nothing_before_it_is_put_in_force(company: OrgUnit) -> None:
    make_stranger(company)

    assert set(RetentionRule.objects.values_list("kind", flat=True)) == set(kept_kinds)
    assert not RetentionRule.objects.filter(is_active=True).exists()
    assert night() == 0
    assert all(rule.way in kept_kinds[rule.kind].ways for rule in RetentionRule.objects.all())


def test_customers_whom_nothing_ties_to_us_are_erased_and_others_stay(company: OrgUnit) -> None:
    strangers = [make_stranger(company, f"陌生人{letter}") for letter in "甲乙"]
    tied = [make_stranger(company) for _ in range(6)]
    make_contract(make_home(company), tied[0])
    make_unit_role(tied[1], make_home(company))
    make_case(company, customer=tied[2], opened_at=OLD)
    make_task(company, customer_id=tied[3].pk)
    make_consent(tied[4].pk, decided_at=NIGHT - timedelta(days=30))
    make_request(company, customer=tied[5])
    Customer.objects.all().update(created_at=OLD, updated_at=OLD, last_contact_at=OLD)
    make_customer(company, at=NIGHT - timedelta(days=30))
    rule = put_in_force("customers.prospects")

    would_go = dry_run(rule, now=NIGHT)
    went = night()

    assert set(would_go.samples) == {customer.pk for customer in strangers}
    assert (would_go.number, went, night()) == (2, 2, 0)
    assert Customer.objects.filter(erased_at__isnull=False).count() == 2
    assert find_traces({"陌生人甲", "陌生人乙"}) == []
    entry = RetentionEntry.objects.get()
    assert (set(entry.row_ids), entry.number, entry.months) == ({row.pk for row in strangers}, 2, 36)


def test_contacts_lose_their_words_or_go_with_their_files_as_the_rule_says(company: OrgUnit) -> None:
    customer = make_known_customer(company)
    kept = make_contact(customer, company, at=NIGHT)
    old = make_contact(customer, company, summary="旧来电", body="很久以前", at=OLD)
    file = make_attachment(company)
    Interaction.objects.filter(pk=file.interaction_id).update(occurred_at=OLD)
    path = Path(file.stored.file.path)
    put_in_force("channels.contacts")

    assert (night(), night()) == (2, 0)
    old.refresh_from_db()
    assert (old.summary, old.body) == ("", "")
    assert not path.exists()
    Interaction.objects.filter(pk=old.pk).update(summary="又有", occurred_at=OLD)
    put_in_force("channels.contacts", way="erase")
    assert night() == 1
    assert set(Interaction.objects.filter(customer=customer)) == {kept}


def test_old_values_go_from_the_log_of_changes_too(company: OrgUnit) -> None:
    old = make_contact(make_known_customer(company), company, summary="旧来电", body="第一版", at=OLD)
    Interaction.objects.filter(pk=old.pk).update(body="第二版")
    put_in_force("channels.contacts")

    night()

    entries = AuditEntry.objects.filter(table="channels_interaction", row_ids__contains=[str(old.pk)])
    assert entries.exclude(operation="I").exists()
    assert not entries.filter(values__isnull=False).exists()
    assert find_traces({"第一版", "第二版"}) == []


def test_messages_cases_tasks_and_requests_are_let_go_when_they_are_finished(company: OrgUnit) -> None:
    sent = make_message(make_draft(company), now=OLD, state="sent")
    waiting = make_message(make_draft(company), now=OLD)
    case = make_case(company, opened_at=OLD)
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=OLD)
    still_open = make_case(company, opened_at=OLD)
    task = make_task(company)
    complete_task(task, actor=SYSTEM, now=OLD)
    request = make_request(company, wish="请告诉我", is_identified=True, now=OLD)
    answer_request(request, answer="好的", actor=SYSTEM, now=OLD)
    for kind in ("channels.messages", "cases.closed", "tasks.closed", "privacy.requests"):
        put_in_force(kind)

    assert (night(), night()) == (4, 0)
    assert (Message.objects.get(pk=sent.pk).body, Message.objects.get(pk=sent.pk).recipient) == ("", "")
    assert Message.objects.get(pk=waiting.pk).body
    assert Case.objects.get(pk=case.pk).title == f"#{case.number}"
    assert Case.objects.get(pk=still_open.pk).body
    assert not Task.objects.filter(pk=task.pk).exists()
    kept = PersonRequest.objects.get(pk=request.pk)
    assert (kept.wish, kept.answer, kept.state) == ("", "", "answered")


def test_files_of_imports_are_emptied(company: OrgUnit, tmp_path: Path) -> None:
    job = make_received(make_file(tmp_path), company)
    ImportJob.objects.filter(pk=job.pk).update(state="done", updated_at=OLD, sample_rows=[["王小明"]])
    put_in_force("imports.files")

    assert (night(), night()) == (1, 0)
    job.refresh_from_db()
    assert Path(job.source_file.file.path).read_bytes() == b""
    assert job.sample_rows == []


def test_a_night_that_was_ended_goes_on_the_next_time(company: OrgUnit) -> None:
    tasks = [make_task(company) for _ in range(3)]
    Task.objects.all().update(state="done", closed_at=OLD)
    rule = put_in_force("tasks.closed")
    kind = kept_kinds["tasks.closed"]
    object.__setattr__(kind, "portion", 2)
    try:
        first = let_go_of_what_is_due(now=NIGHT, within=timedelta())
        second = night()
    finally:
        object.__setattr__(kind, "portion", 500)

    assert (first, second) == (2, 1)
    accounted: set[UUID] = {key for entry in rule.entries.all() for key in entry.row_ids}
    assert accounted == {task.pk for task in tasks}


def test_a_kind_that_must_wait_is_left_for_the_next_night(company: OrgUnit) -> None:
    make_stranger(company)
    Task.objects.filter(pk=make_task(company).pk).update(state="done", closed_at=OLD)
    Snapshot.objects.create(state="running", taken_at=NIGHT, created_at=NIGHT, updated_at=NIGHT)
    put_in_force("customers.prospects"), put_in_force("tasks.closed")

    assert night() == 1
    assert not Customer.objects.filter(erased_at__isnull=False).exists()


def test_months_are_counted_by_the_calendar() -> None:
    rule = RetentionRule(kind="tasks.closed", months=3)

    assert f"{before_of(rule, now=datetime(2026, 5, 31, tzinfo=UTC)):%Y-%m-%d}" == "2026-02-28"


def test_a_rule_is_changed_by_who_has_the_right_and_only_in_a_way_that_exists(company: OrgUnit) -> None:
    rule = RetentionRule.objects.get(kind="tasks.closed")

    with pytest.raises(NotAllowed):
        change_rule(rule, RuleTerms(12, "erase", "法", "law", True), actor=Actor.nobody(), now=NIGHT)
    with pytest.raises(WayNotPossible):
        change_rule(rule, RuleTerms(12, "anonymise", "法", "law", True), actor=SYSTEM, now=NIGHT)
    changed = change_rule(rule, RuleTerms(12, "erase", "法", "law", True), actor=SYSTEM, now=NIGHT)

    assert (changed.months, changed.is_active) == (12, True)
    sync_retention()
    assert RetentionRule.objects.get(kind="tasks.closed").months == 12


def test_the_privacy_officer_looks_what_would_go_puts_a_rule_in_force_and_reads_the_account(
    client: Client, group: OrgUnit, company: OrgUnit
) -> None:
    client.cookies["hearth_language"] = "en"
    desk = sign_in(client, make_member(group, "core.signed_in", "privacy.change_retention"))
    task = make_task(company)
    Task.objects.filter(pk=task.pk).update(state="done", closed_at=OLD)
    address = "/privacy/retention/tasks.closed/"
    terms = {"months": 12, "way": "erase", "basis_zh": "法", "basis_en": "law", "is_active": "on"}

    before = desk.get(address).content.decode()
    refused = desk.post(address, terms | {"months": 0})
    saved = desk.post(address, terms)
    let_go_of_what_is_due(now=timezone.now(), within=ENOUGH)
    account = desk.get("/privacy/retention/gone/").content.decode()
    rules = desk.get("/privacy/retention/").content.decode()

    assert str(task.pk) in before
    assert (refused.status_code, saved.status_code) == (422, 303)
    assert str(task.pk) in account
    assert "in force" in rules
    assert desk.get("/privacy/retention/nothing/").status_code == 404

"""Whom the access log names: every way a customer is read or taken, each once, and nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.errors import NotAllowed
from hearth.core.permissions import SIGNED_IN
from hearth.demo.breach_drill import breach_drill
from hearth.exports.files import path_of
from hearth.exports.models import ExportedRows
from hearth.lists.definitions import lists
from hearth.organization.models import OrgUnit
from hearth.registers.affected import BEHIND_LISTS
from hearth.registers.models import AccessSearch, AffectedPerson, Incident
from hearth.registers.services import NewSearch, search_access
from hearth.registers.services.searching import NobodyNamed, NoSpan
from hearth.vigilance.models import Kind, Read
from tests.cases.builders import make_case
from tests.contract_texts.builders import make_given
from tests.customers.builders import make_customer, make_home, make_unit_role
from tests.exports.builders import actor_of, make_export, make_exporter, write
from tests.organization.builders import make_member, sign_in
from tests.registers.builders import NOW, OFFICER_RIGHTS, make_incident, make_officer
from tests.sales.builders import make_contract
from tests.vigilance.builders import make_reads

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def officer(group: OrgUnit) -> User:
    return make_officer(group)


@pytest.fixture
def thief(company: OrgUnit) -> User:
    return make_exporter(company)


@pytest.fixture
def incident(company: OrgUnit) -> Incident:
    return make_incident(company)


def search(incident: Incident, officer: User, **said: object) -> AccessSearch:
    new = NewSearch(**{"began_at": NOW - HOUR, "ended_at": NOW + HOUR, **said})  # type: ignore[arg-type]
    return search_access(incident, new, actor=actor_of(officer), now=NOW)


def names(incident: Incident) -> list[str]:
    return sorted(incident.affected.values_list("customer__name", flat=True))


def test_every_record_that_was_opened_leads_to_its_customers(
    incident: Incident, officer: User, thief: User, company: OrgUnit
) -> None:
    home = make_home(company)
    people = [make_customer(company, name=name) for name in ("甲", "乙", "丙", "丁", "戊")]
    make_unit_role(people[2], home)
    contract = make_contract(make_home(company), people[3])
    opened = {
        Kind.CUSTOMER: people[0].pk,
        Kind.CASE: make_case(company, customer=people[1]).pk,
        Kind.HOME: home.pk,
        Kind.CONTRACT: contract.pk,
        Kind.REVEAL: people[4].pk,
    }
    for kind, key in opened.items():
        make_reads(thief, 1, kind=kind, records=[key])
    make_customer(company, name="无关")

    found = search(incident, officer, user=thief)

    assert (names(incident), found.found) == (["丁", "丙", "乙", "戊", "甲"], 5)


def test_only_the_account_the_span_the_address_and_the_place_count(
    incident: Incident, officer: User, thief: User, company: OrgUnit, neighbour: OrgUnit
) -> None:
    here, there = make_customer(company, name="甲"), make_customer(neighbour, name="乙")
    make_reads(thief, 4, records=[here.pk, there.pk], minutes=4)
    make_reads(make_member(company, SIGNED_IN), 1, records=[make_customer(company, name="丙").pk])
    make_reads(thief, 1, records=[make_customer(company, name="丁").pk], until=NOW - 2 * HOUR)
    Read.objects.filter(record_id=there.pk).update(address="10.0.0.7")

    found = [
        search(make_incident(company), officer, **said)
        for said in ({"user": thief}, {"address": "10.0.0.7"}, {"user": thief, "org_unit": company})
    ]

    assert [names(each.incident) for each in found] == [["乙", "甲"], ["乙"], ["甲"]]
    assert list(found[0].incident.affected.values_list("seen", flat=True)) == [2, 2]


def test_a_file_names_whom_it_held_as_it_was_written(
    incident: Incident, officer: User, thief: User, company: OrgUnit
) -> None:
    make_customer(company, name="甲")
    export = write(make_export(thief))
    make_customer(company, name="后来")
    make_reads(thief, 2, kind=Kind.EXPORT, records=[export.pk])

    by_account = search(incident, officer, user=thief)
    by_file = search(make_incident(company), officer, export=export)

    assert (names(incident), incident.affected.get().taken) == (["甲"], 2)
    assert (names(by_file.incident), by_account.unknown) == (["甲"], 0)


def test_lists_and_files_whose_rows_nobody_knows_are_counted(
    incident: Incident, officer: User, thief: User, company: OrgUnit
) -> None:
    make_customer(company)
    export = write(make_export(thief))
    ExportedRows.objects.all().delete()
    make_reads(thief, 1, kind=Kind.EXPORT, records=[export.pk])
    Read.objects.create(user=thief, kind=Kind.LIST, read_at=NOW)

    found = search(incident, officer, user=thief)

    assert (found.found, found.unnamed, found.unknown) == (0, 1, 1)


def test_a_second_search_adds_and_nobody_stands_twice(
    incident: Incident, officer: User, thief: User, company: OrgUnit
) -> None:
    other, both = make_member(company, SIGNED_IN), make_customer(company, name="甲")
    make_reads(thief, 1, records=[both.pk])
    make_reads(other, 2, records=[both.pk, make_customer(company, name="乙").pk])

    search(incident, officer, user=thief)
    search(incident, officer, user=other)

    assert names(incident) == ["乙", "甲"]
    assert [step.note for step in incident.steps.filter(what="searched").order_by("id")] == ["1 / 1", "2 / 2"]


def test_a_merged_record_counts_as_what_it_is_now(
    incident: Incident, officer: User, thief: User, company: OrgUnit, group: OrgUnit
) -> None:
    kept, absorbed = make_customer(company, name="甲"), make_customer(company, name="甲二")
    make_reads(thief, 2, records=[kept.pk, absorbed.pk])
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])

    search(incident, officer, user=thief)

    assert (names(incident), incident.affected.get().seen) == (["甲"], 2)


def test_a_search_names_somebody_has_a_span_and_is_for_the_whole_group(
    incident: Incident, officer: User, thief: User, company: OrgUnit
) -> None:
    with pytest.raises(NobodyNamed):
        search(incident, officer)
    with pytest.raises(NoSpan):
        search(incident, officer, user=thief, ended_at=NOW - HOUR)
    with pytest.raises(NotAllowed):
        search(incident, make_member(company, *OFFICER_RIGHTS), user=thief)


def test_the_address_of_a_reader_is_noted(company: OrgUnit, client: Client) -> None:
    customer = make_customer(company)
    reader = make_member(company, SIGNED_IN, "customers.view", "core.view_events")

    sign_in(client, reader).get(reverse("workspace:customer", args=[customer.pk]), REMOTE_ADDR="10.1.2.3")

    assert Read.objects.get(user=reader, kind=Kind.CUSTOMER).address == "10.1.2.3"


@pytest.mark.requirement("S60")
def test_the_officer_searches_on_the_page_and_takes_the_list_as_a_file(
    client: Client, incident: Incident, group: OrgUnit, thief: User, company: OrgUnit
) -> None:
    officer = make_member(group, *OFFICER_RIGHTS, "exports.run")
    make_reads(thief, 1, records=[make_customer(company, name="甲").pk])
    browser, address = sign_in(client, officer), reverse("registers:search", args=[incident.pk])
    span = {"began_at": "2026-03-18T00:00", "ended_at": "2026-03-19T00:00"}

    refused = browser.post(address, {**span, "account_name": "nobody"})
    done = browser.post(address, {**span, "account_name": thief.username})
    listed = browser.get(reverse("registers:affected"), {"incident": f"equal:{incident.number}"})
    person = browser.get(reverse("registers:affected_person", args=[incident.affected.get().pk]))
    export = write(make_export(officer, "person", "number", key="affected"))

    assert (refused.status_code, done.status_code) == (422, 303)
    assert ("甲" in listed.content.decode(), "甲" in person.content.decode()) == (True, True)
    assert "Exported by" in path_of(export).read_text(encoding="utf-8-sig").splitlines()[0]
    assert export.written_rows == 1


@pytest.mark.requirement("S60")
def test_who_took_the_text_of_a_contract_took_the_data_of_its_buyer(
    client: Client, incident: Incident, officer: User, company: OrgUnit
) -> None:
    text = make_given(company)
    reader = make_member(company, SIGNED_IN, "contract_texts.view", "customers.view")

    sign_in(client, reader).get(reverse("contract_texts:pdf", args=[text.pk])).getvalue()
    search(incident, officer, user=reader, ended_at=timezone.now() + HOUR)

    assert names(incident) == [text.readings.get().customer.name]


def test_every_list_says_whom_its_rows_speak_of() -> None:
    assert sorted(BEHIND_LISTS) == sorted(lists)


@pytest.mark.requirement("S60")
def test_the_drill_passes_and_leaves_nothing_behind(group: OrgUnit) -> None:
    counts = [model.objects.count() for model in (User, Incident, AffectedPerson, Read, ExportedRows)]

    found = breach_drill()

    assert found.is_passed, "\n".join(found.lines())
    assert [(line.fate, line.expected, line.named) for line in found.lines_of_fates] == [
        ("seen", 5, 5),
        ("both", 3, 3),
        ("taken", 4, 4),
        ("before", 0, 0),
        ("by others", 0, 0),
        ("untouched", 0, 0),
    ]
    assert counts == [model.objects.count() for model in (User, Incident, AffectedPerson, Read, ExportedRows)]

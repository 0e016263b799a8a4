"""What leaves by other ways than pages: webhooks, snapshots, the palette, what tasks are about, narrowed files.

Every registry of the code is named here: with the test that asks each of its entries for the neighbour, or with why it
shows nothing of anybody. So a new registry, and a new entry of one that is asked, is covered or fails the build.
"""

import ast
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from hearth.core.actor import Actor
from hearth.core.events import event_types
from hearth.core.extracts import extracts
from hearth.core.models import EventRecord
from hearth.core.navigation import places
from hearth.core.palette import command_providers, spot_at
from hearth.core.permissions import VIEW_EVENTS, permissions
from hearth.customers.models import Customer
from hearth.exports.sources import export_sources
from hearth.lists.definitions import lists
from hearth.organization.models import OrgUnit
from hearth.tasks.subjects import subjects
from hearth.webhooks.payloads import payload_records, write_payload
from hearth.webhooks.permissions import MANAGE_WEBHOOK
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer, make_merge, make_profile
from tests.gates.life import WORD
from tests.organization.builders import make_actor
from tests.test_fence import application
from tests.webhooks.builders import write_event

ROOT = Path(__file__).parents[2]
HERE, OUT = "gates/test_ways_of_programs.py", "gates/test_ways_out.py"
FIELDS = "custom_fields/test_custom_fields.py"
IMPORTS = "imports/test_services.py::test_an_import_needs_its_own_right"

# Each entry of these shows rows of somebody, or leads to them; the test asks it for somebody else.
ASKED = {
    "cases.offers.offers": "repairs/test_closing.py::test_who_sees_no_repairs_is_offered_none_of_their_words",
    "core.activity.activity_readers": "workspace/test_activity.py::test_what_runs_for_others_is_not_shown",
    "core.events.event_types": f"{HERE}::test_no_type_of_event_is_sent_to_the_neighbour_or_without_the_right",
    "core.extracts.extracts": f"{HERE}::test_a_table_of_the_snapshot_is_empty_behind_the_neighbours_fence",
    "core.fence.fences": "test_fence.py::test_a_connection_that_was_told_nobody_reads_nothing",
    "core.navigation.pin_providers": "lists/test_pages.py::test_the_rail_shows_pins_of_lists_one_may_open",
    "core.navigation.places": f"{HERE}::test_a_number_in_the_rail_counts_nothing_of_the_company",
    "core.ownership.holdings": "books/test_without_owner.py::test_each_sees_what_lies_where_they_hand_over",
    "core.palette.command_providers": f"{HERE}::test_the_palette_offers_the_neighbour_nothing_on_a_page_of_ours",
    "core.search.search_providers": f"{OUT}::test_a_search_finds_nothing_for_the_neighbour_and_recalls_nothing",
    "core.timeline.detail_loaders": f"{OUT}::test_a_timeline_tells_the_neighbour_nothing",
    "core.timeline.text_finders": f"{OUT}::test_words_of_a_timeline_are_not_found_by_the_neighbour",
    "custom_fields.objects.custom_objects": f"{FIELDS}::test_the_right_to_see_the_object_is_asked",
    "exports.sources.export_sources": f"{HERE}::test_a_file_of_a_segment_is_not_narrowed_by_one_of_ours",
    "contract_changes.words.fields": "contract_changes/test_pages.py::test_who_sees_no_customers_reads_no_names",
    "imports.kinds.import_kinds": f"{IMPORTS}_and_the_right_of_its_kind_at_the_place",
    "lists.bulk._actions": "lists/test_many.py::test_rows_that_cannot_change_are_left_out_with_the_reason",
    "lists.bulk._openings": "lists/test_actions.py::test_a_page_for_chosen_rows_asks_for_its_right",
    "lists.definitions.lists": f"{OUT}::test_a_list_and_its_file_hold_nothing_for_the_neighbour",
    "lists.tools.list_tools": "exports/test_rights.py",
    "segments.catalogue.behaviours": "segments/test_services.py::test_a_person_sees_the_members_of_their_own_places",
    "segments.catalogue.fields": "segments/test_services.py::test_a_person_sees_the_members_of_their_own_places",
    "tasks.subjects.subjects": f"{HERE}::test_what_a_task_is_about_is_not_named_to_the_neighbour",
    "webhooks.payloads.payload_records": f"{HERE}::test_a_full_webhook_holds_no_record_for_the_neighbour",
}
TEXT = "words and rules of the code, the same for every reader"
CHECKED = "what other gates read; no page asks it"
JOBS = "done by the system for a person or a row that is named, and shown to nobody"
# These show nothing of anybody.
SHOW_NOTHING = {
    **dict.fromkeys(
        (
            "api.problem_kinds.problem_kinds", "core.context.notices", "core.navigation.narrowings",
            "core.navigation.rail_heads", "core.notifications.notification_kinds", "core.permissions.permissions",
            "core.shortcuts.shortcut_sections", "lists.definitions._filters_above",
            "organization.settings_catalogue.definitions", "core.field_rules.ruled_fields", "core.profiling.scores",
            "contract_changes.kinds.kinds", "sales.demands.filing_demands",
        ),
        TEXT,
    ),
    **dict.fromkeys(
        (
            "audit.coverage.exemptions", "core.fence.unfenced", "core.ownership.marks",
            "core.personal_data.exemptions", "core.profiling.no_scores", "core.sealed_places.bound_elsewhere",
            "core.sealed_places.keep_their_key",
        ),
        CHECKED,
    ),
    **dict.fromkeys(
        (
            "core.events.subscribers", "core.index_places.index_places", "core.index_places.remembered_indexes",
            "core.installation.installation_steps", "core.installation.sealed_tables",
            "core.personal_data.holders", "core.personal_data.legal_holds", "core.personal_data.sealed_texts",
            "core.profiling.traces_of_scores", "core.retention.kept_kinds", "core.retention.ties",
            "core.sealed_places.sealed_in_json", "core.sealed_places.sealed_inside",
            "customers.following.followings", "imports.reversal.disposable",
        ),
        JOBS,
    ),
}  # fmt: skip


@pytest.fixture
def group(group_of_life: OrgUnit) -> OrgUnit:
    """The root of the organisation in which the customer lives."""
    return group_of_life


def list_registries() -> set[str]:
    """Name every registry that a module of Hearth keeps, as `core.palette.command_providers`."""
    found = set()
    for path in (ROOT / "hearth").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = ".".join(path.relative_to(ROOT / "hearth").with_suffix("").parts)
        for node in tree.body:
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).startswith("Registry["):
                found.add(f"{module}.{ast.unparse(node.target)}")
            elif isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Registry"):
                found.add(f"{module}.{ast.unparse(node.targets[0])}")
    return found


def test_every_registry_is_asked_or_shows_nothing() -> None:
    assert ASKED.keys() & SHOW_NOTHING.keys() == set()
    assert list_registries() == ASKED.keys() | SHOW_NOTHING.keys()


@pytest.mark.parametrize("test", sorted(set(ASKED.values())))
def test_the_tests_named_here_exist(test: str) -> None:
    name, _, function = test.partition("::")
    text = (ROOT / "tests" / name).read_text(encoding="utf-8")

    assert re.search(rf"^def {function}\(", text, re.MULTILINE) if function else "def test_" in text


# What stands on the sign of a building site: the fence lets everybody read it.
OPEN_TO_ALL = {"projects"}


def right_person(company: OrgUnit) -> Actor:
    return make_actor(company, *permissions)


def colleague_without(company: OrgUnit, right: str) -> Actor:
    return make_actor(company, *(each for each in permissions if each != right))


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_no_type_of_event_is_sent_to_the_neighbour_or_without_the_right(
    company: OrgUnit, neighbour_actor: Actor
) -> None:
    """A webhook sends what its owner may see in the stream: asked for each type that exists."""
    written = {write_event(company, now=timezone.now()).id: name for name in event_types}
    for event_id, name in written.items():
        EventRecord.objects.filter(id=event_id).update(type=name)

    def types_seen_by(actor: Actor) -> set[str]:
        rows = EventRecord.objects.visible_to(actor).filter(id__in=written)
        return set(rows.values_list("type", flat=True))

    assert types_seen_by(right_person(company)) == set(event_types)
    assert types_seen_by(make_actor(company, VIEW_EVENTS, MANAGE_WEBHOOK)) == set(event_types)
    assert types_seen_by(neighbour_actor) == set()
    assert types_seen_by(colleague_without(company, VIEW_EVENTS)) == set()


@pytest.mark.requirement("S60")
@pytest.mark.django_db
@pytest.mark.parametrize("name", list(payload_records))
def test_a_full_webhook_holds_no_record_for_the_neighbour(
    name: str, life: Customer, company: OrgUnit, neighbour_actor: Actor
) -> None:
    read, events = payload_records[name], list(EventRecord.objects.filter(customer_id=life.pk))
    phones = [point.value for point in life.contact_points.filter(kind="phone")]

    told = [record for event in events if (record := read(event, right_person(company)))]
    foreign = [record for event in events if (record := read(event, neighbour_actor))]
    without = [
        record
        for event in events
        if (record := read(event, make_actor(company, VIEW_EVENTS, MANAGE_WEBHOOK)))
    ]
    bodies = [write_payload(event, neighbour_actor, is_full=True).decode() for event in events]

    assert told
    assert foreign == []
    assert without == []
    assert phones
    assert [phone for phone in phones if any(phone in body for body in bodies)] == []


@pytest.mark.requirement("S60")
@pytest.mark.django_db
@pytest.mark.parametrize("name", list(extracts))
def test_a_table_of_the_snapshot_is_empty_behind_the_neighbours_fence(
    name: str, life: Customer, company: OrgUnit, neighbour: OrgUnit
) -> None:
    """Snapshots are taken by the system; the same SELECT on a page or in a segment keeps to the reader's places."""
    make_profile(life)
    make_merge(life, make_customer(company))
    Customer.objects.filter(pk=life.pk).update(custom={make_field(company).key: WORD})
    there = rows_of(name)

    with application(places=str(company.pk)):
        ours = rows_of(name)
    with application(places=str(neighbour.pk)):
        theirs = rows_of(name)
    with application():
        nobodys = rows_of(name)

    assert there
    assert ours
    assert [row for row in ours if row not in there] == []
    if name not in OPEN_TO_ALL:
        assert theirs == []
        assert nobodys == []


def rows_of(name: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(extracts[name].sql)
        return sorted(cursor.fetchall(), key=repr)


@pytest.mark.requirement("S60")
@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(subjects))
def test_what_a_task_is_about_is_not_named_to_the_neighbour(
    kind: str, life: Customer, company: OrgUnit, neighbour_actor: Actor
) -> None:
    ids = ids_of(
        *("cases_case", "properties_unit", "sales_contract", "customers_customer", "leads_lead"),
        *("group_cases_groupcase", "group_cases_preventivecheck"),
    )

    assert subjects[kind].load(ids, right_person(company))
    assert subjects[kind].load(ids, neighbour_actor) == {}
    assert subjects[kind].load(ids, make_actor(company)) == {}


def ids_of(*tables: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT id FROM {table}" for table in tables))
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.requirement("S60")
@pytest.mark.django_db
@pytest.mark.parametrize("key", list(export_sources))
def test_a_file_of_a_segment_is_not_narrowed_by_one_of_ours(
    key: str, life: Customer, company: OrgUnit, neighbour_actor: Actor
) -> None:
    source = export_sources[key]
    ids = ids_of("segments_segment")
    rows = lists[source.list_key].rows(neighbour_actor)

    assert any(source.name(right_person(company), one) for one in ids)
    assert [one for one in ids if source.name(neighbour_actor, one)] == []
    assert [one for one in ids if source.name(colleague_without(company, source.permission), one)] == []
    assert [one for one in ids if source.narrow(rows, neighbour_actor, one).exists()] == []


@pytest.mark.requirement("S60")
@pytest.mark.django_db
@pytest.mark.parametrize("key", [key for key, place in places.items() if place.count])
def test_a_number_in_the_rail_counts_nothing_of_the_company(
    key: str, life: Customer, company: OrgUnit, neighbour_actor: Actor
) -> None:
    count = places[key].count
    assert count is not None

    assert count(neighbour_actor) == 0
    assert count(make_actor(company)) == 0


PAGES = {
    "workspace:customer": "customers_customer",
    "properties:project": "properties_project",
    "properties:unit": "properties_unit",
    "sales:contract": "sales_contract",
    "cases:case": "cases_case",
    "segments:segment": "segments_segment",
    "tasks:task": "tasks_task",
}


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_the_palette_offers_the_neighbour_nothing_on_a_page_of_ours(
    life: Customer, company: OrgUnit, neighbour_actor: Actor
) -> None:
    """It answers somebody who names a record of ours as if there were none: no word of it, and no sign that it is."""
    right, nobody = right_person(company), make_actor(company)
    silent, told = set(command_providers), []
    for page, table in PAGES.items():
        nowhere = spot_at(reverse(page, args=[UUID(int=1)]), chosen=2)
        for one in ids_of(table):
            spot = spot_at(reverse(page, args=[one]), chosen=2)
            for key, provider in command_providers.items():
                if provider.page not in ("", spot.page):
                    continue
                if provider.commands(right, spot):
                    silent.discard(key)
                for actor in (neighbour_actor, nobody):
                    offered = str(provider.commands(actor, spot)).replace(str(one), str(UUID(int=1)))
                    if offered != str(provider.commands(actor, nowhere)) or WORD in offered:
                        told.append(key)

    assert {provider.page for provider in command_providers.values()} - {""} == set(PAGES)
    assert silent == {"hearth.lists.palette.on_chosen_rows"}  # it speaks on pages of lists alone
    assert told == []

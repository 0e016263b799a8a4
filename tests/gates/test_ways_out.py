"""What no route shows by itself: lists, files, searches, timelines and jobs, found in their registries, each asked by
the neighbour company, by a colleague without the right, by a reader who may change nothing and by the right person.

It runs as the owner of the tables, so that the rules in code answer alone; `tests/test_fence.py` is about the second
fence. A new list, provider, finder or loader is asked by itself; a new job must say here for whom it works.
"""

from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import permissions
from hearth.core.search import search_everything, search_providers
from hearth.core.timeline import load_details, text_finders
from hearth.customers.models import Customer
from hearth.lists.definitions import lists
from hearth.organization.models import OrgUnit
from tests.exports.builders import actor_of, make_export, write
from tests.gates.life import WORD
from tests.organization.builders import make_actor, make_member

# For whom each job works. `system`: at all places, for nobody's eyes; `person`: by the rights of the person who asked,
# as they are when it runs.
JOBS = {
    "person": {
        "exports.write", "lists.change_many", "lists.change_back", "imports.check", "imports.commit",
        "imports.revert", "books.run", "demo.load", "demo.clear", "webhooks.tell_owner",
    },
    "system": {
        "accounts.send_invitation", "accounts.write_of_new_device", "vigilance.mail_of_emergency",
        "api.forget_answers", "audit.prepare_months", "audit.seal_entries",
        "books.end_covers", "books.send_mail", "campaigns.address_members", "campaigns.send_trial",
        "cases.grade_by_age", "cases.notice_breaches", "cases.recompute_all", "cases.recompute_clocks",
        "channels.recover_messages", "channels.send_batch", "core.deliver_events", "core.prepare_event_months",
        "core.retry_stalled_jobs", "customers.gather_strays", "exports.remove_old", "families.weigh_again",
        "group_cases.raise_checks", "group_cases.tell_of_levels", "group_cases.tell_of_overdue",
        "imports.look_for_files", "inventory.lapse_reservations", "inventory.show_prices", "leads.reclaim",
        "imports.pick_up", "insight.nightly_duplicates", "insight.nightly_scoring", "insight.score",
        "insight.search_duplicates", "privacy.erase", "privacy.forget_scores",
        "privacy.let_go", "privacy.remind", "radar.listen", "radar.look",
        "promises.mark_overdue",
        "brokers.expire_registrations",
        "mailroom.fetch", "mailroom.look",
        "payment_reminders.remind", "registers.address_letter", "registers.mail", "registers.raise_due",
        "contract_changes.remind", "registers.tell_of_clocks", "vigilance.forget_reads",
        "vigilance.judge_reading", "vigilance.seal_reads",
        "warehouse.nightly_snapshot", "warehouse.snapshot", "webhooks.forget_deliveries",
        "workspace.forget_looks",
    },
}  # fmt: skip


@pytest.fixture
def group(group_of_life: OrgUnit) -> OrgUnit:
    """The root of the organisation in which the customer lives."""
    return group_of_life


def ids_of(customer: Customer) -> list[Any]:
    """The keys of all rows that belong to a customer, of whatever kind, and of what they hang on."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT id FROM customers_customer UNION SELECT id FROM sales_contract UNION SELECT id FROM cases_case
            UNION SELECT id FROM tasks_task UNION SELECT id FROM properties_unit UNION SELECT id FROM sales_payment
            UNION SELECT id FROM properties_project
        """)
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.requirement("S60")
@pytest.mark.django_db
@pytest.mark.parametrize("key", list(lists))
def test_a_list_and_its_file_hold_nothing_for_the_neighbour(
    key: str, life: Customer, company: OrgUnit, neighbour: OrgUnit, neighbour_actor: Actor
) -> None:
    right = make_actor(company, *permissions)
    ours = set(lists[key].rows(right).values_list("pk", flat=True))

    theirs = set(lists[key].rows(neighbour_actor).values_list("pk", flat=True))
    less = [each for each in permissions if each != lists[key].permission]
    column = next(each.key for each in lists[key].columns_for(neighbour_actor))
    export = write(make_export(make_member(neighbour, *permissions), column, key=key))

    assert ours
    assert ours & theirs == set()
    assert (export.state, export.total_rows) == ("done", 0)
    with pytest.raises(NotAllowed):
        make_export(make_member(company, *less), column, key=key)


@pytest.mark.requirement("S60")
@pytest.mark.django_db
@pytest.mark.parametrize("key", list(search_providers))
def test_a_search_finds_nothing_for_the_neighbour_and_recalls_nothing(
    key: str, life: Customer, company: OrgUnit, neighbour_actor: Actor
) -> None:
    provider, right = search_providers[key], make_actor(company, *permissions)
    texts = [WORD, f"王{WORD}", *lists_of_texts(life)]

    found = [hit for text in texts for hit in provider.find(text, right, 8)]
    foreign = [hit for text in texts for hit in provider.find(text, neighbour_actor, 8)]
    without = make_actor(company, *(each for each in permissions if each != provider.permission))
    refused = [group.label for text in texts for group in search_everything(text, actor=without)]

    assert found
    assert foreign == []
    assert provider.label not in refused
    assert provider.recall(ids_of(life), right)
    assert provider.recall(ids_of(life), neighbour_actor) == {}


def lists_of_texts(customer: Customer) -> list[str]:
    """What the things of a customer are called."""
    texts = [str(contract.number) for contract in customer.contracts.all()]
    for role in customer.unit_roles.select_related("unit__project"):
        texts += [role.unit.project.name, str(role.unit.number), str(role.unit)]
    return texts


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_a_timeline_tells_the_neighbour_nothing(
    life: Customer, company: OrgUnit, neighbour_actor: Actor
) -> None:
    right = make_actor(company, *permissions)
    events = list(EventRecord.objects.filter(customer_id=life.pk))

    told = load_details(events, right)
    foreign = load_details(events, neighbour_actor)

    assert told
    assert {
        event_id: detail for event_id, detail in foreign.items() if WORD in f"{detail.summary}{detail.body}"
    } == {}
    assert not list(EventRecord.objects.visible_to(neighbour_actor).filter(customer_id=life.pk))


@pytest.mark.requirement("S60")
@pytest.mark.django_db
@pytest.mark.parametrize("key", list(text_finders))
def test_words_of_a_timeline_are_not_found_by_the_neighbour(
    key: str, life: Customer, company: OrgUnit, neighbour_actor: Actor
) -> None:
    find = text_finders[key]

    assert find(WORD, [life.pk], make_actor(company, *permissions), 50)
    assert not find(WORD, [life.pk], neighbour_actor, 50)


def test_every_job_says_for_whom_it_works() -> None:
    said = [name for names in JOBS.values() for name in names]
    ours = {name for name in app.tasks if "procrastinate" not in name}

    assert len(said) == len(set(said))
    assert sorted(ours) == sorted(said)


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_a_reader_changes_nothing(life: Customer, company: OrgUnit) -> None:
    """Who holds the rights to see and none to change is offered no act on any list."""
    seeing = [right for right in permissions if right.endswith((".view", ".use", ".run_reports"))]
    reader = actor_of(make_member(company, *seeing))

    offered = {
        key: [action.key for action in definition.extended(reader).actions if action.permission in seeing]
        for key, definition in lists.items()
    }

    assert {key: actions for key, actions in offered.items() if actions} == {}

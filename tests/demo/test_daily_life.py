"""Families, tasks, own fields and saved views of the city in the database, and their removal."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from hearth.accounts.models import User
from hearth.channels.models import Interaction
from hearth.core.actor import Actor
from hearth.core.field_rules import Access
from hearth.core.models import EventRecord
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.objects import custom_objects
from hearth.custom_fields.services import set_custom_values
from hearth.demo.city.desk import MOST_ERRANDS, OWN_FIELDS, TEAM_ERRANDS, VIEWS
from hearth.demo.city.leads import LOST, POOLED, TURN
from hearth.demo.removal import Kept
from hearth.demo.services import clear_demo
from hearth.demo.truth import CityTruth
from hearth.families.models import NeedProfile, Relationship
from hearth.families.selectors import need_history
from hearth.families.services import relate
from hearth.leads.models import Lead
from hearth.lists.models import PinnedView, SavedView
from hearth.organization.models import OrgUnit
from hearth.tasks.models import Task
from hearth.tasks.subscribers import ask_to_answer_a_changed_need
from tests.customers.builders import make_customer
from tests.demo.conftest import NOW
from tests.organization.builders import sign_in

ACTOR = Actor.system("test")
TODAY = NOW.date()
pytestmark = pytest.mark.django_db


def test_the_truths_lead_to_every_relation(truth: CityTruth) -> None:
    rows = Relationship.objects.values_list("kind", "customer_id", "other_id")

    assert {(kind, str(one), str(other)) for kind, one, other in rows} == {
        (tie.kind, tie.id, tie.other_id) for tie in truth.ties
    }
    assert Relationship.objects.filter(kind="contact", other__kind="company").exclude(position="").exists()


def test_the_act_itself_would_have_admitted_every_relation(truth: CityTruth) -> None:
    rows = list(Relationship.objects.select_related("customer", "other").order_by("created_at", "id"))
    Relationship.objects.all().delete()

    for row in rows:
        relate(row.customer, row.other, kind=row.kind, actor=ACTOR, now=NOW, position=row.position)

    assert Relationship.objects.count() == len(rows)


def test_both_sides_are_told_of_a_relation(truth: CityTruth) -> None:
    tie = truth.ties[0]

    told = EventRecord.objects.filter(type="relationship.started", customer_id__in=[tie.id, tie.other_id])

    assert {(str(event.customer_id), event.payload["other_id"]) for event in told} >= {
        (tie.id, tie.other_id),
        (tie.other_id, tie.id),
    }


def test_a_changed_need_has_two_versions_and_becomes_a_task(truth: CityTruth) -> None:
    need = truth.changed_needs[0]
    profile = NeedProfile.objects.filter(customer=UUID(need.id)).newest_first().select_related("customer")[0]

    for event in EventRecord.objects.filter(type="need.changed"):
        ask_to_answer_a_changed_need(event)

    versions = need_history(profile.customer, Access.VISIBLE)
    assert tuple(version.profile.purpose for version in reversed(versions)) == need.purposes
    asked = Task.objects.filter(rule="need_changed", is_sample=True)
    assert {str(task.customer_id) for task in asked} == {each.id for each in truth.changed_needs}
    assert clear_demo(actor=ACTOR, now=NOW).kept == []


def test_each_account_that_works_on_tasks_is_late_with_one_and_has_one_for_today(truth: CityTruth) -> None:
    given = Task.objects.exclude(assignee=None)
    late = set(given.filter(due_date__lt=TODAY).values_list("assignee__username", flat=True))
    today = set(given.filter(due_date=TODAY).values_list("assignee__username", flat=True))

    assert late == today > {"administrator", "customer-manager", "regional-cr-manager", "call-agent"}
    assert Task.objects.waiting_for_a_person().count() == len(TEAM_ERRANDS)
    assert Task.objects.count() <= MOST_ERRANDS


def test_accounts_see_the_customers_of_their_tasks(truth: CityTruth, client: Client) -> None:
    for username in ("regional-cr-manager", "sales-consultant"):
        user = User.objects.get(username=username)
        sign_in(client, user)
        for task in user.tasks.all():
            assert client.get(f"/customers/{task.customer_id}/").status_code == 200


@pytest.mark.parametrize("number", range(len(VIEWS)))
def test_shared_views_open_for_everybody_and_hold_what_they_say(
    truth: CityTruth, client: Client, number: int
) -> None:
    planned = VIEWS[number]
    view = SavedView.objects.get(name=planned.name)
    sign_in(client, User.objects.get(username="city-cr-manager"))

    page = client.get(
        {"customers": "/customers/", "cases": "/cases/"}[view.object_key], {"view": str(view.pk)}
    )

    assert page.status_code == 200
    assert planned.name in page.content.decode()
    assert page.context["state"].ignored == []


def test_some_accounts_keep_the_first_view_in_the_rail(truth: CityTruth) -> None:
    pinned = PinnedView.objects.values_list("user__username", "view__name")

    assert sorted(pinned) == [
        (name, VIEWS[0].name) for name in ("administrator", "city-cr-manager", "customer-manager")
    ]


def test_a_note_is_pinned_above_a_timeline(truth: CityTruth, client: Client) -> None:
    note = Interaction.objects.get(pinned_at__isnull=False)
    sign_in(client, User.objects.get(username="customer-manager"))

    assert note.summary in client.get(f"/customers/{note.customer_id}/overview/").content.decode()
    assert note.summary in client.get(f"/customers/{note.customer_id}/?tab=timeline").content.decode()


def test_own_fields_have_values_of_every_object(truth: CityTruth) -> None:
    definitions = FieldDefinition.objects.values_list("object_code", "key")

    assert sorted(definitions) == sorted((own.object_code, own.key) for own in OWN_FIELDS)
    for own in OWN_FIELDS:
        rows = custom_objects[own.object_code].rows(ACTOR)
        assert rows.filter(custom__has_key=own.key).count() == 10, own.key


def test_a_field_in_which_a_real_customer_has_a_value_stays(truth: CityTruth) -> None:
    customer = make_customer(OrgUnit.objects.get(code="AJ-SZ"))
    described = custom_objects["customer"]
    set_custom_values(described, customer, {"family_size": 4}, actor=ACTOR, now=NOW)

    removal = clear_demo(actor=ACTOR, now=NOW + timedelta(hours=1))

    assert list(FieldDefinition.objects.values_list("key", flat=True)) == ["family_size"]
    assert (
        Kept("custom_fields.fielddefinition", 1, "customers.customer", is_because_real=True) in removal.kept
    )


def test_leads_of_the_city_are_shared_out_pooled_and_lost(truth: CityTruth) -> None:
    sellers = User.objects.filter(username__in=("sales-consultant", "sales-manager"))
    leads = Lead.objects.all()
    by_project: dict[UUID | None, list[str]] = {}
    for lead in leads.exclude(state="won").order_by("id"):
        by_project.setdefault(lead.project_id, []).append(lead.state)

    counted = [(states.count("pooled"), states.count("lost")) for states in by_project.values()]
    turns = [[number % TURN for number in range(len(states))] for states in by_project.values()]

    assert len(by_project) == 2
    assert counted == [(each.count(POOLED), each.count(LOST)) for each in turns]
    assert leads.filter(state="won").exists()
    assert {lead.is_sample for lead in leads} == {True}
    assert set(leads.open().values_list("consultant", flat=True)) <= set(sellers.values_list("pk", flat=True))
    assert leads.due(TODAY).exists()


def test_the_leads_go_with_the_city(truth: CityTruth) -> None:
    clear_demo(actor=ACTOR, now=NOW)

    assert Lead.objects.count() == 0

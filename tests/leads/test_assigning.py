"""Sharing out the leads that arrive: turns, load, and who is away."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import Notification, User
from hearth.core.errors import NotAllowed
from hearth.leads.models import Absence, AssignmentRule, Lead, LeadOwnership
from hearth.leads.services import (
    AbsenceUnclear,
    Arrival,
    CannotTakeLeads,
    NobodyToShare,
    capture_lead,
    end_absence,
    note_absence,
    set_assignment,
)
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.properties.models import Project
from tests.leads.builders import NOW, SYSTEM, TODAY, make_consultant, make_lead, make_manager, make_project
from tests.organization.builders import sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(company: OrgUnit) -> Project:
    return make_project(company)


@pytest.fixture
def people(company: OrgUnit) -> list[User]:
    return [make_consultant(company) for _number in range(3)]


def share(project: Project, people: list[User], way: str = "rotation", **said: bool) -> AssignmentRule:
    """Keep a rule for a project."""
    said.setdefault("is_active", True)
    ids = [person.pk for person in people]
    return set_assignment(project, way=way, user_ids=ids, actor=SYSTEM, now=NOW, **said)


def arrive(project: Project, number: int, *, consultant_id: int | None = None) -> Lead:
    """Have somebody call for a project."""
    arrival = Arrival(
        source="call",
        name=f"客户{number}",
        phone=f"1391234{number:04}",
        project=project,
        consultant_id=consultant_id,
    )
    lead, _is_new = capture_lead(
        arrival, org_unit=project.org_unit, actor=SYSTEM, now=NOW, accepts_duplicates=True
    )
    return lead


def away(person: User, place: OrgUnit, deputy: User | None = None, *, days: int = 3) -> Absence:
    """Note that somebody is away from today on."""
    return note_absence(
        person,
        org_unit=place,
        from_date=TODAY,
        until_date=TODAY + timedelta(days=days),
        deputy=deputy,
        actor=SYSTEM,
        now=NOW,
    )


def test_leads_that_arrive_go_round_and_whoever_gets_one_is_told(
    project: Project, people: list[User]
) -> None:
    share(project, people)

    got = [arrive(project, number).consultant_id for number in range(4)]

    first, second, third = (person.pk for person in people)
    assert got == [first, second, third, first]
    assert Notification.objects.filter(user=people[1]).count() == 1
    periods = LeadOwnership.objects.filter(how="ruled")
    assert periods.filter(way="rotation", open_leads=None, instead_of=None).count() == 4


def test_leads_go_to_who_has_the_fewest_open_ones(project: Project, people: list[User]) -> None:
    share(project, people[:2], "load")
    make_lead(project.org_unit, consultant_id=people[0].pk)
    make_lead(project.org_unit, consultant_id=people[0].pk)

    got = [arrive(project, number) for number in range(3)]

    assert [lead.consultant_id for lead in got] == [people[1].pk, people[1].pk, people[0].pk]
    assert [lead.ownerships.get().open_leads for lead in got] == [0, 1, 2]


def test_who_is_away_is_stood_in_for_or_left_out(project: Project, people: list[User]) -> None:
    first, second, third = people
    share(project, [first, second])
    away(first, project.org_unit, third)
    absence = away(second, project.org_unit)

    lead = arrive(project, 1)
    again = arrive(project, 2)
    end_absence(absence, actor=SYSTEM, now=NOW)
    back = arrive(project, 3)

    assert [each.consultant_id for each in (lead, again, back)] == [third.pk, third.pk, second.pk]
    assert lead.ownerships.get().instead_of == first


def test_who_is_away_from_one_sales_office_may_be_at_another(project: Project, people: list[User]) -> None:
    elsewhere = OrgUnit.objects.get(code="SZ-A")
    share(project, people[:1])
    away(people[0], elsewhere)

    assert arrive(project, 1).consultant_id == people[0].pk


def test_a_lead_stays_nobodys_where_all_are_away_or_no_rule_is_in_force(
    project: Project, people: list[User]
) -> None:
    free = arrive(project, 1)
    share(project, people[:1])
    away(people[0], project.org_unit)
    missed = arrive(project, 2)
    share(project, people[1:], is_active=False)
    paused = arrive(project, 3)

    assert [lead.consultant_id for lead in (free, missed, paused)] == [None, None, None]


def test_who_records_a_lead_for_themselves_keeps_it_and_a_customer_who_came_again_too(
    project: Project, people: list[User]
) -> None:
    share(project, people)

    own = arrive(project, 1, consultant_id=people[2].pk)
    again = arrive(project, 1)

    assert (own.pk, again.consultant_id) == (again.pk, people[2].pk)
    assert not LeadOwnership.objects.filter(how="ruled").exists()


def test_somebody_who_lost_the_right_gets_no_more_leads(project: Project, people: list[User]) -> None:
    share(project, people[:2])
    people[0].memberships.all().delete()

    assert arrive(project, 1).consultant_id == people[1].pk


def test_a_rule_names_people_who_may_work_there(project: Project, people: list[User]) -> None:
    stranger = make_consultant(OrgUnit.objects.get(code="GZ"))
    consultant = actor_for(people[0], today=TODAY)

    with pytest.raises(NobodyToShare):
        share(project, [])
    with pytest.raises(CannotTakeLeads):
        share(project, [stranger])
    with pytest.raises(NotAllowed):
        set_assignment(project, way="load", user_ids=[1], is_active=True, actor=consultant, now=NOW)
    share(project, people)
    with pytest.raises(IntegrityError, match="leads_are_shared_out_among_somebody"), transaction.atomic():
        AssignmentRule.objects.update(user_ids=[])


def test_an_absence_has_days_in_order_and_another_as_deputy(company: OrgUnit, people: list[User]) -> None:
    consultant = actor_for(people[0], today=TODAY)

    with pytest.raises(AbsenceUnclear):
        away(people[0], company, days=-1)
    with pytest.raises(AbsenceUnclear):
        away(people[0], company, people[0])
    with pytest.raises(CannotTakeLeads):
        away(make_consultant(OrgUnit.objects.get(code="GZ")), company)
    with pytest.raises(NotAllowed):
        end_absence(away(people[0], company), actor=consultant, now=NOW)


def test_the_manager_edits_rules_and_absences_and_sees_who_got_what_and_why(
    client: Client, company: OrgUnit, project: Project, people: list[User]
) -> None:
    desk = sign_in(client, make_manager(company))
    first, second, third = people
    today = timezone.localdate()
    given = {"user": first.pk, "from_date": today, "until_date": today, "deputy": third.pk}

    empty = desk.post(reverse("leads:rule", args=[project.pk]), {"way": "rotation"})
    kept = desk.post(
        reverse("leads:rule", args=[project.pk]),
        {"way": "rotation", "user_ids": [first.pk, second.pk], "is_active": "on"},
    )
    refused = desk.post(
        reverse("leads:absence", args=[company.pk]), {**given, "until_date": date(2020, 1, 1)}
    )
    noted = desk.post(reverse("leads:absence", args=[company.pk]), given)
    away(first, company, third)
    arrive(project, 1)
    shown = desk.get(reverse("leads:assignment")).content.decode()

    assert [empty.status_code, kept.status_code] == [422, 303]
    assert [refused.status_code, noted.status_code] == [422, 303]
    assert f"代 {first}" in shown
    assert "轮流分配" in shown
    absence = Absence.objects.get(until_date=today)
    desk.post(reverse("leads:end_absence", args=[absence.pk]))
    assert not Absence.objects.filter(pk=absence.pk).exists()


def test_a_neighbour_sees_and_changes_nothing(client: Client, company: OrgUnit, project: Project) -> None:
    neighbour = sign_in(client, make_manager(OrgUnit.objects.get(code="GZ")))
    person = make_consultant(company)
    share(project, [person])
    absence = away(person, company)

    answers = [
        neighbour.get(reverse("leads:rule", args=[project.pk])).status_code,
        neighbour.get(reverse("leads:absence", args=[company.pk])).status_code,
        neighbour.post(reverse("leads:end_absence", args=[absence.pk])).status_code,
    ]

    assert answers == [404, 404, 404]
    assert str(project) not in neighbour.get(reverse("leads:assignment")).content.decode()


def test_the_page_takes_as_many_queries_for_three_of_each_as_for_one(
    client: Client, company: OrgUnit, people: list[User]
) -> None:
    desk, url = sign_in(client, make_manager(company)), reverse("leads:assignment")

    def add(number: int) -> None:
        project = make_project(company)
        share(project, people)
        arrive(project, number)
        note_absence(
            people[0],
            org_unit=company,
            from_date=timezone.localdate(),
            until_date=timezone.localdate(),
            deputy=people[1],
            actor=SYSTEM,
            now=NOW,
        )

    add(1)
    before = count_queries(desk, url)
    add(2)
    add(3)

    assert count_queries(desk, url) == before

"""Appointments: who may give which role, where, and for how long."""

from datetime import date, datetime

import pytest

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.organization.permissions import CHANGE_ORGANIZATION, CHANGE_ROLE
from hearth.organization.selectors import actor_for
from hearth.organization.services import (
    EndBeforeStart,
    PlaceClosed,
    RoleTooHigh,
    RoleTooWide,
    appoint,
    end_membership,
    sync_roles,
)
from tests.organization.builders import make_actor, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 18)


def role(code: str) -> Role:
    sync_roles()
    return Role.objects.get(code=code)


@pytest.mark.requirement("S42")
def test_an_appointed_person_may_act_at_the_place_and_below_from_that_day(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    user = make_user()

    appoint(user, actor=actor, now=now, role=role("customer_manager"), org_unit=company)

    team = OrgUnit.objects.get(code="SZ-A")
    appointed = actor_for(user, today=TODAY)
    assert appointed.can("cases.change", team.pk)
    assert not appointed.can("cases.change", neighbour.pk)
    assert not actor_for(user, today=date(2026, 3, 17)).can("cases.change")


def test_an_appointment_ends_on_its_day(company: OrgUnit, actor: Actor, now: datetime) -> None:
    user = make_user()

    appoint(
        user,
        actor=actor,
        now=now,
        role=role("call_agent"),
        org_unit=company,
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 3, 18),
    )

    assert actor_for(user, today=date(2026, 3, 17)).can("cases.view")
    assert not actor_for(user, today=TODAY).can("cases.view")


def test_a_second_appointment_to_the_same_role_changes_the_days(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    user, agent = make_user(), role("call_agent")

    appoint(user, actor=actor, now=now, role=agent, org_unit=company)
    appoint(user, actor=actor, now=now, role=agent, org_unit=company, valid_to=date(2026, 6, 1))

    assert Membership.objects.get(user=user).valid_to == date(2026, 6, 1)


def test_a_city_manager_appoints_the_own_team_but_nobody_above(company: OrgUnit, now: datetime) -> None:
    manager = make_actor(company, *role("city_cr_manager").permissions)

    membership = appoint(
        make_user(), actor=manager, now=now, role=role("complaint_handler"), org_unit=company
    )

    assert membership.org_unit == company
    with pytest.raises(RoleTooHigh):
        appoint(make_user(), actor=manager, now=now, role=role("administrator"), org_unit=company)


def test_nobody_gives_away_a_right_they_do_not_hold(company: OrgUnit, now: datetime) -> None:
    clerk = make_actor(company, CHANGE_ORGANIZATION, "core.signed_in")

    with pytest.raises(RoleTooWide):
        appoint(make_user(), actor=clerk, now=now, role=role("sales_consultant"), org_unit=company)


def test_who_decides_on_roles_may_give_any_of_them(group: OrgUnit, company: OrgUnit, now: datetime) -> None:
    administrator = make_actor(group, CHANGE_ORGANIZATION, CHANGE_ROLE)

    membership = appoint(
        make_user(), actor=administrator, now=now, role=role("sales_consultant"), org_unit=company
    )

    assert membership.role.code == "sales_consultant"


def test_a_neighbour_appoints_nobody(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    manager = make_actor(neighbour, *role("city_cr_manager").permissions)

    with pytest.raises(NotAllowed):
        appoint(make_user(), actor=manager, now=now, role=role("call_agent"), org_unit=company)


def test_a_closed_place_and_days_in_disorder_are_refused(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    agent = role("call_agent")
    with pytest.raises(EndBeforeStart):
        appoint(make_user(), actor=actor, now=now, role=agent, org_unit=company, valid_to=TODAY)

    OrgUnit.objects.filter(pk=company.pk).update(is_active=False)
    company.refresh_from_db()

    with pytest.raises(PlaceClosed):
        appoint(make_user(), actor=actor, now=now, role=agent, org_unit=company)


def test_an_appointment_is_ended_today_and_one_of_today_is_taken_back(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    user, agent = make_user(), role("call_agent")
    old = appoint(user, actor=actor, now=now, role=agent, org_unit=company, valid_from=date(2026, 1, 1))
    fresh = appoint(user, actor=actor, now=now, role=role("complaint_handler"), org_unit=company)

    end_membership(old, actor=actor, now=now)
    end_membership(old, actor=actor, now=now)
    end_membership(fresh, actor=actor, now=now)

    assert Membership.objects.get(user=user).valid_to == TODAY
    assert not actor_for(user, today=TODAY).can("cases.view")

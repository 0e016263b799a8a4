"""The roles that ship: complete, in three levels, and never undoing what the group decided."""

from datetime import datetime

import pytest
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import permissions as declared
from hearth.organization.models import OrgUnit, Role
from hearth.organization.permissions import CHANGE_ORGANIZATION, CHANGE_ROLE, CHANGE_SETTING
from hearth.organization.roles import PERSONAL, ROLES
from hearth.organization.selectors import actor_for
from hearth.organization.services import NoSuchRight, RoleTooHigh, appoint, change_role, sync_roles
from hearth.organization.services import set_setting as set_rule
from tests.organization.builders import make_actor, make_user

HELD = {right for role in ROLES for right in role.permissions}
STRATEGY = {
    "segments.change",
    "campaigns.change",
    "campaigns.launch",
    "insight.run",
    "organization.change_roles",
}


def test_every_right_of_a_role_is_declared() -> None:
    assert sorted(HELD - set(declared)) == []


def test_every_declared_right_is_in_a_role() -> None:
    own = {right for right in declared if not right.startswith("test.")}

    assert sorted(own - HELD) == []


def test_everybody_with_a_role_may_open_the_workspace() -> None:
    closed = [role.code for role in ROLES if "core.signed_in" not in role.permissions]

    assert closed == []


def test_the_administrator_does_not_see_personal_data_in_full() -> None:
    (administrator,) = (role for role in ROLES if role.code == "administrator")

    assert sorted(administrator.permissions & PERSONAL) == []


@pytest.mark.requirement("S209")
def test_strategy_is_held_at_the_group_only() -> None:
    below = [role.code for role in ROLES if role.level != "group" and STRATEGY & role.permissions]

    assert below == []


@pytest.mark.requirement("S209")
def test_rules_are_held_at_group_and_region_only() -> None:
    below = [role.code for role in ROLES if role.level == "" and CHANGE_SETTING in role.permissions]

    assert below == []


@pytest.mark.requirement("S209")
@pytest.mark.django_db
def test_group_decides_region_rules_front_line_works(group: OrgUnit, company: OrgUnit, now: datetime) -> None:
    sync_roles()
    region = OrgUnit.objects.get(code="S")
    system = Actor.system()

    def person(code: str, place: OrgUnit) -> Actor:
        user = make_user()
        appoint(user, actor=system, now=now, role=Role.objects.get(code=code), org_unit=place)
        return actor_for(user, today=localdate(now))

    director = person("group_crc_director", group)
    regional = person("regional_cr_manager", region)
    front_line = person("customer_manager", company)
    launch = [actor.can("campaigns.launch", company.pk) for actor in (director, regional, front_line)]
    handle = [actor.can("cases.change", company.pk) for actor in (director, regional, front_line)]

    assert launch == [True, False, False]
    assert handle == [False, True, True]
    set_rule("organization.opens_hour", actor=regional, now=now, org_unit=company, value=8)
    with pytest.raises(NotAllowed):
        set_rule("organization.opens_hour", actor=front_line, now=now, org_unit=company, value=8)


@pytest.mark.requirement("S209")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "place"),
    [("group_crc_director", "S"), ("campaign_manager", "SZ"), ("regional_cr_manager", "SZ")],
)
def test_a_role_is_not_held_below_its_level(
    group: OrgUnit, actor: Actor, now: datetime, code: str, place: str
) -> None:
    sync_roles()

    with pytest.raises(RoleTooHigh):
        appoint(
            make_user(),
            actor=actor,
            now=now,
            role=Role.objects.get(code=code),
            org_unit=OrgUnit.objects.get(code=place),
        )


@pytest.mark.requirement("S42")
@pytest.mark.django_db
def test_all_roles_are_made_once() -> None:
    first, second = sync_roles(), sync_roles()

    assert first == [role.code for role in ROLES]
    assert second == []
    assert Role.objects.count() == len(ROLES)


@pytest.mark.django_db
def test_what_the_group_changed_survives_the_next_migration() -> None:
    sync_roles()
    agent = Role.objects.get(code="call_agent")
    agent.permissions = sorted({*agent.permissions, "sales.view"} - {"cases.change"})
    agent.name_zh = "热线专员"
    agent.shipped = [right for right in agent.shipped if right != "channels.record"]
    agent.permissions.remove("channels.record")
    agent.save()

    changed = sync_roles()

    agent.refresh_from_db()
    assert changed == ["call_agent"]
    assert "channels.record" in agent.permissions  # newly shipped since the last run
    assert "sales.view" in agent.permissions
    assert "cases.change" not in agent.permissions
    assert agent.name_zh == "热线专员"


@pytest.mark.django_db
def test_a_role_is_changed_with_its_event(group: OrgUnit, now: datetime) -> None:
    sync_roles()
    auditor = Role.objects.get(code="auditor")

    change_role(
        auditor, actor=make_actor(group, CHANGE_ROLE), now=now, permissions=["core.signed_in", "sales.change"]
    )

    payload = EventRecord.objects.get(type="organization.role_changed").payload
    assert auditor.permissions == ["core.signed_in", "sales.change"]
    assert payload["added"] == ["sales.change"]


@pytest.mark.django_db
def test_only_who_decides_for_the_whole_group_changes_a_role(
    group: OrgUnit, company: OrgUnit, now: datetime
) -> None:
    sync_roles()
    auditor = Role.objects.get(code="auditor")

    for actor in (make_actor(company, CHANGE_ROLE), make_actor(group, CHANGE_ORGANIZATION)):
        with pytest.raises(NotAllowed):
            change_role(auditor, actor=actor, now=now, permissions=[])


@pytest.mark.django_db
def test_a_right_that_nobody_declared_is_refused(group: OrgUnit, now: datetime) -> None:
    sync_roles()
    auditor = Role.objects.get(code="auditor")

    with pytest.raises(NoSuchRight):
        change_role(auditor, actor=make_actor(group, CHANGE_ROLE), now=now, permissions=["moon.fly"])


def test_whoever_may_be_asked_for_something_sees_tasks() -> None:
    without = [role.code for role in ROLES if "tasks.view" not in role.permissions]

    assert without == ["contractor_user"]

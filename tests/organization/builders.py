"""Organisations and users for tests."""

from datetime import UTC, date, datetime
from itertools import count

from django.test import Client

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.permissions import permissions
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.organization.selectors import actor_for

_numbers = count(1)
DAY = date(2020, 1, 1)


def make_org_unit(
    parent: OrgUnit | None,
    *,
    kind: str = OrgUnit.Kind.CITY_COMPANY,
    code: str = "",
    name: str = "",
    function: str = "",
) -> OrgUnit:
    """Write a unit below another."""
    code = code or f"U{next(_numbers)}"
    unit = OrgUnit.objects.create(
        parent=parent,
        kind=kind,
        function=function,
        code=code,
        name=name or code,
        path=f"?{code}",
        depth=parent.depth + 1 if parent else 0,
    )
    unit.path = f"{parent.path if parent else ''}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


def make_group() -> OrgUnit:
    """Write a group with region `S`, city companies `SZ` and `GZ`, and a project team `SZ-A` in the first."""
    group = make_org_unit(None, kind=OrgUnit.Kind.GROUP, code="G", name="安居集团")
    region = make_org_unit(group, kind=OrgUnit.Kind.REGION, code="S", name="华南区域")
    shenzhen = make_org_unit(region, code="SZ", name="深圳公司")
    make_org_unit(region, code="GZ", name="广州公司")
    make_org_unit(shenzhen, kind=OrgUnit.Kind.PROJECT_TEAM, code="SZ-A", name="金色家园项目部")
    return group


def make_user(*, username: str = "", display_name: str = "") -> User:
    """Write a user without any membership."""
    username = username or f"user{next(_numbers)}"
    user: User = User.objects.create(
        username=username,
        email=f"{username}@hearth.invalid",
        display_name=display_name or username,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return user


def make_member(org_unit: OrgUnit, *rights: str, username: str = "") -> User:
    """Write a user who holds these rights at a place."""
    user = make_user(username=username)
    role = Role.objects.create(
        code=f"role{next(_numbers)}", name_zh="角色", name_en="Role", permissions=list(rights)
    )
    Membership.objects.create(user=user, org_unit=org_unit, role=role, valid_from=DAY)
    return user


def make_user_with_everything(org_unit: OrgUnit) -> User:
    """Write a user who holds every declared right at a place."""
    return make_member(org_unit, *permissions)


def make_actor(org_unit: OrgUnit, *rights: str) -> Actor:
    """Return the actor of a new user who holds these rights at a place."""
    return actor_for(make_member(org_unit, *rights), today=date(2026, 3, 18))


def sign_in(client: Client, user: User) -> Client:
    """Sign a test browser in."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client

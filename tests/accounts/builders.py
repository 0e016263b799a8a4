"""Accounts with passwords, and sign-in as a browser does it."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpResponse
from django.test import Client

from hearth.accounts.models import User
from hearth.accounts.services import create_user
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import Membership, OrgUnit, Role
from tests.organization.builders import DAY

PASSWORD = "jade-lantern-42"
SYSTEM = Actor.system("test")


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 at its lowest cost."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1


def make_account(
    username: str = "lin",
    *,
    email: str = "",
    language: str = "en",
    password: str = PASSWORD,
    org_unit: OrgUnit | None = None,
) -> User:
    """Write an account with a password; at a place it may open the workspace."""
    user = create_user(
        username,
        actor=SYSTEM,
        now=datetime(2026, 1, 1, tzinfo=UTC),
        display_name=username.title(),
        email=email or f"{username}@hearth.invalid",
        password=password,
        language=language,
    )
    if org_unit is not None:
        role, _created = Role.objects.get_or_create(
            code="opens", defaults={"name_zh": "员工", "name_en": "Staff", "permissions": [SIGNED_IN]}
        )
        Membership.objects.create(user=user, org_unit=org_unit, role=role, valid_from=DAY)
    return user


def post_sign_in(
    client: Client, login: str, password: str = PASSWORD, *, address: str = "127.0.0.1"
) -> HttpResponse:
    """Send the sign-in form."""
    values = {"login": login, "password": password}
    response: Any = client.post("/accounts/login/", values, REMOTE_ADDR=address)
    assert isinstance(response, HttpResponse)
    return response


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session

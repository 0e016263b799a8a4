"""One account for each role, so that everybody can look through every pair of eyes."""

import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings

from hearth.accounts.models import User
from hearth.accounts.services import create_user
from hearth.core.actor import Actor
from hearth.demo.city import names
from hearth.demo.city.dice import Dice
from hearth.demo.city.places import COMPANIES, GROUP_CODE, REGIONS
from hearth.demo.loading.organization import Places
from hearth.organization.models import Role
from hearth.organization.services import appoint, sync_roles

# Roles that may be held anywhere, and serve the whole group here.
AT_GROUP = frozenset({"auditor", "survey_analyst"})


def demo_password() -> str:
    """Return the password of the demo accounts: the one the environment sets, or one drawn for this installation.

    The drawn one is kept in a file that only the installation's user can read.
    """
    if given := os.environ.get("HEARTH_DEMO_PASSWORD"):
        return given
    path = Path(settings.VAR) / "demo-password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(12))
    return path.read_text().strip()


def load_accounts(places: Places, *, seed: int, actor: Actor, now: datetime) -> dict[str, User]:
    """Make the accounts, appoint them, and return them by role; a user name that is in use is left alone."""
    sync_roles()
    password, dice = demo_password(), Dice(seed, 5)
    taken = set(User.objects.values_list("username", flat=True))
    users: dict[str, User] = {}
    for role in Role.objects.order_by("code"):
        username = role.code.replace("_", "-")
        if username in taken:
            continue
        user = create_user(
            username,
            display_name=f"{_name(dice)}（{role.name_zh}）",
            email=f"{username}@example.com",
            password=password,
            actor=actor,
            now=now,
            is_sample=True,
            same_password_as=next(iter(users.values()), None),
        )
        appoint(user, role=role, org_unit=places[place_of(role)], actor=actor, now=now)
        users[role.code] = user
    return users


def place_of(role: Role) -> str:
    """Return the code of the place where the account of a role works."""
    if role.level == Role.Level.GROUP or role.code in AT_GROUP:
        return GROUP_CODE
    return REGIONS[0][0] if role.level == Role.Level.REGION else COMPANIES[0].code


def _name(dice: Dice) -> str:
    return dice.weighted(names.SURNAMES) + dice.pick(names.SINGLE_MALE + names.SINGLE_FEMALE)

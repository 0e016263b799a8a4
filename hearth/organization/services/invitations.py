"""Inviting a colleague: an account, a role at a place, and the mail that opens it, in one act."""

from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.services import invite_user
from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit, Role
from hearth.organization.services.memberships import appoint


@transaction.atomic
def invite_colleague(
    username: str,
    *,
    actor: Actor,
    now: datetime,
    display_name: str,
    email: str,
    language: str,
    role: Role,
    org_unit: OrgUnit,
) -> User:
    """Invite a person who holds a role at a place from today; nothing is made where the role is refused.

    :raises NotAllowed: unless the actor manages accounts for the whole group and may change the place
    :raises DomainError: as `invite_user` and `appoint`
    """
    user = invite_user(
        username, actor=actor, now=now, display_name=display_name, email=email, language=language
    )
    appoint(user, actor=actor, now=now, role=role, org_unit=org_unit)
    return user

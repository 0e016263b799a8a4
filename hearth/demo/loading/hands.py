"""The demo accounts as those who act."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.organization.selectors import actor_for


def actor_of_role(users: Mapping[str, User], role: str, now: datetime) -> Actor | None:
    """Return the account of a role with what it may do on that day; None if the demo has no such account."""
    user = users.get(role)
    return actor_for(user, today=localdate(now)) if user else None

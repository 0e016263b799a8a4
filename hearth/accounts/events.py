"""What happens to accounts; each act carries ids only."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class UserCreated(Event):
    type: ClassVar[str] = "accounts.user_created"
    label = _("Account created")
    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserInvited(Event):
    type: ClassVar[str] = "accounts.user_invited"
    label = _("Person invited")
    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserChanged(Event):
    type: ClassVar[str] = "accounts.user_changed"
    label = _("Account changed")
    user_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(Event):
    type: ClassVar[str] = "accounts.user_deactivated"
    label = _("Account deactivated")
    user_id: int


@dataclass(frozen=True, kw_only=True)
class UserReactivated(Event):
    type: ClassVar[str] = "accounts.user_reactivated"
    label = _("Account activated again")
    user_id: int


@dataclass(frozen=True, kw_only=True)
class TokenCreated(Event):
    type: ClassVar[str] = "accounts.token_created"
    label = _("API token created")
    user_id: int
    token_id: int
    can_write: bool


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    type: ClassVar[str] = "accounts.token_revoked"
    label = _("API token revoked")
    user_id: int
    token_id: int

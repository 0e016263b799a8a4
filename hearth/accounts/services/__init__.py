"""Acts on accounts and on the tokens of programs."""

from hearth.accounts.services.invitations import (
    InvitationNotPossible,
    invite_again,
    invite_user,
    may_be_invited,
)
from hearth.accounts.services.notifications import mark_read, notify
from hearth.accounts.services.tokens import (
    BadExpiry,
    TokenNotValid,
    create_token,
    find_token,
    revoke_token,
    user_for_token,
)
from hearth.accounts.services.users import (
    EmailTaken,
    UserNameTaken,
    WeakPassword,
    change_user,
    create_user,
    deactivate_user,
    end_other_sessions,
    end_session,
    reactivate_user,
)

__all__ = [
    "BadExpiry",
    "EmailTaken",
    "InvitationNotPossible",
    "TokenNotValid",
    "UserNameTaken",
    "WeakPassword",
    "change_user",
    "create_token",
    "create_user",
    "deactivate_user",
    "end_other_sessions",
    "end_session",
    "find_token",
    "invite_again",
    "invite_user",
    "mark_read",
    "may_be_invited",
    "notify",
    "reactivate_user",
    "revoke_token",
    "user_for_token",
]

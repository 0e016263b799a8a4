"""`hearth first-account`: the account that opens an empty installation."""

import secrets
from collections.abc import Callable

from django.utils import timezone

from hearth.core.actor import Actor
from hearth.organization.services import AccountsExist, make_first_account

DONE, REFUSED = 0, 1
Echo = Callable[[str], object]


def first_account(*, is_new_only: bool, echo: Echo = print) -> int:
    """Make it and write its name and password once; 1 when there are accounts, 0 if that is expected."""
    password = secrets.token_urlsafe(12)
    try:
        user = make_first_account(actor=Actor.system("first run"), now=timezone.now(), password=password)
    except AccountsExist as refusal:
        if not is_new_only:
            echo(str(refusal))
        return DONE if is_new_only else REFUSED
    echo(f"First account: user name {user.username}, password {password}")
    echo("The password is not kept anywhere; change it once you have signed in.")
    return DONE

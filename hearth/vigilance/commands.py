"""What the command line does with the account for an emergency."""

from collections.abc import Callable

from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.vigilance.emergency import seal_account

Echo = Callable[[str], object]
DONE = 0


def make_emergency_account(*, echo: Echo = print) -> int:
    """Make the account, or seal it again, and write its name and password once."""
    user, password = seal_account(actor=Actor.system("emergency account"), now=timezone.now())
    echo(f"Account for an emergency: user name {user.username}, password {password}")
    echo("It is kept nowhere. Print it, seal it in an envelope, and note who may open it. It works once.")
    return DONE


def show_emergency_account(*, echo: Echo = print) -> int:
    """Say whether there is one, and whether it is sealed."""
    user = User.objects.filter(is_for_emergency=True).first()
    if user is None:
        echo("There is no account for an emergency. Make one: hearth emergency-account make")
    elif user.has_usable_password():
        echo(f"The account {user.username} is sealed; last used: {user.last_login or 'never'}.")
    else:
        echo(f"The account {user.username} was opened at {user.last_login}. Seal it again: make.")
    return DONE

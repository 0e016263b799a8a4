"""`hearth check ownership`: is anything open without somebody in charge?"""

from collections.abc import Callable

from django.utils import timezone

from hearth.books.selectors import count_without_owner
from hearth.core.actor import Actor

FINE, UNOWNED = 0, 1
Echo = Callable[[str], object]


def check_ownership(*, echo: Echo = print) -> int:
    """Write what has no owner, kind by kind; 0 when nothing is without, else 1."""
    counted = count_without_owner(Actor.system("check"), today=timezone.localdate())
    for unowned in counted:
        echo(f"{unowned.number:>9,}  {unowned.holding.label}")
    return UNOWNED if any(unowned.number for unowned in counted) else FINE

"""The clocks of group complaints."""

from django.utils import timezone

from hearth.core.jobs import periodic
from hearth.group_cases.services import tell_of_levels


@periodic("group_cases.tell_of_levels", cron="* * * * * */15")
def tell(timestamp: int) -> None:
    """Tell, every fifteen seconds, those above who are to be told of a group complaint now."""
    tell_of_levels(now=timezone.now())

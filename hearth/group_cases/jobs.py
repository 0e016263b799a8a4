"""The clocks of group complaints, and the checks that their reviews raise elsewhere."""

from uuid import UUID

from django.utils import timezone

from hearth.core.jobs import job, periodic
from hearth.group_cases.services import raise_checks, tell_of_levels, tell_of_overdue


@periodic("group_cases.tell_of_levels", cron="* * * * * */15")
def tell(timestamp: int) -> None:
    """Tell, every fifteen seconds, those above who are to be told of a group complaint now."""
    tell_of_levels(now=timezone.now())


@periodic("group_cases.tell_of_overdue", cron="*/10 * * * *")
def tell_overdue(timestamp: int) -> None:
    """Look every ten minutes for promises, steps of plans and reviews that are overdue."""
    tell_of_overdue(now=timezone.now())


@job("group_cases.raise_checks")
def raise_checks_of(*, group_id: str, reach: str) -> None:
    """Ask the other projects within reach to check; the system does, as they are places of others."""
    raise_checks(UUID(group_id), reach, now=timezone.now())

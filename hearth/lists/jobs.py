"""Changes of many rows, worked through in the background with the rights of who asked, as they are then."""

from uuid import UUID

from django.utils import timezone

from hearth.core.actor import Actor
from hearth.core.attribution import working_for
from hearth.core.jobs import job
from hearth.lists.models import BulkRun
from hearth.lists.services.bulk import work_back, work_through
from hearth.organization.selectors import actor_for


@job("lists.change_many")
def change_many(*, run_id: str) -> None:
    """Change the rows of a run that still wait."""
    run = BulkRun.objects.select_related("created_by").get(pk=UUID(run_id))
    actor = _actor(run)
    with working_for(actor):
        work_through(run, actor=actor, now=timezone.now())


@job("lists.change_back")
def change_back(*, run_id: str) -> None:
    """Take back the rows of a run that still stand."""
    run = BulkRun.objects.select_related("created_by").get(pk=UUID(run_id))
    actor = _actor(run)
    with working_for(actor):
        work_back(run, actor=actor, now=timezone.now())


def _actor(run: BulkRun) -> Actor:
    """Return who asked; a person who may no longer sign in holds no right, so that every row is refused."""
    if not run.created_by.is_active:
        return Actor(run.created_by_id, str(run.created_by))
    return actor_for(run.created_by, today=timezone.localdate())

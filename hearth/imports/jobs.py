"""The long steps of an import, queued."""

from uuid import UUID

from django.utils import timezone

from hearth.core.jobs import job, periodic
from hearth.imports.models import ImportJob
from hearth.imports.services import check_file, commit_file, revert_file
from hearth.imports.services.reverting import told_if_interrupted
from hearth.imports.services.sources import pick_up_files, queue_due_sources
from hearth.imports.services.steps import actor_of_user


@job("imports.check", queue="imports", retry=False)
def check(*, job_id: str, user_id: int | None, rights: list[str] | None = None) -> None:
    """Check one file for the user who asked."""
    found = ImportJob.objects.get(pk=UUID(job_id))
    check_file(found, actor=actor_of_user(user_id, rights), now=timezone.now())


@job("imports.commit", queue="imports", retry=False)
def commit(*, job_id: str, user_id: int | None, rights: list[str] | None = None) -> None:
    """Write one file for the user who asked; repeated after a crash, and goes on behind the last batch."""
    found = ImportJob.objects.get(pk=UUID(job_id))
    commit_file(found, actor=actor_of_user(user_id, rights), now=timezone.now())


@job("imports.revert", queue="imports", retry=False)
def revert(*, job_id: str, user_id: int | None, rights: list[str] | None = None) -> None:
    """Take one file back for the user who asked; repeated after a crash, and goes on with the rows that are left."""
    found, now = ImportJob.objects.get(pk=UUID(job_id)), timezone.now()
    # Who asked may be gone meanwhile: somebody else must see that the work stands still.
    with told_if_interrupted(found, now=now):
        revert_file(found, actor=actor_of_user(user_id, rights), now=now)


@job("imports.pick_up", queue="imports", retry=False)
def pick_up(*, source_id: str) -> None:
    """Import what waits in one folder; repeated after a crash, and nothing comes in twice."""
    pick_up_files(UUID(source_id), now=timezone.now())


@periodic("imports.look_for_files", cron="* * * * *")
def look_for_files(timestamp: int) -> None:
    """Queue the folders whose time has come."""
    queue_due_sources(now=timezone.now())

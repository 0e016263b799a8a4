"""What receiving, checking and committing have in common."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.imports.errors import UnknownKind, WrongImportState
from hearth.imports.kinds import ImportContext, ImportKind, import_kinds
from hearth.imports.models import ImportIssue, ImportJob
from hearth.imports.permissions import RUN_IMPORT
from hearth.imports.reading import Issue, plain_params
from hearth.lib.errors import Refusal
from hearth.organization.selectors import actor_for

KEPT_ISSUES = 1_000
State = ImportJob.State


def kind_of(code: str) -> ImportKind:
    """Return a kind of import.

    :raises UnknownKind: if no app takes it
    """
    kind = import_kinds.get(code)
    if kind is None:
        raise UnknownKind("kind")
    return kind.whole()


def require_rights(actor: Actor, kind: ImportKind, org_unit_id: int) -> None:
    """Demand the right to import and the right that the kind itself asks for, at the place.

    :raises NotAllowed: if one is missing
    """
    actor.require(RUN_IMPORT, org_unit_id)
    actor.require(kind.permission, org_unit_id)


def lock_job(job: ImportJob, *, states: Sequence[str]) -> ImportJob:
    """Lock the row of an import and return it as it stands now; call it inside a transaction.

    :raises WrongImportState: if it is at another step
    """
    locked = ImportJob.objects.select_for_update(of=("self",)).select_related("source_file", "org_unit")
    current = locked.get(pk=job.pk)
    if current.state not in states:
        raise WrongImportState(state=current.get_state_display())
    return current


def lock_name(job: ImportJob) -> str:
    """Name what the queued steps of one import hold, so that no two of them run at a time."""
    return f"imports.job {job.pk}"


def context_of(job: ImportJob, kind: ImportKind, *, actor: Actor, now: datetime) -> ImportContext:
    """Say for whom and where a file is loaded; an option that was not answered keeps its default."""
    options = {option.name: bool(job.options.get(option.name, option.default)) for option in kind.options}
    importing = Actor(actor.user_id, actor.name, actor.scopes, kind="import", is_system=actor.is_system)
    return ImportContext(job.pk, job.org_unit, importing, now, options)


def asked_by(actor: Actor) -> dict[str, Any]:
    """Say in what is queued for whom it runs: a program that was lent some rights keeps to them."""
    return {"user_id": actor.user_id, "rights": sorted(actor.scopes) if actor.is_narrowed else None}


def actor_of_user(user_id: int | None, rights: Collection[str] | None = None) -> Actor:
    """Build the actor for whom a queued step runs, with the rights of this very moment, no more than those lent.

    :raises NotAllowed: if the user may no longer sign in
    """
    if user_id is None:
        return Actor.system("import", kind="import")
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotAllowed(permission=RUN_IMPORT)
    actor = actor_for(user, today=timezone.localdate(), kind="import")
    return actor if rights is None else actor.narrowed_to(rights)


def replace_issues(job: ImportJob, issues: Sequence[Issue]) -> None:
    """Store the first thousand issues of a file in place of those of an earlier check; two queries."""
    job.issues.all().delete()
    ImportIssue.objects.bulk_create(
        ImportIssue(
            job=job,
            row=issue.row,
            column=issue.column[:200],
            code=issue.code,
            params=dict(issue.params),
            is_warning=issue.is_warning,
        )
        for issue in issues[:KEPT_ISSUES]
    )


def note_refusal(job: ImportJob, error: Refusal, *, now: datetime) -> None:
    """Keep the code and parameters of a file that cannot be used."""
    job.state = State.FAILED
    job.error_code, job.error_params = f"file.{error.code}"[:60], plain_params(error.params)
    job.updated_at = now


def name_of(user: User | None) -> str:
    """Return who acted, also where it was the command line."""
    return str(user) if user else gettext("the system")

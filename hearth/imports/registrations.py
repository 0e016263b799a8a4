"""The place of imports in the rail."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.audit.coverage import leave_unwatched
from hearth.core.activity import Activity, activity_readers, percent_of
from hearth.core.actor import Actor
from hearth.core.navigation import Place, Section, register_place
from hearth.core.sealed_places import bound_elsewhere, sealed_inside
from hearth.imports.models import BEFORE, ImportIssue, ImportJob, ImportRow, renew_before
from hearth.imports.permissions import CHANGE_SOURCE, RUN_IMPORT
from hearth.imports.selectors import RUNNING, imports_for, line_of

MOST_SHOWN = 5

bound_elsewhere.register(BEFORE, "record_id")
sealed_inside.register(BEFORE, renew_before)

register_place(Place(_("Imports"), "upload", "imports:list", RUN_IMPORT, order=10, section=Section.DATA))
register_place(
    Place(
        _("Import a file"),
        "upload",
        "imports:new",
        RUN_IMPORT,
        order=10,
        section=Section.DATA,
        is_creation=True,
    )
)
register_place(
    Place(
        _("Pick-ups"),
        "download",
        "imports:sources",
        CHANGE_SOURCE,
        order=11,
        section=Section.DATA,
        is_in_rail=False,
    )
)
register_place(
    Place(
        _("Remembered columns"),
        "table",
        "imports:mappings",
        RUN_IMPORT,
        order=12,
        section=Section.DATA,
        is_in_rail=False,
    )
)


def _running_imports(actor: Actor, since: datetime) -> Sequence[Activity]:
    """Return the files a person had checked, written or taken back; one query."""
    over = {ImportJob.State.DONE: "done", ImportJob.State.REVERTED: "done", ImportJob.State.FAILED: "failed"}
    own = imports_for(actor).filter(created_by_id=actor.user_id)
    found = own.filter(state__in=RUNNING) | own.filter(state__in=over, updated_at__gte=since)
    return [
        Activity(
            label=line_of(job).kind_label,
            words=line_of(job).state_label,
            url=reverse("imports:detail", args=[job.pk]),
            percent=percent_of(job.processed_rows, job.total_rows),
            outcome=over.get(ImportJob.State(job.state), ""),
        )
        for job in found.order_by("-created_at", "-id")[:MOST_SHOWN]
    ]


activity_readers.register("imports", _running_imports)

leave_unwatched(
    ImportRow, because="What an import did to each row, written by the import; it is a log itself."
)
leave_unwatched(ImportIssue, because="What was wrong in a file, written once.")

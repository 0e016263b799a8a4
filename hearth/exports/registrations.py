"""What exports offer: a place in the rail, and the tool of every list."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.audit.coverage import leave_unwatched
from hearth.core.activity import Activity, activity_readers, percent_of
from hearth.core.actor import Actor
from hearth.core.navigation import Place, Section, register_place
from hearth.exports.models import Export, ExportedRows
from hearth.exports.permissions import APPROVE_EXPORT, EXPORT, VIEW_EXPORTS
from hearth.lists.tools import ListTool, list_tools

register_place(Place(_("My exports"), "file-export", "exports:list", EXPORT, order=20, section=Section.DATA))
register_place(
    Place(_("All exports"), "file-export", "exports:all", VIEW_EXPORTS, order=21, section=Section.DATA)
)
register_place(
    Place(
        _("Exports to approve"),
        "checks",
        "exports:approvals",
        APPROVE_EXPORT,
        order=22,
        section=Section.DATA,
    )
)
list_tools.register("export", ListTool(_("Export…"), "file-export", EXPORT, "exports:new"))


MOST_SHOWN = 5
State = Export.State


def _running_exports(actor: Actor, since: datetime) -> Sequence[Activity]:
    """Return the files that are being written for a person, and those that ended lately; one query."""
    over = {State.DONE: "done", State.FAILED: "failed"}
    lately = Q(state__in=over, updated_at__gte=since)
    own = Export.objects.filter(created_by_id=actor.user_id)
    found = own.filter(Q(state__in=[State.WAITING, State.RUNNING]) | lately).order_by("-id")
    return [
        Activity(
            label=export.name,
            words=export.get_state_display(),
            url=reverse("exports:detail", args=[export.pk]),
            percent=percent_of(export.written_rows, export.total_rows),
            outcome=over.get(State(export.state), ""),
        )
        for export in found[:MOST_SHOWN]
    ]


activity_readers.register("exports", _running_exports)
leave_unwatched(ExportedRows, because="A log itself: which rows a file held.")

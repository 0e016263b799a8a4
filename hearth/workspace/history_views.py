"""The history of a record on a page of its own, whichever list it stands in."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from hearth.audit.permissions import VIEW_AUDIT
from hearth.core.htmx import page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown
from hearth.lists.definitions import lists
from hearth.workspace.histories import find_record, history_of

READS = "reads"


@requires(VIEW_AUDIT)
def history(request: HttpRequest, key: str, record_id: UUID) -> HttpResponse:
    """Who changed a record, or who was shown it."""
    actor = actor_of(request)
    if key not in lists:
        raise Http404
    actor.require(lists[key].permission)
    row = find_record(key, record_id, actor)
    if row is None:
        raise Http404
    tell_shown(request, row.pk if key == "customers" else getattr(row, "customer_id", None))
    of_reads = request.GET.get("show") == READS
    found = history_of(key, row, actor, of_reads=of_reads, cursor=request.GET.get("cursor", ""))
    context = {"history": found, "list_key": key, "show_reads": of_reads and found.has_reads}
    return page(request, "workspace/history.html", context, parts={"history"})

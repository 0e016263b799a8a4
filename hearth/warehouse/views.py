"""The page of snapshots."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.extracts import extracts
from hearth.core.htmx import go_to, page
from hearth.core.pages import keyset_page
from hearth.core.permissions import actor_of, requires
from hearth.warehouse.models import Snapshot
from hearth.warehouse.permissions import TAKE_SNAPSHOT, VIEW_SNAPSHOT
from hearth.warehouse.services import start_snapshot


@requires(VIEW_SNAPSHOT)
def snapshots(request: HttpRequest) -> HttpResponse:
    """The list of snapshots, newest first; it renews itself while one is being taken."""
    found = keyset_page(
        Snapshot.objects.all(), order="-taken_at", cursor=request.GET.get("cursor", ""), limit=20
    )
    context = {
        "found": found,
        "is_running": any(snapshot.is_unfinished for snapshot in found.rows),
        "table_count": len(extracts),
        "may_take": actor_of(request).can(TAKE_SNAPSHOT),
    }
    return page(request, "warehouse/snapshots.html", context, parts={"snapshots"})


@requires(TAKE_SNAPSHOT, methods=("POST",))
def take(request: HttpRequest) -> HttpResponse:
    """Queue a snapshot."""
    try:
        start_snapshot(actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, gettext("The snapshot is being taken."))
    return go_to(request, reverse("warehouse:snapshots"))

"""The bell in the top bar: what a person is told."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from hearth.accounts.models import Notification
from hearth.accounts.selectors import notification_page, unread_count
from hearth.accounts.services import mark_read
from hearth.core.activity import activities_of
from hearth.core.htmx import is_part_request, page
from hearth.core.navigation import waiting_for
from hearth.core.permissions import SIGNED_IN, actor_of, requires

SHOWN_UNDER_THE_BELL = 8


@requires(SIGNED_IN)
def bell(request: HttpRequest) -> HttpResponse:
    """The numbers that change by themselves: what is unread, and what waits at the places of the rail."""
    actor = actor_of(request)
    context = {
        "unread": unread_count(actor),
        "waiting": waiting_for(actor),
        "activities": activities_of(actor, now=timezone.now()),
    }
    return page(request, "accounts/bell.html", context)


@requires(SIGNED_IN)
def activity(request: HttpRequest) -> HttpResponse:
    """What runs in the background for the person, asked again every few seconds for as long as something runs."""
    context = {"activities": activities_of(actor_of(request), now=timezone.now())}
    return page(request, "accounts/activity.html", context)


@requires(SIGNED_IN)
def notifications(request: HttpRequest) -> HttpResponse:
    """What the person was told, as the menu under the bell or as a page."""
    as_menu = is_part_request(request) and request.headers.get("HX-Target") == "bell-menu"
    found = notification_page(
        actor_of(request),
        cursor=request.GET.get("cursor", ""),
        limit=SHOWN_UNDER_THE_BELL if as_menu else 50,
    )
    template = "accounts/bell_menu.html" if as_menu else "accounts/notifications.html"
    return page(request, template, {"found": found}, parts={"notifications"})


@requires(SIGNED_IN, methods=("POST",))
def open_notification(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark one as read and go where it leads."""
    row = get_object_or_404(Notification.objects.visible_to(actor_of(request)), pk=pk)
    mark_read(actor_of(request), now=timezone.now(), notification=row)
    return redirect(row.url)


@requires(SIGNED_IN, methods=("POST",))
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    mark_read(actor_of(request), now=timezone.now())
    return redirect("accounts:notifications")

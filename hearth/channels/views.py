"""Noting contacts, and watching what the system sends."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.channels.models import Attachment, Interaction, Message
from hearth.channels.permissions import RECORD_INTERACTION, SEND_MESSAGE, VIEW_INTERACTION
from hearth.channels.selectors import message_page
from hearth.channels.services.composing import pin_contact, unpin_contact
from hearth.channels.services.messages import send_again
from hearth.channels.services.sensitive import mark_sensitive, reveal_note, unmark_sensitive
from hearth.core.htmx import go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.views.revealing import answer_reveal


@requires(RECORD_INTERACTION, methods=("POST",))
def pin(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    """Pin an entry above the timeline, or unpin it where it is pinned."""
    actor = actor_of(request)
    row = get_object_or_404(Interaction.objects.visible_to(actor), pk=interaction_id)
    act = unpin_contact if row.pinned_at else pin_contact
    act(row, actor=actor, now=timezone.now())
    return _told(request, row)


@requires(RECORD_INTERACTION, methods=("POST",))
def mark(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    """Mark an entry sensitive, or take the mark back where it has one."""
    actor = actor_of(request)
    row = get_object_or_404(Interaction.objects.visible_to(actor), pk=interaction_id)
    act = unmark_sensitive if row.is_sensitive else mark_sensitive
    act(row, actor=actor, now=timezone.now())
    return _told(request, row)


@requires(VIEW_INTERACTION, methods=("POST",))
def reveal(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    """The words of a sensitive entry, once a reason is given; the service asks for the right."""
    actor, now = actor_of(request), timezone.now()
    row = get_object_or_404(
        Interaction.objects.visible_to(actor).select_related("customer"), pk=interaction_id
    )
    return answer_reveal(request, lambda reason: reveal_note(row, reason=reason, actor=actor, now=now))


def _told(request: HttpRequest, row: Interaction) -> HttpResponse:
    """Have the timeline read again, or lead to it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": "hearth:recorded"})
    return go_to(request, reverse("workspace:customer", args=[row.customer_id]))


@requires(VIEW_INTERACTION)
def file(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """Give a file of a contact; it is saved, never shown inside the site."""
    kept = Attachment.objects.visible_to(actor_of(request)).select_related("stored")
    row = get_object_or_404(kept, pk=attachment_id)
    return FileResponse(
        row.stored.file.open("rb"), as_attachment=True, filename=row.stored.name, content_type=row.media_type
    )


@requires(VIEW_INTERACTION)
def messages(request: HttpRequest) -> HttpResponse:
    """List what the system sends and sent."""
    state = request.GET.get("state", "")
    state = state if state in Message.State.values else ""
    found = message_page(actor_of(request), state=state, cursor=request.GET.get("cursor", ""))
    context = {"page": found, "state": state, "states": Message.State.choices}
    return page(request, "channels/messages.html", context, parts={"messages"})


@requires(SEND_MESSAGE, methods=("POST",))
def repeat_message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Send an unconfirmed message again, because a person decided so."""
    message = get_object_or_404(Message.objects.visible_to(actor_of(request)), pk=message_id)
    send_again(message, actor=actor_of(request), now=timezone.now())
    return go_to(request, f"{reverse('channels:messages')}?state={Message.State.UNCONFIRMED}")

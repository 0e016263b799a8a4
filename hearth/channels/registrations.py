"""What contacts give to imports, analysis and timelines."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.channels.imports import INTERACTIONS
from hearth.channels.models import Attachment, Interaction, Message
from hearth.channels.permissions import CHANGE_TEMPLATE, RECORD_INTERACTION, SEND_MESSAGE
from hearth.channels.wording import Words, words_for
from hearth.core.actor import Actor
from hearth.core.extracts import Extract, register_extract
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.timeline import Detail, text_finders, timeline_detail
from hearth.customers.following import rows_follow
from hearth.imports.kinds import register_import_kind

register_import_kind(INTERACTIONS)
register_place(
    Place(_("Messages"), "mail", "channels:messages", SEND_MESSAGE, order=40, section=Section.ACTION)
)
register_place(
    Place(
        _("Text templates"),
        "template",
        "channels:templates",
        CHANGE_TEMPLATE,
        order=25,
        section=Section.SETTINGS,
    )
)

register_extract(
    Extract(
        name="contacts",
        sql="""
            SELECT customer_id::text, occurred_at, channel, direction, org_unit_id
            FROM channels_interaction
        """,
        columns={
            "customer_id": "string",
            "occurred_at": "timestamp('UTC')",
            "channel": "string",
            "direction": "string",
            "org_unit_id": "int64",
        },
        customer_column="customer_id",
    )
)


@timeline_detail("channels.interaction_recorded")
def contact_details(events: Sequence[EventRecord], actor: Actor) -> dict[UUID, Detail]:
    """Say what was noted, with its files; two queries."""
    wanted = {event.subject_id for event in events if event.subject_id}
    rows = Interaction.objects.visible_to(actor).filter(pk__in=wanted).in_bulk()
    readable = [row for row in rows.values() if (words := words_for(row, actor)) and not words.is_masked]
    files: dict[UUID, list[tuple[str, str]]] = {}
    for file in Attachment.objects.filter(interaction__in=readable).select_related("stored").order_by("id"):
        link = file.stored.name, reverse("channels:file", args=[file.pk])
        files.setdefault(file.interaction_id, []).append(link)
    return {
        event.id: _contact(row, words, files.get(row.pk, []), actor)
        for event in events
        if event.subject_id and (row := rows.get(event.subject_id)) and (words := words_for(row, actor))
    }


def _contact(row: Interaction, words: Words, links: Sequence[tuple[str, str]], actor: Actor) -> Detail:
    may_pin = actor.can(RECORD_INTERACTION, row.org_unit_id)
    return Detail(
        f"{row.get_channel_display()} · {words.summary}",
        body=words.body,
        links=links,
        pin_url=reverse("channels:pin", args=[row.pk]) if may_pin else "",
        is_pinned=row.pinned_at is not None,
        is_internal=row.direction == Interaction.Direction.INTERNAL,
        reveal_url=reverse("channels:reveal", args=[row.pk]) if words.may_reveal else "",
        mark_url=reverse("channels:mark", args=[row.pk]) if may_pin and not words.is_masked else "",
        is_sensitive=row.is_sensitive,
    )


def find_contacts(query: str, customer_ids: Sequence[UUID], actor: Actor, limit: int) -> Collection[UUID]:
    """Find what was noted of some customers by a part of its text, the newest first; nothing that is sensitive."""
    said = Q(summary__icontains=query) | Q(body__icontains=query)
    rows = Interaction.objects.visible_to(actor).filter(said, customer_id__in=customer_ids)
    return rows.order_by("-occurred_at", "-id").values_list("id", flat=True)[:limit]


text_finders.register("contacts", find_contacts)


@timeline_detail("channels.message_sent", "channels.message_not_sent", "channels.message_repeated")
def message_details(events: Sequence[EventRecord], actor: Actor) -> dict[UUID, Detail]:
    """Say which message it was; one query."""
    wanted = {event.subject_id for event in events if event.subject_id}
    rows = Message.objects.visible_to(actor).filter(pk__in=wanted).defer("recipient_sealed").in_bulk()
    return {
        event.id: Detail(f"{row.subject} · {row.get_state_display()}", body=row.body)
        for event in events
        if event.subject_id and (row := rows.get(event.subject_id))
    }


rows_follow(Interaction, "customer")
rows_follow(Message, "customer")

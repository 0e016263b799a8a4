"""What families offer to the rail and the timeline."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.profiling import no_score
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow
from hearth.customers.models import Customer
from hearth.customers.permissions import STATE_ORIGIN
from hearth.families import import_kind
from hearth.families.events import NeedChanged, RelationshipEnded, RelationshipStarted
from hearth.families.models import NeedProfile, Relationship
from hearth.families.selectors import words_of_need_fields
from hearth.families.words import direction_word
from hearth.imports.kinds import register_import_kind

register_place(
    Place(
        label=_("Blocked data"),
        icon="lock",
        url_name="families:blocked",
        permission=STATE_ORIGIN,
        order=60,
        section=Section.SETTINGS,
    )
)
register_import_kind(import_kind.RELATIONSHIPS)


@timeline_detail(NeedChanged.type)
def describe_need_changes(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name what somebody now wants differently; no query."""
    return {event.id: Detail(words_of_need_fields(event.payload.get("fields", []))) for event in events}


@timeline_detail(RelationshipStarted.type, RelationshipEnded.type)
def describe_relationships(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name who the other one is and what they are, where the reader may see them; one query."""
    wanted = {event.payload["other_id"] for event in events}
    visible = Customer.objects.visible_to(actor).filter(pk__in=wanted)
    names = {str(pk): name for pk, name in visible.values_list("pk", "name")}
    return {
        event.id: Detail(
            f"{direction_word(event.payload['kind'], is_reversed=event.payload['is_reversed'])} · "
            f"{names[event.payload['other_id']]}"
        )
        for event in events
        if event.payload["other_id"] in names
    }


rows_follow(NeedProfile, "customer")
rows_follow(Relationship, "customer")
rows_follow(Relationship, "other")
no_score("families.NeedProfile.value_ratings", because="What the person said of their own wishes.")

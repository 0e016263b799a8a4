"""What the command palette offers on segments."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.palette import Command, Group, Spot, offers
from hearth.segments.models import Segment
from hearth.segments.permissions import CHANGE_SEGMENT


@offers(Group.DO, page="segments:segment")
def on_a_segment(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Change the rule, or count now; one query."""
    segment = Segment.objects.visible_to(actor).filter(pk=spot.record_id).first()
    if segment is None:
        return []
    count = Command(_("Count now"), "users-group", post=reverse("segments:count", args=[segment.pk]))
    if not actor.can(CHANGE_SEGMENT, segment.org_unit_id):
        return [count]
    return [Command(_("Edit"), "pencil", url=reverse("segments:edit", args=[segment.pk]), keys="e"), count]

"""What follows from a new snapshot."""

import logging

from hearth.core.actor import Actor
from hearth.core.events import subscribe
from hearth.core.models import EventRecord
from hearth.segments.models import Segment
from hearth.segments.rules import RuleError
from hearth.segments.services import note_size
from hearth.warehouse.events import SnapshotTaken
from hearth.warehouse.models import Snapshot

logger = logging.getLogger(__name__)


@subscribe(SnapshotTaken)
def note_sizes(event: EventRecord) -> None:
    """Count every segment anew; one whose rule no longer makes sense does not stop the others."""
    snapshot = Snapshot.objects.done().filter(pk__in=[event.subject_id]).first()
    if snapshot is None:
        return
    for segment in Segment.objects.select_related("org_unit").order_by("id"):
        try:
            note_size(segment, snapshot, actor=Actor.system("segments"), now=event.recorded_at)
        except RuleError as error:
            logger.warning("Segment %s was not counted: %s at %s", segment.pk, error.reason, error.path)

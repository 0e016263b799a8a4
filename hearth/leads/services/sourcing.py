"""By what way a lead came, where that is known only after it was recorded."""

from datetime import datetime

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.leads.events import LeadSourceStated
from hearth.leads.models import Lead
from hearth.leads.permissions import CHANGE_LEAD
from hearth.leads.services.steps import about, lock_lead


@transaction.atomic
def state_source(lead: Lead, *, source: str, detail: str, actor: Actor, now: datetime) -> Lead:
    """Say by what way a lead came; the same again changes nothing.

    :raises NotAllowed: if the actor may not record leads at the place
    """
    actor.require(CHANGE_LEAD, lead.org_unit_id)
    locked = lock_lead(lead)
    tidy = " ".join(detail.split())[:120]
    if (locked.source, locked.source_detail) == (source, tidy):
        return locked
    before = locked.source
    locked.source, locked.source_detail, locked.updated_at = source, tidy, now
    locked.save(update_fields=["source", "source_detail", "updated_at"])
    record(LeadSourceStated(**about(locked), before=before, source=source), actor=actor, now=now)
    return locked

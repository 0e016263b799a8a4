"""Adding reasons why leads are lost, and changing them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.leads.events import LossReasonChanged
from hearth.leads.models import LossReason
from hearth.leads.services.moving import require_pipeline


class GroupWithReasons(InvalidInput):
    """A group that holds reasons is no reason of another group: there are two levels."""

    code = "group_with_reasons"
    message = pgettext_lazy(
        "loss", "There are two levels: a group that holds reasons cannot go into another."
    )


@transaction.atomic
def keep_loss_reason(reason: LossReason, *, actor: Actor, now: datetime) -> LossReason:
    """Keep a reason that was added or changed; leads that have it have it still.

    :raises NotAllowed: unless the actor may change reasons for the whole group
    :raises GroupWithReasons: if it would make a third level
    """
    require_pipeline(actor)
    parent = LossReason.objects.filter(pk=reason.parent_id).first() if reason.parent_id else None
    if parent and (parent.parent_id or (reason.pk and LossReason.objects.filter(parent=reason).exists())):
        raise GroupWithReasons("parent")
    reason.save()
    record(LossReasonChanged(reason=reason.code, is_active=reason.is_active), actor=actor, now=now)
    return reason

"""Telling the handler of a case that its repairs are done."""

from datetime import datetime

from django.urls import reverse

from hearth.accounts.services import notify
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.repairs.models import RepairOrder
from hearth.repairs.notifications import ALL_SIGNED
from hearth.repairs.selectors import are_all_signed


def tell_if_all_signed(order: RepairOrder, *, actor: Actor, now: datetime) -> None:
    """Tell who is in charge of the case of a repair, if that was the last one that was not signed off. A step of an
    act.

    The case is locked: of two repairs signed in the same moment, the later finds the other.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=order.case_id)
    handler_id = case.assignee_id
    if handler_id is None or handler_id == actor.user_id:
        return
    if case.state == Case.State.CLOSED or not are_all_signed(case):
        return
    notify(
        [handler_id],
        ALL_SIGNED,
        url=reverse("cases:case", args=[case.pk]) + "#settlement",
        now=now,
        params={"number": case.number},
        is_sample=case.is_sample,
    )

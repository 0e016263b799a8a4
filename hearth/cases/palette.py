"""What the command palette offers on cases, and to open one for a customer."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE
from hearth.core.actor import Actor
from hearth.core.palette import Command, Group, Spot, offers


@offers(Group.DO, page="workspace:customer")
def for_a_customer(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Open a case; no query."""
    if not actor.can(CHANGE_CASE):
        return []
    return [Command(_("New case"), "messages", url=f"{reverse('cases:new')}?customer={spot.record_id}")]


@offers(Group.DO, page="cases:case")
def on_a_case(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Answer, grade, put somebody in charge or close, as the page of the case does; one query."""
    case = Case.objects.visible_to(actor).filter(pk=spot.record_id).first()
    if case is None or case.state == Case.State.CLOSED or not actor.can(CHANGE_CASE, case.org_unit_id):
        return []
    commands = [
        Command(_("Answer"), "message", press="id_reply", keys="r"),
        Command(_("Put in charge"), "user-check", press="id_assignee", keys="a"),
        Command(_("Grade"), "flag", press="id_grade", keys="p"),
    ]
    if case.state == Case.State.ANSWERED:
        close = reverse("cases:close", args=[case.pk])
        commands.append(Command(_("Close case"), "check", post=close))
    return commands

"""What the command palette offers on tasks, and on what tasks may be about."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.palette import Command, Group, Spot, Words, offers
from hearth.tasks.models import Task
from hearth.tasks.permissions import CHANGE_TASK, VIEW_TASK

ABOUT = {
    "workspace:customer": "?customer=",
    "cases:case": "?about=case:",
    "properties:unit": "?about=home:",
}


@offers(Group.DO)
def about_a_record(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Give a task about what is shown; no query."""
    if spot.page not in ABOUT or not actor.can(VIEW_TASK):
        return []
    address = f"{reverse('tasks:new')}{ABOUT[spot.page]}{spot.record_id}"
    return [Command(_("New task about this"), "checklist", url=address)]


@offers(Group.DO, page="tasks:task")
def on_a_task(actor: Actor, spot: Spot) -> Sequence[Command]:
    """Take on, complete, pass on, postpone, drop or open again, as the page of the task does; one query."""
    task = Task.objects.visible_to(actor).filter(pk=spot.record_id).first()
    if task is None:
        return []
    is_own = task.assignee_id is not None and task.assignee_id == actor.user_id
    commands = []
    if task.is_open and task.assignee_id is None:
        commands.append(_send(_("Take on"), "user-check", "take", task))
    if not is_own and not actor.can(CHANGE_TASK, task.org_unit_id):
        return commands
    if not task.is_open:
        return [_send(_("Open again"), "arrow-back-up", "reopen", task)]
    return [
        *commands,
        _send(_("Done"), "check", "complete", task),
        Command(_("Pass on"), "share", press="id_doer", keys="a"),
        Command(_("Postpone"), "calendar-time", press="id_due_date"),
        Command(_("Drop"), "x", press="id_reason"),
    ]


def _send(label: Words, icon: str, name: str, task: Task) -> Command:
    return Command(label, icon, post=reverse(f"tasks:{name}", args=[task.pk]))

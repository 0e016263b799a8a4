"""The list of all tasks one may see, and what is done to many of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import Conflict
from hearth.core.templatetags.ui import in_language
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.lists import cells
from hearth.lists.assigning import assigning
from hearth.lists.bulk import register_action
from hearth.lists.cells import Badge, Heading
from hearth.lists.columns import badge_of, name_of, value_of
from hearth.lists.definitions import (
    Aging,
    Batch,
    Board,
    Column,
    Emptiness,
    ListDefinition,
    Order,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, DAY, INSTANT, PERSON, PLACE, Filter
from hearth.lists.filters.base import Words
from hearth.lists.setting import Setting, doing, setting
from hearth.tasks.models import Task
from hearth.tasks.permissions import CHANGE_TASK, VIEW_TASK
from hearth.tasks.services import (
    NoReason,
    assign_task,
    complete_task,
    postpone_task,
    reopen_task,
)

STATES = Task.State.choices
STATE_COLOURS = {"open": "blue", "done": "green"}
PRIORITY_COLOURS = {1: "red", 2: "orange"}
LEVELS = tuple((str(level), label) for level, label in Task.Priority.choices)


def _titles(batch: Batch[Task]) -> Sequence[Heading]:
    return [Heading(row.title, icon="checklist") for row in batch.rows]


def _customers(batch: Batch[Task]) -> Sequence[str]:
    """Name the customers where the reader may see them; no query."""
    scope = batch.actor.scope(VIEW_CUSTOMER)
    return [str(row.customer) if row.customer and scope.covers(row.org_unit_id) else "" for row in batch.rows]


def _priorities(batch: Batch[Task]) -> Sequence[Badge]:
    return [
        Badge(Task.Priority(row.priority).label, PRIORITY_COLOURS.get(row.priority, "secondary"))
        for row in batch.rows
    ]


def _roles(batch: Batch[Task]) -> Sequence[str]:
    return [in_language(row.role) if row.role else "" for row in batch.rows]


def _move_to_state(task: Task, state: str, actor: Actor, now: datetime) -> object:
    """Complete a task or open it again; what is dropped says why on its page."""
    if state == task.state:
        return task
    if state == Task.State.DONE:
        return complete_task(task, actor=actor, now=now)
    if state == Task.State.DROPPED:
        raise NoReason("reason")
    return reopen_task(task, actor=actor, now=now)


TASKS = register_list(
    ListDefinition(
        key="tasks",
        label=_("All tasks"),
        icon="checklist",
        permission=VIEW_TASK,
        url_name="tasks:list",
        record_url_name="tasks:task",
        rows=Task.objects.visible_to,
        whole=lambda: Task.objects.select_related("customer", "assignee", "role", "org_unit"),
        search=lambda text: Q(title__icontains=text),
        search_hint=_("Words of the task"),
        columns=(
            Column("title", pgettext_lazy("task", "What to do"), _titles, cells.HEADING),
            Column("customer", _("Customer"), _customers, permission=VIEW_CUSTOMER),
            Column("due", _("Due"), value_of("due_date"), cells.DAY, order="due"),
            Column("priority", _("Priority"), _priorities, cells.BADGE),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("assignee", _("In charge"), name_of("assignee")),
            Column("role", _("Role"), _roles),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
            Column("closed", _("Closed"), value_of("closed_at"), cells.AGO, is_usual=False),
            Column("given", _("Given"), value_of("created_at"), cells.AGO, is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("due", _("Due"), DAY, "due_date"),
            Filter("priority", _("Priority"), CHOICE, "priority", LEVELS),
            Filter("assignee", _("In charge"), PERSON, "assignee"),
            Filter("place", _("Place"), PLACE, "org_unit"),
            Filter("closed", _("Closed"), INSTANT, "closed_at"),
            Filter("given", _("Given"), INSTANT, "created_at"),
        ),
        orders=(Order("due", _("Due"), "due_date", "due_date"), Order("given", _("Newest"), "-id")),
        boards=(
            Board(
                "state",
                ("customer", "due", "priority", "assignee"),
                _move_to_state,
                VIEW_TASK,
                aging=Aging(lambda task: task.due_date if task.is_open else None, amber=1, red=7),
            ),
        ),
        calendars=("due",),
        texts=lambda row: [(_("Note"), row.note)],
        quick=("state", "due", "assignee", "place"),
        presets=(
            Preset("mine", _("My open tasks"), {"state": "open", "assignee": "me"}),
            Preset("late", _("Overdue"), {"state": "open", "due": "older:1"}),
            Preset("free", _("Nobody has them yet"), {"state": "open", "assignee": "none"}),
        ),
        emptiness=Emptiness(
            title=_("No tasks yet"),
            text=_("What people and the rules of the house ask for stands here."),
            action_label=_("New task"),
            action_url_name="tasks:new",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)


def _settled_or_beyond_reach(batch: Batch[Task]) -> Mapping[UUID, Words]:
    """Leave out closed tasks, and those of others where the actor gives none; no query."""
    actor, scope = batch.actor, batch.actor.scope(CHANGE_TASK)
    beyond = {
        row.pk: NO_RIGHT
        for row in batch.rows
        if row.assignee_id != actor.user_id and not scope.covers(row.org_unit_id)
    }
    return {**beyond, **{row.pk: CLOSED for row in batch.rows if not row.is_open}}


def _place_of_each(batch: Batch[Task]) -> Mapping[UUID, Collection[int]]:
    return {row.pk: [row.org_unit_id] for row in batch.rows}


def _assign(task: Task, person: User | None, actor: Actor, now: datetime) -> object:
    """Pass a task on; to nobody means back to its role."""
    return assign_task(task, actor=actor, now=now, assignee=person, role=None if person else task.role)


def _complete(task: Task, actor: Actor, now: datetime) -> object:
    return complete_task(task, actor=actor, now=now)


def _reopen(task: Task, actor: Actor, now: datetime) -> object:
    if task.state != Task.State.DONE:
        raise Conflict
    return reopen_task(task, actor=actor, now=now)


def _postpone(task: Task, day: str, actor: Actor, now: datetime) -> object:
    return postpone_task(task, actor=actor, due_date=date.fromisoformat(day), now=now)


def _day_field() -> forms.Field:
    widget = forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=_("Due"), widget=widget)


def _iso(day: Any) -> str:
    return str(day.isoformat())


NO_RIGHT, CLOSED = _("you may not change it there"), _("closed")
register_action(
    TASKS.key,
    assigning(
        _("Assign to a colleague"),
        VIEW_TASK,
        "assignee_id",
        _assign,
        _settled_or_beyond_reach,
        places=_place_of_each,
    ),
)
register_action(
    TASKS.key,
    doing(
        "complete",
        pgettext_lazy("task", "Mark as done"),
        "check",
        VIEW_TASK,
        _complete,
        _settled_or_beyond_reach,
        places=_place_of_each,
        take_back=_reopen,
    ),
)
register_action(
    TASKS.key,
    setting(
        "postpone",
        _("Move to another day"),
        "calendar-event",
        VIEW_TASK,
        Setting(field=_day_field, read=lambda task: _iso(task.due_date), write=_postpone, clean=_iso),
        _settled_or_beyond_reach,
        places=_place_of_each,
    ),
)

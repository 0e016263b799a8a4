"""Giving a task for each of many customers, or for many things of other apps."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor, Scope
from hearth.core.errors import Conflict, NotAllowed
from hearth.customers.lists import CUSTOMERS
from hearth.customers.selectors.presentation import places_of
from hearth.lists.bulk import BulkAction, Places, Values, register_action
from hearth.lists.definitions import Batch
from hearth.lists.filters.base import Words
from hearth.tasks.choices import doers_for
from hearth.tasks.forms import TaskForm
from hearth.tasks.models import Task
from hearth.tasks.permissions import CHANGE_TASK, VIEW_TASK
from hearth.tasks.services import NewTask, create_task, drop_task

NO_PLACE: Words = _("you may not give tasks there")


@dataclass(frozen=True)
class About:
    """What tasks for the rows of a list are about: the customer of a row, and the kind of thing it is."""

    places: Places
    customer_id: Callable[[Any], UUID | None]
    kind: str = ""


class EachTaskForm(TaskForm):
    """A task for each row; its place is the row's."""

    def __init__(self, given: QueryDict | None, *, actor: Actor) -> None:
        today = timezone.localdate()
        super().__init__(
            given,
            places=None,
            doers=doers_for(actor, today=today),
            initial={"due_date": today, "doer": f"user:{actor.user_id}"},
        )
        del self.fields["org_unit"]


def giving(about: About) -> BulkAction:
    """Return the change that gives a task for each row; taking it back drops those that are still open."""

    def sort_out(batch: Batch[Any], values: Values) -> Mapping[UUID, Words]:
        places = batch.once(about.places)
        scope = _scope(batch.actor, values)
        return {row_id: NO_PLACE for row_id in batch.ids if _first(places.get(row_id, ()), scope) is None}

    def change(row: Any, values: Values, actor: Actor, now: datetime) -> Values:
        place = _first(about.places(Batch([row], actor)).get(row.pk, ()), _scope(actor, values))
        if place is None:
            raise NotAllowed(permission=CHANGE_TASK)
        wanted = NewTask(
            org_unit_id=place,
            title=values["title"],
            due_date=date.fromisoformat(values["due"]),
            assignee_id=values["assignee"],
            role_id=values["role"],
            note=values["note"],
            priority=values["priority"],
            customer_id=about.customer_id(row),
            about_kind=about.kind,
            about_id=row.pk if about.kind else None,
        )
        return {"task": str(create_task(wanted, actor=actor, now=now).pk)}

    def restore(_row: Any, before: Values, _values: Values, actor: Actor, now: datetime) -> None:
        task = Task.objects.visible_to(actor).filter(pk=before["task"]).first()
        if task is None:
            raise Conflict
        drop_task(task, actor=actor, reason=gettext("The change of many rows was taken back."), now=now)

    return BulkAction(
        key="task",
        label=_("Give a task for each"),
        icon="checklist",
        permission=VIEW_TASK,
        make_form=lambda actor, given: EachTaskForm(given, actor=actor),
        values_of=_values_of,
        sort_out=sort_out,
        places=about.places,
        change=change,
        restore=restore,
    )


def _values_of(cleaned: Mapping[str, Any]) -> Values:
    assignee_id, role_id = cleaned["doer"]
    return {
        "title": cleaned["title"],
        "due": cleaned["due_date"].isoformat(),
        "assignee": assignee_id,
        "role": role_id,
        "note": cleaned["note"],
        "priority": cleaned["priority"],
    }


def _scope(actor: Actor, values: Values) -> Scope:
    """Return where the actor may give this task: anybody may give one to themselves."""
    is_own = actor.user_id is not None and values["assignee"] == actor.user_id
    return actor.scope(VIEW_TASK if is_own else CHANGE_TASK)


def _first(places: Collection[int], scope: Scope) -> int | None:
    return min((place for place in places if scope.covers(place)), default=None)


def _places_of_customers(batch: Batch[Any]) -> Mapping[UUID, Collection[int]]:
    return places_of(batch.ids)


register_action(
    CUSTOMERS.key, giving(About(places=_places_of_customers, customer_id=lambda customer: customer.pk))
)

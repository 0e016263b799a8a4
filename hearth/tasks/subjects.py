"""What a task may be about: each app says how its things are called and where they are shown."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from hearth.core.actor import Actor
from hearth.core.registry import Registry
from hearth.tasks.models import Task


@dataclass(frozen=True)
class Subject:
    """A thing as far as the actor may see it: its name, its page and the customer it belongs to."""

    title: str
    url: str
    customer_id: UUID | None = None
    org_unit_id: int | None = None


@dataclass(frozen=True)
class SubjectKind:
    """A kind of thing; `load` gives those the actor may see, with one query for any number."""

    label: str | Promise
    icon: str
    load: Callable[[Collection[UUID], Actor], Mapping[UUID, Subject]]


subjects: Registry[SubjectKind] = Registry()


def load_subjects(tasks: Iterable[Task], actor: Actor) -> dict[UUID, Subject]:
    """Return what tasks are about, by the id of the thing; one query for each kind among them."""
    wanted: dict[str, set[UUID]] = {}
    for task in tasks:
        if task.about_id and task.about_kind in subjects:
            wanted.setdefault(task.about_kind, set()).add(task.about_id)
    loaded: dict[UUID, Subject] = {}
    for kind, ids in wanted.items():
        loaded.update(subjects[kind].load(ids, actor))
    return loaded

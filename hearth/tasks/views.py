"""Pages of tasks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.accounts.models import User
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, is_part_request, page
from hearth.core.pages import keyset_page
from hearth.core.permissions import actor_of, requires
from hearth.customers.models import Customer
from hearth.lib.identifiers import read_uuid
from hearth.lists.pages import list_page
from hearth.organization.models import Role
from hearth.tasks.choices import doers_for, places_for
from hearth.tasks.forms import WHOSE, AssignForm, DropForm, PostponeForm, TaskFilterForm, TaskForm
from hearth.tasks.lists import TASKS
from hearth.tasks.models import Task
from hearth.tasks.permissions import CHANGE_TASK, VIEW_TASK
from hearth.tasks.selectors import TaskFilters, history_of, task_list, workload
from hearth.tasks.services import (
    NewTask,
    assign_task,
    complete_task,
    create_task,
    drop_task,
    postpone_task,
    reopen_task,
    take_task,
)
from hearth.tasks.subjects import Subject, load_subjects, subjects

BOTH = ("GET", "HEAD", "POST")


@requires(VIEW_TASK)
def tasks(request: HttpRequest) -> HttpResponse:
    """My tasks, those I may take on, and my team's with what everybody has to do."""
    actor, today = actor_of(request), timezone.localdate()
    whose = request.GET.get("whose", "mine")
    whose = whose if whose in dict(WHOSE) else "mine"
    form = TaskFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    filters = TaskFilters(whose, chosen.get("due", ""), chosen.get("state") or Task.State.OPEN)
    order = "due_date" if filters.state == Task.State.OPEN else "-due_date"
    found = keyset_page(
        task_list(actor, filters, today=today), order=order, cursor=request.GET.get("cursor", "")
    )
    context = {
        "found": found,
        "form": form,
        "whose": whose,
        "tabs": WHOSE,
        "today": today,
        "about": load_subjects(found.rows, actor),
        "figures": workload(actor, today=today) if whose == "team" else [],
        "is_filtered": bool(filters.due) or filters.state != Task.State.OPEN,
    }
    return page(request, "tasks/tasks.html", context, parts={"tasks"})


@requires(VIEW_TASK)
def every(request: HttpRequest) -> HttpResponse:
    """All tasks one may see, as a list with filters, boards and changes of many."""
    return list_page(request, TASKS, "tasks/list.html")


@requires(VIEW_TASK, methods=BOTH)
def new(request: HttpRequest) -> HttpResponse:
    """Give a task, about a customer or another thing when the address names one."""
    actor, today = actor_of(request), timezone.localdate()
    customer, subject = _customer(request), _subject(request)
    form = TaskForm(
        request.POST or None,
        places=places_for(actor),
        doers=doers_for(actor, today=today),
        initial={
            "due_date": today,
            "org_unit": _first_place(request, customer, subject),
            "doer": f"user:{actor.user_id}",
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = _write(request, form.cleaned_data, customer, subject)
        except InvalidInput as refusal:
            form.add_error("doer", str(refusal))
        else:
            messages.success(request, gettext("The task is given."))
            return go_to(request, reverse("tasks:task", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    context = {"form": form, "customer": customer, "subject": subject}
    return page(request, "tasks/new.html", context, status=status)


def _write(
    request: HttpRequest, chosen: dict[str, Any], customer: Customer | None, subject: Subject | None
) -> Task:
    assignee_id, role_id = chosen["doer"]
    about_kind, about_id = _about(request) if subject else ("", None)
    wanted = NewTask(
        chosen["org_unit"].pk,
        chosen["title"],
        chosen["due_date"],
        assignee_id,
        role_id,
        chosen["note"],
        chosen["priority"],
        customer.pk if customer else None,
        about_kind,
        about_id,
    )
    return create_task(wanted, actor=actor_of(request), now=timezone.now())


def _customer(request: HttpRequest) -> Customer | None:
    """The customer whom the address names, or to whom the thing it names belongs."""
    subject = _subject(request)
    wanted = read_uuid(request.GET.get("customer", "")) or (subject.customer_id if subject else None)
    if wanted is None:
        return None
    return get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=wanted)


def _about(request: HttpRequest) -> tuple[str, UUID | None]:
    kind, _colon, number = request.GET.get("about", "").partition(":")
    return (kind, read_uuid(number)) if kind in subjects else ("", None)


def _subject(request: HttpRequest) -> Subject | None:
    kind, number = _about(request)
    return subjects[kind].load([number], actor_of(request)).get(number) if number else None


def _first_place(request: HttpRequest, customer: Customer | None, subject: Subject | None) -> int | None:
    """The place of the thing, else the first that customer and actor share, else the actor's only one."""
    if subject and subject.org_unit_id:
        return subject.org_unit_id
    places = places_for(actor_of(request))
    if customer:
        places = places.filter(known_customers__customer=customer)
    first = list(places.values_list("pk", flat=True)[:2])
    return first[0] if first and (customer or len(first) == 1) else None


@requires(VIEW_TASK)
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    return _show(request, _visible(request, task_id))


@requires(VIEW_TASK, methods=("POST",))
def take(request: HttpRequest, task_id: UUID) -> HttpResponse:
    row = take_task(_visible(request, task_id), actor=actor_of(request), now=timezone.now())
    return _answer(request, row, gettext("The task is yours."))


@requires(VIEW_TASK, methods=("POST",))
def complete(request: HttpRequest, task_id: UUID) -> HttpResponse:
    row = complete_task(_visible(request, task_id), actor=actor_of(request), now=timezone.now())
    return _answer(request, row, gettext("Done."))


@requires(VIEW_TASK, methods=("POST",))
def reopen(request: HttpRequest, task_id: UUID) -> HttpResponse:
    row = reopen_task(_visible(request, task_id), actor=actor_of(request), now=timezone.now())
    return _answer(request, row, gettext("The task is open again."))


@requires(VIEW_TASK, methods=("POST",))
def drop(request: HttpRequest, task_id: UUID) -> HttpResponse:
    row, form = _visible(request, task_id), DropForm(request.POST)
    if not form.is_valid():
        return _show(request, row, drop_form=form)
    row = drop_task(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
    return _answer(request, row, gettext("The task is dropped."))


@requires(VIEW_TASK, methods=("POST",))
def postpone(request: HttpRequest, task_id: UUID) -> HttpResponse:
    row, form = _visible(request, task_id), PostponeForm(request.POST)
    if not form.is_valid():
        return _show(request, row, postpone_form=form)
    row = postpone_task(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
    return _answer(request, row, gettext("The task is due on another day."))


@requires(VIEW_TASK, methods=("POST",))
def assign(request: HttpRequest, task_id: UUID) -> HttpResponse:
    row, actor = _visible(request, task_id), actor_of(request)
    form = AssignForm(request.POST, doers=doers_for(actor, today=timezone.localdate(), place=row.org_unit))
    if not form.is_valid():
        return _show(request, row, assign_form=form)
    user_id, role_id = form.cleaned_data["doer"]
    assignee = User.objects.get(pk=user_id) if user_id else None
    role = Role.objects.get(pk=role_id) if role_id else None
    try:
        row = assign_task(row, actor=actor, now=timezone.now(), assignee=assignee, role=role)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _show(request, row, assign_form=form)
    return _answer(request, row, gettext("The task is passed on."))


def _visible(request: HttpRequest, task_id: UUID) -> Task:
    found = Task.objects.visible_to(actor_of(request))
    return get_object_or_404(
        found.select_related("customer", "assignee", "role", "org_unit", "created_by"), pk=task_id
    )


def _answer(request: HttpRequest, row: Task, text: str) -> HttpResponse:
    """Give HTMX the row of the list as it is now, anybody else the task's page."""
    if is_part_request(request):
        context = {
            "task": _visible(request, row.pk),
            "today": timezone.localdate(),
            "about": load_subjects([row], actor_of(request)),
        }
        response = page(request, "tasks/row.html", context)
        response.headers["HX-Trigger"] = "hearth:notified"
        return response
    messages.success(request, text)
    return go_to(request, reverse("tasks:task", args=[row.pk]))


def _show(request: HttpRequest, row: Task, **refused: Any) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    is_own = row.assignee_id is not None and row.assignee_id == actor.user_id
    context = {
        "task": row,
        "today": timezone.localdate(),
        "subject": load_subjects([row], actor).get(row.about_id) if row.about_id else None,
        "history": history_of(row, until=now),
        "may_change": is_own or actor.can(CHANGE_TASK, row.org_unit_id),
        "assign_form": AssignForm(
            initial={"doer": f"user:{row.assignee_id}" if row.assignee_id else f"role:{row.role_id}"},
            doers=doers_for(actor, today=timezone.localdate(), place=row.org_unit),
        ),
        "postpone_form": PostponeForm(initial={"due_date": row.due_date}),
        "drop_form": DropForm(),
        **refused,
    }
    return page(request, "tasks/task.html", context, status=REFUSED if refused else SUCCESS)

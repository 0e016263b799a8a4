"""Reminding of instalments: consultants by a task, customers by a message where they may be written to.

Whoever waits for an answer to a severe complaint, or is part of one of many, is not written to: the customer manager
gets a task that says why. Reminder, task, message and event are one transaction, under a lock on the instalment and
behind a unique key, so that a worker which is killed leaves all of it or nothing, and two at once remind once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from hearth.channels.models import Channel, Message
from hearth.channels.services.messages import MessageDraft, queue_messages
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.events import record_many
from hearth.customers.models import ContactPoint
from hearth.organization.models import Role
from hearth.organization.selectors import people_with
from hearth.payment_reminders.complaints import open_complaints
from hearth.payment_reminders.events import PaymentReminded
from hearth.payment_reminders.models import PaymentReminder
from hearth.payment_reminders.policy import MOST_DAYS, ReminderRules, rules_at
from hearth.payment_reminders.reminder_text import SUBJECT, reminder_body
from hearth.privacy.purposes import SERVICE
from hearth.privacy.selectors import may_contact
from hearth.sales.models import Instalment
from hearth.tasks.models import Task
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.services import NewTask, create_tasks

WORKER = Actor.system("payment_reminders")
RULE = "payment_reminder"
CONSULTANT, CUSTOMER_MANAGER = "sales_consultant", "customer_manager"
AT_ONCE = 200
ANSWER_WITHIN = timedelta(days=2)
Way = PaymentReminder.Way
WHOLE = (
    "org_unit",
    "plan__contract__customer",
    "plan__contract__unit__project",
    "plan__contract__unit__building",
    "plan__contract__unit__entrance",
)


@dataclass
class Wanted:
    """A reminder that is to be made, and for whom."""

    row: Instalment
    step: str
    complaint: str
    address: str

    @property
    def customer_id(self) -> UUID:
        return self.row.plan.contract.customer_id

    @property
    def way(self) -> str:
        if self.complaint:
            return Way.HELD
        return Way.MESSAGE if self.address else Way.TASK


def remind(*, now: datetime) -> int:
    """Remind of all that calls for it today, and return of how many; repeatable, and by several at once."""
    made, after = 0, UUID(int=0)
    while found := _remind_some(after, now):
        number, after = found
        made += number
    return made


@transaction.atomic
def _remind_some(after: UUID, now: datetime) -> tuple[int, UUID] | None:
    """Remind of a portion in the order of ids; return of how many and where it ended, None where nothing follows."""
    today = localdate(now)
    rows = Instalment.objects.receivable().filter(
        pk__gt=after, due_date__lte=today + timedelta(days=MOST_DAYS)
    )
    due = rows.exclude(reminders__step=PaymentReminder.Step.AGAIN)
    ids = list(due.order_by("id").values_list("id", flat=True)[:AT_ONCE])
    if not ids:
        return None
    locked = Instalment.objects.receivable().filter(pk__in=ids).select_related(*WHOLE)
    portion = list(locked.order_by("id").select_for_update(skip_locked=True, of=("self",)))
    wanted = _wanted(portion, today)
    _make(wanted, today, now)
    return len(wanted), ids[-1]


def _wanted(portion: Sequence[Instalment], today: date) -> list[Wanted]:
    rules = rules_at(list({row.org_unit_id: row.org_unit for row in portion}.values()))
    known = set(PaymentReminder.objects.filter(instalment__in=portion).values_list("instalment_id", "step"))
    called = []
    for row in portion:
        step = rules[row.org_unit_id].step_on(row.due_date, today) if row.due_date else ""
        if step and (row.pk, step) not in known:
            called.append((row, step))
    customers = {row.plan.contract.customer_id for row, _step in called}
    complaints, addresses = open_complaints(customers), _addresses([row for row, _step in called], rules)
    return [
        Wanted(row, step, complaints.get(key := row.plan.contract.customer_id, ""), addresses.get(key, ""))
        for row, step in called
    ]


def _addresses(rows: Sequence[Instalment], rules: Mapping[int, ReminderRules]) -> dict[UUID, str]:
    """Return the mail address of each customer who may be written to; nobody of the sample is."""
    meant = {
        row.plan.contract.customer_id
        for row in rows
        if rules[row.org_unit_id].by_message and not row.plan.contract.customer.is_sample
    }
    if not meant:
        return {}
    answers = may_contact(meant, SERVICE, Channel.EMAIL)
    allowed = [key for key, answer in answers.items() if answer.is_allowed]
    points = ContactPoint.objects.usable().filter(kind=ContactPoint.Kind.EMAIL, customer_id__in=allowed)
    chosen = points.order_by("customer_id", "-is_primary", "id").distinct("customer_id")
    return {point.customer_id: point.value for point in chosen}


def _make(wanted: Sequence[Wanted], today: date, now: datetime) -> None:
    """Write reminders with their tasks, messages and events."""
    if not wanted:
        return
    reminders = [
        PaymentReminder(
            org_unit_id=each.row.org_unit_id,
            instalment=each.row,
            step=each.step,
            way=each.way,
            is_sample=each.row.is_sample,
            created_at=now,
            updated_at=now,
        )
        for each in wanted
    ]
    insert_many(reminders)
    tasks = _give_tasks(wanted, reminders, today, now)
    messages = _write_messages(wanted, now)
    for each, reminder in zip(wanted, reminders, strict=True):
        reminder.task_id, reminder.message_id = tasks.get(reminder.pk), messages.get(_key(each))
    PaymentReminder.objects.bulk_update(reminders, ["task", "message"])
    record_many([_event(each) for each in wanted], actor=WORKER, now=now)


def _event(each: Wanted) -> PaymentReminded:
    contract = each.row.plan.contract
    return PaymentReminded(
        org_unit_id=each.row.org_unit_id,
        customer_id=contract.customer_id,
        unit_id=contract.unit_id,
        project_id=contract.unit.project_id,
        subject_id=each.row.pk,
        contract_id=contract.pk,
        step=each.step,
        way=each.way,
        is_sample=each.row.is_sample,
    )


def _give_tasks(
    wanted: Sequence[Wanted], reminders: Sequence[PaymentReminder], today: date, now: datetime
) -> dict[UUID | None, UUID]:
    roles = dict(Role.objects.filter(code__in=(CONSULTANT, CUSTOMER_MANAGER)).values_list("code", "id"))
    able: dict[int, set[int]] = {}
    given: dict[bool, list[NewTask]] = {True: [], False: []}
    for each, reminder in zip(wanted, reminders, strict=True):
        place = each.row.org_unit
        if place.pk not in able:
            able[place.pk] = set(people_with(VIEW_TASK, place, today=today).values_list("pk", flat=True))
        task = _task(each, reminder, roles, able[place.pk], today)
        if task.assignee_id or task.role_id:
            given[each.row.is_sample].append(task)
    made: list[Task] = []
    for is_sample, tasks in given.items():
        made += create_tasks(tasks, actor=WORKER, now=now, is_sample=is_sample) if tasks else []
    return {task.event_id: task.pk for task in made}


def _task(
    each: Wanted, reminder: PaymentReminder, roles: Mapping[str, int], able: set[int], today: date
) -> NewTask:
    contract = each.row.plan.contract
    responsible = contract.customer.responsible_id
    words = {"name": contract.customer.name, "what": str(each.row), "amount": f"{each.row.open_amount:,.2f}"}
    if each.complaint:
        title = _("%(name)s: a payment is open, and no message goes out") % words
        note = _(
            "Open: %(complaint)s. Speak with the customer yourself, of the complaint first. %(what)s, ¥%(amount)s open."
        ) % {**words, "complaint": each.complaint}
        assignee, role = None, roles.get(CUSTOMER_MANAGER)
    else:
        title = _("%(name)s: remind of the payment of ¥%(amount)s") % words
        note = f"{each.row} · {each.row.due_date} · {contract.number} · {contract.unit.address}"
        assignee = responsible if responsible in able else None
        role = None if assignee else roles.get(CONSULTANT)
    return NewTask(
        contract.org_unit_id,
        title,
        today + ANSWER_WITHIN,
        assignee,
        role,
        note=note,
        customer_id=contract.customer_id,
        about_kind="contract",
        about_id=contract.pk,
        rule=RULE,
        event_id=reminder.pk,
    )


def _key(each: Wanted) -> str:
    return f"payment:{each.row.pk}:{each.step}"


def _write_messages(wanted: Sequence[Wanted], now: datetime) -> dict[str, UUID]:
    with override("zh-hans"):
        drafts = [_draft(each) for each in wanted if each.way == Way.MESSAGE]
    if not drafts:
        return {}
    queue_messages(drafts, actor=WORKER, now=now)
    written = Message.objects.filter(idempotency_key__in=[draft.idempotency_key for draft in drafts])
    return dict(written.values_list("idempotency_key", "pk"))


def _draft(each: Wanted) -> MessageDraft:
    return MessageDraft(
        idempotency_key=_key(each),
        org_unit_id=each.row.org_unit_id,
        customer_id=each.customer_id,
        channel=Channel.EMAIL,
        purpose_code=SERVICE,
        recipient=each.address,
        subject=SUBJECT,
        body=reminder_body(each.row, each.step, place=str(each.row.org_unit)),
        sender_kind=RULE,
        sender_id=each.row.pk,
    )

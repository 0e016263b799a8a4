"""Writing to everybody on the list of an incident, in portions, each person once.

A portion is a transaction of its own: killed in between, the job goes on with whoever was not addressed. Whether each
message may go is asked once more, by the one function, when it is handed to the mail server.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hearth.channels.models import Channel, Message
from hearth.channels.services.messages import MessageDraft, queue_messages
from hearth.core.actor import Actor
from hearth.customers.models import ContactPoint, Customer
from hearth.privacy.purposes import LEGAL_NOTICE
from hearth.registers.letter_text import SUBJECT, letter_body
from hearth.registers.models import AffectedPerson, NoticeLetter

AT_ONCE = 500
SENDER_KIND = "incident"
WORKER = Actor.system("registers")
Told = AffectedPerson.Told


def address_affected(letter_id: UUID, *, now: datetime) -> int:
    """Queue the letter for everybody on the list who was not addressed; return how many rows it settled. Repeatable."""
    letter = NoticeLetter.objects.select_related("incident__org_unit").filter(pk=letter_id).first()
    if letter is None or letter.state != NoticeLetter.State.APPROVED:
        return 0
    total = 0
    while settled := _address_portion(letter, now):
        total += settled
    return total


@transaction.atomic
def _address_portion(letter: NoticeLetter, now: datetime) -> int:
    waiting = AffectedPerson.objects.filter(incident_id=letter.incident_id, told=Told.NOT_YET)
    rows = list(waiting.select_for_update(skip_locked=True).order_by("id")[:AT_ONCE])
    if not rows:
        return 0
    survivors = _survivors([row.customer_id for row in rows])
    people = {person.pk: person for person in survivors.values()}
    messages = _told_before(letter, people.keys())
    addresses = _addresses(people.keys() - messages.keys())
    drafts = [_draft(letter, people[key], address) for key, address in addresses.items()]
    queue_messages(drafts, actor=WORKER, now=now)
    written = Message.objects.filter(idempotency_key__in=[draft.idempotency_key for draft in drafts])
    messages |= dict(written.values_list("customer_id", "pk"))
    for row in rows:
        row.message_id = messages.get(survivors[row.customer_id].pk)
        row.told, row.updated_at = Told.ADDRESSED if row.message_id else Told.NO_CHANNEL, now
    AffectedPerson.objects.bulk_update(rows, ["message", "told", "updated_at"])
    return len(rows)


def _survivors(ids: Sequence[UUID]) -> dict[UUID, Customer]:
    """Return for each record the one it is part of now; one query."""
    rows = Customer.objects.filter(pk__in=ids).select_related("merged_into")
    return {row.pk: row.merged_into or row for row in rows}


def _told_before(letter: NoticeLetter, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the messages to those who stand on the list by a record that became one with theirs; one query."""
    rows = AffectedPerson.objects.filter(incident_id=letter.incident_id, message__isnull=False)
    theirs = rows.filter(Q(customer_id__in=list(ids)) | Q(customer__merged_into_id__in=list(ids)))
    told = theirs.values_list("customer_id", "customer__merged_into_id", "message_id")
    return {survivor_id or own_id: message_id for own_id, survivor_id, message_id in told}


def _addresses(ids: Collection[UUID]) -> dict[UUID, str]:
    """Choose the preferred mail address of each, else the oldest; one query."""
    points = (
        ContactPoint.objects.usable()
        .filter(kind=ContactPoint.Kind.EMAIL, customer_id__in=list(ids))
        .order_by("customer_id", "-is_primary", "id")
    )
    return {point.customer_id: point.value for point in points.distinct("customer_id")}


def _draft(letter: NoticeLetter, person: Customer, address: str) -> MessageDraft:
    return MessageDraft(
        idempotency_key=f"incident:{letter.pk}:{person.pk}",
        org_unit_id=letter.incident.org_unit_id,
        customer_id=person.pk,
        channel=Channel.EMAIL,
        purpose_code=LEGAL_NOTICE,
        recipient=address,
        subject=SUBJECT,
        body=letter_body(letter, name=person.name),
        sender_kind=SENDER_KIND,
        sender_id=letter.pk,
    )

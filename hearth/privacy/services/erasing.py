"""Erasing a person everywhere, and giving out all that is held of one."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.crypto import keyed_digest
from hearth.core.errors import DomainError
from hearth.core.events import record, record_many
from hearth.core.personal_data import Person, holders, legal_holds
from hearth.customers.models import Customer, CustomerPlace
from hearth.customers.selectors.persons import person_of
from hearth.privacy.events import PersonErased
from hearth.privacy.models import Erasure
from hearth.privacy.permissions import ANSWER_REQUEST


class AlreadyErased(DomainError):
    """Nothing is left to erase."""

    code = "already_erased"
    message = _("The personal data of this customer were erased before.")


@beyond_places()
@transaction.atomic
def erase_person(customer: Customer, *, actor: Actor, now: datetime) -> Erasure:
    """Erase what every app holds of a person, of all records merged into one, and return the proof.

    What the law has us keep stays, tied to a record without a name. The records are locked; it takes as long as
    reading the log of changes since the person became known, so call it from a job.

    :raises NotAllowed: if the actor may not answer requests of persons
    :raises AlreadyErased: if it was done before
    :raises ErasureMustWait: if an import, an export, a snapshot or a message that may hold the person is under way
    """
    actor.require(ANSWER_REQUEST)
    root = Customer.objects.select_for_update().get(pk=customer.merged_into_id or customer.pk)
    if root.erased_at:
        raise AlreadyErased
    person = person_of(root)
    kept = kept_of(person)
    ordered = sorted(holders.values(), key=lambda holder: holder.is_last)
    place = CustomerPlace.objects.filter(customer=root).order_by("org_unit_id").first()
    event = PersonErased(customer_id=root.pk, org_unit_id=place.org_unit_id if place else None)
    record(event, actor=actor, now=now)
    erased = {holder.code: holder.erase(person, now) for holder in ordered}
    return _prove(root, {code: number for code, number in erased.items() if number}, kept, actor, now)


def erase_together(ids: Sequence[UUID], *, now: datetime) -> int:
    """Erase several customers at once, reading the log of changes once for all of them; return how many there were.

    A step of the retention, which chose them, holds the transaction and keeps the account.

    :raises ErasureMustWait: as `erase_person`
    """
    rows = list(Customer.objects.select_for_update().filter(pk__in=ids, erased_at=None).order_by("pk"))
    if not rows:
        return 0
    people = [person_of(row) for row in rows]
    together = Person(
        ids=frozenset().union(*(person.ids for person in people)),
        names=frozenset().union(*(person.names for person in people)),
        words=frozenset().union(*(person.words for person in people)),
        known_since=min(person.known_since for person in people),
        unit_ids=frozenset().union(*(person.unit_ids for person in people)),
    )
    events = [PersonErased(customer_id=row.pk, is_sample=row.is_sample) for row in rows]
    record_many(events, actor=Actor.system("retention"), now=now)
    for holder in sorted(holders.values(), key=lambda holder: holder.is_last):
        holder.erase(together, now)
    return len(rows)


@beyond_places()
def kept_of(person: Person) -> dict[str, int]:
    """Count the papers that the law has us keep, by their kind."""
    found = {code: hold.find(person.ids).number for code, hold in legal_holds.items()}
    return {code: number for code, number in found.items() if number}


def _prove(
    customer: Customer, erased: dict[str, int], kept: dict[str, int], actor: Actor, now: datetime
) -> Erasure:
    proof = Erasure(
        customer=customer,
        erased_by_id=actor.user_id,
        erased=erased,
        kept=kept,
        is_sample=customer.is_sample,
        created_at=now,
        updated_at=now,
    )
    proof.digest = digest_of(proof)
    proof.save(force_insert=True)
    return proof


def digest_of(proof: Erasure) -> str:
    """Return the digest that a proof must carry, signed with the installation's key."""
    told: dict[str, Any] = {
        "id": str(proof.pk),
        "customer": str(proof.customer_id),
        "at": proof.created_at.isoformat(),
        "by": proof.erased_by_id,
        "erased": proof.erased,
        "kept": proof.kept,
    }
    text = json.dumps(told, sort_keys=True)
    return keyed_digest("erasure", text).hex()

"""Buyers confirm what they read: each marked clause by itself, then the whole."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.contract_texts.events import ClauseConfirmed, ContractTextRead
from hearth.contract_texts.models import ClauseConfirmation, ContractText, TextClause, TextReading
from hearth.contract_texts.models.readings import How
from hearth.contract_texts.permissions import CHANGE_TEXT
from hearth.contract_texts.services.drafting import about
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.sales.services import lock_live_contract


class VersionReplaced(DomainError):
    """Only the version that lies before the buyers is confirmed."""

    code = "version_replaced"
    message = _(
        "This version holds no more. What you confirmed of it counts no more either; read the new one."
    )


class ClauseNotMarked(DomainError):
    """Marked clauses of the text are confirmed by themselves, no others."""

    code = "clause_not_marked"
    message = _("This clause is not one of those that are confirmed by themselves.")


class ClausesUnconfirmed(DomainError):
    """The whole is confirmed after its marked clauses."""

    code = "clauses_unconfirmed"
    message = _("Confirm each marked clause first: %(number)s left.")


class ReadingUnproved(InvalidInput):
    """What is confirmed at the desk is proved on paper."""

    code = "reading_unproved"
    message = _("Say where the paper is that the buyer signed.")


@transaction.atomic
def open_reading(reading: TextReading, *, now: datetime) -> TextReading:
    """Note when a buyer first opened the text; later times change nothing."""
    if reading.opened_at is None:
        TextReading.objects.filter(pk=reading.pk, opened_at=None).update(opened_at=now, updated_at=now)
        reading.opened_at = now
    return reading


@transaction.atomic
def confirm_clause(
    reading: TextReading, clause: TextClause, *, how: str, proof: str = "", actor: Actor, now: datetime
) -> ClauseConfirmation:
    """Note that a buyer confirmed one marked clause; a second time changes nothing.

    :raises NotAllowed: at the desk, if the actor may not note it there
    :raises ContractNotLive: if the contract was cancelled or replaced
    :raises VersionReplaced: if this version lies before the buyers no more
    :raises ClauseNotMarked: if the clause is of another text, or not marked
    :raises ReadingUnproved: at the desk, without saying where the proof is
    """
    locked, text = _lock(reading, how, proof, actor)
    if clause.text_id != text.pk or not clause.is_confirmed_singly or clause.is_left_out:
        raise ClauseNotMarked
    given = locked.confirmations.filter(clause=clause).first()
    if given:
        return given
    row = ClauseConfirmation.objects.create(
        org_unit_id=locked.org_unit_id,
        reading=locked,
        clause=clause,
        how=how,
        proof=proof.strip()[:300],
        digest=sha256(f"{clause.heading}\n{clause.wording}".encode()).hexdigest(),
        user_id=actor.user_id,
        is_sample=locked.is_sample,
        created_at=now,
        updated_at=now,
    )
    said = {**about(text), "customer_id": locked.customer_id}
    event = ClauseConfirmed(**said, version=text.version, position=clause.position, how=how)
    record(event, actor=actor, now=now)
    return row


@transaction.atomic
def confirm_reading(
    reading: TextReading, *, how: str, proof: str = "", actor: Actor, now: datetime
) -> TextReading:
    """Note that a buyer confirmed the whole of a text; a second time changes nothing.

    :raises NotAllowed, ContractNotLive, VersionReplaced, ReadingUnproved: as `confirm_clause`
    :raises ClausesUnconfirmed: if a marked clause is not confirmed by itself
    """
    locked, text = _lock(reading, how, proof, actor)
    if locked.confirmed_at:
        return locked
    if left := len(marked_in(text)) - locked.confirmations.count():
        raise ClausesUnconfirmed(number=left)
    locked.confirmed_at, locked.how, locked.proof = now, how, proof.strip()[:300]
    locked.opened_at, locked.user_id, locked.updated_at = locked.opened_at or now, actor.user_id, now
    locked.save()
    said = {**about(text), "customer_id": locked.customer_id}
    record(ContractTextRead(**said, version=text.version, how=how), actor=actor, now=now)
    return locked


def marked_in(text: ContractText) -> list[TextClause]:
    """Return the clauses that are confirmed by themselves, in order; one query."""
    return list(text.clauses.filter(is_confirmed_singly=True, is_left_out=False).order_by("position"))


def _lock(reading: TextReading, how: str, proof: str, actor: Actor) -> tuple[TextReading, ContractText]:
    """Return a reading and its text, both locked after the contract: no new version comes between."""
    if how not in How.values:
        raise InvalidInput("how")
    if how == How.DESK:
        actor.require(CHANGE_TEXT, reading.org_unit_id)
        if not proof.strip():
            raise ReadingUnproved("proof")
    lock_live_contract(reading.text.contract)
    rows = ContractText.objects.select_for_update(of=("self",)).select_related("contract__unit")
    text = rows.get(pk=reading.text_id)
    if not text.is_current:
        raise VersionReplaced
    return TextReading.objects.select_for_update(of=("self",)).get(pk=reading.pk), text

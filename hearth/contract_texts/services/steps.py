"""From the draft to the signature: check, approval of departures, giving to the buyers, signing."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.contract_texts.checks import Finding, check_text
from hearth.contract_texts.events import ContractTextGiven, ContractTextSigned, DeparturesApproved
from hearth.contract_texts.facts import WITH_TEXT, Facts, code_of, digest_of_words, facts_of
from hearth.contract_texts.models import ContractText, TextClause, TextReading
from hearth.contract_texts.models.templates import TextKind
from hearth.contract_texts.printing import typeset
from hearth.contract_texts.services.drafting import about
from hearth.contract_texts.services.second import OF_TEXTS
from hearth.contract_texts.services.wordings import wordings_at
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.core.second_person import approve, hand_in, lock, send_back
from hearth.sales.models import Contract
from hearth.sales.services import lock_live_contract, noon

State = ContractText.State


class CheckFails(DomainError):
    """A text is given once the clause check finds nothing."""

    code = "clause_check_fails"
    message = _("The clause check finds: %(first)s")


class NothingDeparts(DomainError):
    """What is as its template says needs no second person."""

    code = "nothing_departs"
    message = _("Nothing departs from the template; give the text to the buyer.")


class NotReadByAll(DomainError):
    """A text is signed once every buyer has confirmed its present version."""

    code = "not_read_by_all"
    message = _("Not confirmed by every buyer yet: %(number)s missing.")


class SignedDayWrong(InvalidInput):
    """A text is signed between the day it was given and today."""

    code = "signed_day_wrong"
    message = _("The day lies between the giving of the text and today.")


def clauses_of(text: ContractText) -> list[TextClause]:
    """Return the clauses of a text in order; one query."""
    return list(text.clauses.select_related("origin").order_by("position"))


def words_of(clauses: Sequence[TextClause]) -> list[tuple[str, str]]:
    """Return the words that a checksum is of: headings and wordings of what was not left out, in order."""
    return [(each.heading, each.wording) for each in clauses if not each.is_left_out]


def contract_of(text: ContractText) -> Contract:
    """Return the contract of a text with its home and place; one query."""
    return Contract.objects.select_related(*WITH_TEXT).get(pk=text.contract_id)


def findings_of(text: ContractText, clauses: Sequence[TextClause], facts: Facts) -> list[Finding]:
    """Return what the clause check finds in a text; one query."""
    return check_text(clauses, facts, text.facts_digest, wordings_at(text.org_unit))


def _refuse_findings(
    text: ContractText, clauses: Sequence[TextClause], facts: Facts, *, but_departures: bool
) -> list[Finding]:
    """Return what may be approved of what the check finds.

    :raises CheckFails: naming the first other thing found and its clause
    """
    findings = findings_of(text, clauses, facts)
    for each in findings:
        if not (but_departures and each.can_be_approved):
            where = f"{each.clause.heading}: " if each.clause else ""
            raise CheckFails(first=f"{where}{each.text}")
    return findings


@transaction.atomic
def submit_text(text: ContractText, *, actor: Actor, now: datetime) -> ContractText:
    """Hand what departs from the template or from the amounts of the record to the second person.

    :raises NotAllowed: if the actor may not draft texts there
    :raises PastThatStep: if it is no draft
    :raises CheckFails: if the check finds what nobody may approve
    :raises NothingDeparts: if nothing departs
    """
    locked = lock(text, State.DRAFT)
    OF_TEXTS.writer_of(actor, locked.org_unit_id)
    facts = facts_of(contract_of(locked))
    if not _refuse_findings(locked, clauses_of(locked), facts, but_departures=True):
        raise NothingDeparts
    hand_in(locked, now)
    return locked


@transaction.atomic
def approve_text(text: ContractText, *, actor: Actor, now: datetime) -> ContractText:
    """Approve what was submitted of a text, as a second person.

    :raises NotAllowed: if the actor does not approve texts there
    :raises PastThatStep: if it was not submitted
    :raises OwnWork: if the actor drafted it
    """
    locked = OF_TEXTS.lock_to_decide(text, actor)
    approve(locked, actor, now)
    findings = findings_of(locked, clauses_of(locked), facts_of(contract_of(locked)))
    number = len({each.clause for each in findings if each.can_be_approved})
    event = DeparturesApproved(**about(locked), kind=locked.kind, version=locked.version, clauses=number)
    record(event, actor=actor, now=now)
    return locked


@transaction.atomic
def return_text(text: ContractText, *, because: str, actor: Actor, now: datetime) -> ContractText:
    """Send a text back to be written again, with the reason.

    :raises NotAllowed, PastThatStep, OwnWork: as `approve_text`
    """
    locked = OF_TEXTS.lock_to_decide(text, actor)
    send_back(locked, because, now)
    return locked


@transaction.atomic
def give_text(text: ContractText, *, actor: Actor, now: datetime) -> ContractText:
    """Lay a text before its buyers, each with a reading of their own. From now on nothing of it changes.

    :raises NotAllowed: if the actor may not draft texts there
    :raises ContractNotLive: if the contract was cancelled or replaced
    :raises PastThatStep: if it is past that step, or waits for approval
    :raises CheckFails: if the clause check finds anything, but departures that were approved
    :raises NotPrintable: if it cannot be set on paper
    """
    locked, user_id = _lock_to_write(text, actor, State.DRAFT, State.APPROVED)
    clauses = clauses_of(locked)
    facts = facts_of(contract_of(locked))
    _refuse_findings(locked, clauses, facts, but_departures=locked.state == State.APPROVED)
    locked.digest = digest_of_words(locked.title, words_of(clauses), locked.instalments)
    locked.check_code = code_of(locked.digest, locked.pk)
    typeset(locked, clauses, number=locked.contract.number, at=now)
    locked.state, locked.given_at, locked.given_by_id, locked.updated_at = State.GIVEN, now, user_id, now
    locked.save()
    stamps = {"created_at": now, "updated_at": now, "is_sample": locked.is_sample}
    insert_many(
        [
            TextReading(org_unit_id=locked.org_unit_id, text=locked, customer=buyer, **stamps)
            for buyer in facts.buyers
        ]
    )
    event = ContractTextGiven(
        **about(locked), kind=locked.kind, version=locked.version, buyers=len(facts.buyers)
    )
    record(event, actor=actor, now=now)
    return locked


@transaction.atomic
def sign_text(text: ContractText, *, signed_date: date, actor: Actor, now: datetime) -> ContractText:
    """Note that every buyer signed a text; of a contract, the version that was signed before holds no more.

    :raises NotAllowed: if the actor may not draft texts there
    :raises ContractNotLive: if the contract was cancelled or replaced
    :raises PastThatStep: if it does not lie before the buyers
    :raises SignedDayWrong: if the day is before it was given, or ahead
    :raises CheckFails: if the record was changed since
    :raises NotReadByAll: if a buyer has not confirmed this version
    """
    locked, user_id = _lock_to_write(text, actor, State.GIVEN)
    if not localdate(locked.given_at) <= signed_date <= localdate(now):
        raise SignedDayWrong("signed_date")
    facts = facts_of(contract_of(locked))
    _refuse_findings(locked, clauses_of(locked), facts, but_departures=True)
    if missing := unread_by(locked, facts):
        raise NotReadByAll(number=missing)
    if locked.kind == TextKind.CONTRACT:
        _supersede_signed(locked, now)
    locked.state, locked.signed_date, locked.signed_by_id = State.SIGNED, signed_date, user_id
    locked.updated_at = now
    locked.save(update_fields=["state", "signed_date", "signed_by", "updated_at"])
    event = ContractTextSigned(
        **about(locked), kind=locked.kind, version=locked.version, occurred_at=noon(signed_date)
    )
    record(event, actor=actor, now=now)
    return locked


def _lock_to_write(text: ContractText, actor: Actor, *states: str) -> tuple[ContractText, int]:
    """Return a text, locked after its contract as drafting locks them, and who writes."""
    user_id = OF_TEXTS.writer_of(actor, text.org_unit_id)
    lock_live_contract(text.contract)
    return lock(text, *states), user_id


def _supersede_signed(text: ContractText, now: datetime) -> None:
    """End the version of a contract that was signed before; when it was signed stays on record."""
    signed = ContractText.objects.filter(contract=text.contract_id, kind=text.kind, state=State.SIGNED)
    signed.update(state=State.SUPERSEDED, superseded_at=now, updated_at=now)


def unread_by(text: ContractText, facts: Facts) -> int:
    """Return how many of the buyers have not confirmed a text; one query."""
    confirmed = text.readings.filter(confirmed_at__isnull=False).values_list("customer_id", flat=True)
    return len({each.pk for each in facts.buyers} - set(confirmed))

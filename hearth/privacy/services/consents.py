"""Recording what customers said to a purpose. Decisions are added, never changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Min
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record_many
from hearth.core.uploads import EVIDENCE, accept_upload
from hearth.customers.models import Customer, CustomerPlace
from hearth.imports.files import store_accepted
from hearth.privacy.events import ConsentRecorded
from hearth.privacy.models import Consent, Purpose
from hearth.privacy.permissions import CHANGE_CONSENT
from hearth.privacy.purposes import PROFILING
from hearth.privacy.services.profiling import heed_profiling_choices


class UnknownPurpose(DomainError):
    """There is no purpose with this code."""

    code = "unknown_purpose"
    message = _("There is no purpose “%(purpose)s”.")


class DecisionInFuture(DomainError):
    """Nobody has decided tomorrow."""

    code = "decision_in_future"
    message = _("A decision cannot lie in the future.")


class SeparateConsentNeeded(InvalidInput):
    """Consent to the use of sensitive data is an act of its own, and nothing else is agreed to in it."""

    code = "separate_consent_needed"
    message = _(
        "Consent to the use of sensitive data is asked for and given by itself, one purpose at a time."
    )


class GuardianMissing(InvalidInput):
    """A child under 14 decides through a guardian alone."""

    code = "guardian_missing"
    message = _("A child under 14 consents through a guardian: name an adult of the household.")


class GuardianNotPossible(InvalidInput):
    """The guardian is not an adult of the child's household."""

    code = "guardian_not_possible"
    message = _("The guardian must be an adult of the same household.")


CHILD_UNDER, ADULT_FROM = 14, 18  # years: PIPL article 31, Civil Code article 17


@dataclass(frozen=True)
class NewConsent:
    """One decision to be recorded; `decided_at` is now when it is not stated."""

    customer_id: UUID
    purpose_code: str
    channel: str
    decision: str
    how: str
    decided_at: datetime | None = None
    evidence: str = ""
    guardian_id: UUID | None = None
    evidence_file: "UploadedFile[Any] | None" = None


def record_consent(
    customer: Customer,
    *,
    purpose_code: str,
    channel: str,
    decision: str,
    how: str,
    actor: Actor,
    now: datetime,
    decided_at: datetime | None = None,
    evidence: str = "",
    guardian_id: UUID | None = None,
) -> Consent:
    """Record one decision of a customer, with how it came to us as the proof.

    :raises NotAllowed: if the actor may not record consent
    :raises UnknownPurpose: if the purpose does not exist
    :raises DecisionInFuture: if the decision lies after now
    :raises GuardianMissing: if a child gives consent without a guardian
    :raises GuardianNotPossible: if the guardian is no adult of the child's household
    """
    wanted = NewConsent(customer.pk, purpose_code, channel, decision, how, decided_at, evidence, guardian_id)
    return record_consents([wanted], actor=actor, now=now)[0]


@transaction.atomic
def record_consents(
    wanted: Sequence[NewConsent], *, actor: Actor, now: datetime, is_sample: bool = False
) -> list[Consent]:
    """Record many decisions with a constant number of queries. What is said of profiling holds at once.

    :raises NotAllowed, UnknownPurpose, DecisionInFuture, GuardianMissing, GuardianNotPossible: as `record_consent`
    :raises SeparateConsentNeeded: if a customer agrees to a purpose with sensitive data and to another one in one act
    :raises InvalidInput: as `accept_upload`, if what proves a decision cannot be kept
    """
    actor.require(CHANGE_CONSENT)
    if any(new.decided_at and new.decided_at > now for new in wanted):
        raise DecisionInFuture
    _check_guardians(wanted, today=localdate(now))
    purposes = _purposes({new.purpose_code for new in wanted})
    _refuse_bundled(wanted, purposes)
    rows = [
        _row(new, purposes[new.purpose_code], actor=actor, now=now, is_sample=is_sample) for new in wanted
    ]
    insert_many(rows)
    _record_events(rows, actor=actor, now=now)
    if about_profiling := {row.customer_id for row in rows if row.purpose.code == PROFILING}:
        heed_profiling_choices(about_profiling, now=now)
    return rows


def _check_guardians(wanted: Sequence[NewConsent], *, today: date) -> None:
    """Refuse consent given by a child alone, and a guardian who is none. One query."""
    ids = {new.customer_id for new in wanted} | {new.guardian_id for new in wanted if new.guardian_id}
    people = Customer.objects.filter(pk__in=ids).only("birth_date", "household_id").in_bulk()
    for new in wanted:
        person = people.get(new.customer_id)
        if new.guardian_id:
            guardian = people.get(new.guardian_id)
            if guardian is None or person is None or not _may_guard(guardian, person, today):
                raise GuardianNotPossible("guardian")
        elif new.decision == Consent.Decision.GIVEN and person and _is_under(person, CHILD_UNDER, today):
            raise GuardianMissing("guardian")


def _may_guard(guardian: Customer, child: Customer, today: date) -> bool:
    is_of_household = child.household_id is not None and guardian.household_id == child.household_id
    return guardian.pk != child.pk and is_of_household and not _is_under(guardian, ADULT_FROM, today)


def _is_under(person: Customer, years: int, today: date) -> bool:
    """Tell whether a person has not had a birthday yet; who has no date of birth is taken for grown up."""
    born = person.birth_date
    return born is not None and (today.year - born.year, today.month, today.day) < (
        years,
        born.month,
        born.day,
    )


def _purposes(codes: Collection[str]) -> dict[str, Purpose]:
    found = {purpose.code: purpose for purpose in Purpose.objects.filter(code__in=list(codes))}
    for code in codes:
        if code not in found:
            raise UnknownPurpose(purpose=code)
    return found


def _refuse_bundled(wanted: Sequence[NewConsent], purposes: Mapping[str, Purpose]) -> None:
    given: dict[UUID, set[str]] = {}
    for new in wanted:
        if new.decision == Consent.Decision.GIVEN:
            given.setdefault(new.customer_id, set()).add(new.purpose_code)
    if any(len(codes) > 1 and any(purposes[code].is_sensitive for code in codes) for codes in given.values()):
        raise SeparateConsentNeeded("purpose")


def _row(new: NewConsent, purpose: Purpose, *, actor: Actor, now: datetime, is_sample: bool) -> Consent:
    scan = accept_upload(new.evidence_file, EVIDENCE) if new.evidence_file else None
    return Consent(
        customer_id=new.customer_id,
        purpose=purpose,
        channel=new.channel,
        decision=new.decision,
        decided_at=new.decided_at or now,
        how=new.how,
        evidence=new.evidence,
        evidence_file=store_accepted(scan, now=now) if scan else None,
        guardian_id=new.guardian_id,
        text_version=purpose.version,
        recorded_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
        is_sample=is_sample,
    )


def _record_events(rows: Sequence[Consent], *, actor: Actor, now: datetime) -> None:
    """Write one event for each decision, at the first place where the customer is known."""
    customers = {row.customer_id for row in rows}
    known = CustomerPlace.objects.filter(customer_id__in=customers).order_by().values("customer_id")
    place_of = {place["customer_id"]: place["first"] for place in known.annotate(first=Min("org_unit_id"))}
    events = [
        ConsentRecorded(
            occurred_at=row.decided_at,
            customer_id=row.customer_id,
            org_unit_id=place_of.get(row.customer_id),
            subject_id=row.pk,
            channel=row.channel,
            purpose_code=row.purpose.code,
            decision=row.decision,
            is_sample=row.is_sample,
        )
        for row in rows
    ]
    record_many(events, actor=actor, now=now)

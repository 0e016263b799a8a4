"""What customers agreed to, and the one question everybody asks before contacting them."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.personal_data import LegalHold, Person, legal_holds
from hearth.customers.models import Customer, CustomerQuerySet
from hearth.privacy.models import Consent, PersonRequest, Purpose
from hearth.privacy.purposes import LEGAL_NOTICE, PROFILING


class ContactAnswer(StrEnum):
    """Whether a customer may be contacted, and why not."""

    ALLOWED = "allowed"
    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    RESTRICTED = "restricted"

    @property
    def is_allowed(self) -> bool:
        return self is ContactAnswer.ALLOWED


def may_contact(customer_ids: Collection[UUID], purpose_code: str, channel: str) -> dict[UUID, ContactAnswer]:
    """Tell for each customer whether they may be contacted for a purpose on a channel. Three queries at most.

    Nobody is contacted for anything who had us restrict what we do with their data, or erase them; of what the law has
    us tell, who had it restricted is told all the same.
    Of the decisions on this channel and on `any`, the newest holds: a refusal or withdrawal on either after the
    last consent refuses, and so does one of the same instant. No decision is a refusal when the purpose needs
    consent, and so is consent to a purpose that asks anew since. A purpose that needs none (contract performance)
    is always allowed; an unknown one never.
    """
    purpose = Purpose.objects.filter(code=purpose_code).only("needs_consent", "asks_anew_since").first()
    answers = dict.fromkeys(customer_ids, ContactAnswer.NO_CONSENT)
    if purpose is None:
        return answers
    is_duty = purpose_code == LEGAL_NOTICE
    restricted = dict.fromkeys(_restricted(customer_ids, is_duty=is_duty), ContactAnswer.RESTRICTED)
    if not purpose.needs_consent:
        return dict.fromkeys(customer_ids, ContactAnswer.ALLOWED) | restricted
    for customer_id, decision, version in _newest_decisions(customer_ids, purpose, channel):
        if decision != Consent.Decision.GIVEN:
            answers[customer_id] = ContactAnswer.OPTED_OUT
        elif version >= purpose.asks_anew_since:
            answers[customer_id] = ContactAnswer.ALLOWED
    return answers | restricted


def _restricted(customer_ids: Collection[UUID], *, is_duty: bool) -> list[UUID]:
    rows = Customer.objects.filter(pk__any_of=list(customer_ids))
    found = rows.exclude(erased_at=None) if is_duty else rows.exclude(restricted_at=None, erased_at=None)
    return list(found.values_list("pk", flat=True))


REFUSAL_FIRST = Case(
    When(decision=Consent.Decision.GIVEN, then=Value(1)), default=Value(0), output_field=IntegerField()
)


def newest_on_profiling(customer_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what each customer said last of profiling, on whatever channel; one query, nothing for who said nothing.

    Of two decisions of one instant the refusal holds.
    """
    rows = Consent.objects.filter(customer_id__in=list(customer_ids), purpose__code=PROFILING)
    newest = rows.order_by("customer_id", "-decided_at", REFUSAL_FIRST, "-id").distinct("customer_id")
    return dict(newest.values_list("customer_id", "decision"))


def _newest_decisions(
    customer_ids: Collection[UUID], purpose: Purpose, channel: str
) -> list[tuple[UUID, str, int]]:
    rows = (
        Consent.objects.filter(
            customer_id__in=list(customer_ids),
            purpose=purpose,
            channel__in={channel, Consent.Channel.ANY},
        )
        .order_by("customer_id", "-decided_at", REFUSAL_FIRST, "-id")
        .distinct("customer_id")
    )
    return list(rows.values_list("customer_id", "decision", "text_version"))


@dataclass(frozen=True)
class PurposeState:
    """A purpose and what the customer said to it, the newest decision of each channel, newest first."""

    purpose: Purpose
    decisions: tuple[Consent, ...]
    is_restricted: bool = False

    @property
    def is_refused_not_given(self) -> bool:
        """Tell whether the purpose goes on unless the customer refuses it, rather than when they agree."""
        return self.purpose.code == PROFILING

    @property
    def newest(self) -> Consent | None:
        return self.decisions[0] if self.decisions else None

    @property
    def is_allowed_somewhere(self) -> bool:
        """Tell whether any channel is open."""
        return any(map(self.is_allowed_on, Consent.Channel.values))

    def is_allowed_on(self, channel: str) -> bool:
        """Tell whether a channel is open, by the rule of `may_contact`."""
        if self.is_restricted:
            return False
        if not self.purpose.needs_consent:
            return True
        said = [row for row in self.decisions if row.channel in (channel, Consent.Channel.ANY)]
        newest = max(said, key=_by_weight, default=None)
        return (
            newest is not None
            and newest.decision == Consent.Decision.GIVEN
            and newest.text_version >= self.purpose.asks_anew_since
        )


def _by_weight(row: Consent) -> tuple[Any, ...]:
    """Order decisions by time; of the same instant a refusal weighs more."""
    return row.decided_at, row.decision != Consent.Decision.GIVEN, row.pk


def consent_state(customer: Customer) -> list[PurposeState]:
    """Return every purpose with the customer's standing decisions; two queries."""
    newest = (
        Consent.objects.filter(customer=customer)
        .order_by("purpose_id", "channel", "-decided_at", "-id")
        .distinct("purpose_id", "channel")
    )
    by_purpose: dict[int, list[Consent]] = {}
    for consent in newest:
        by_purpose.setdefault(consent.purpose_id, []).append(consent)
    states = []
    for purpose in Purpose.objects.order_by("id"):
        rows = sorted(by_purpose.get(purpose.pk, []), key=lambda row: (row.decided_at, row.pk), reverse=True)
        states.append(PurposeState(purpose, tuple(rows), customer.is_restricted))
    return states


def consent_history(customer: Customer, *, limit: int = 50) -> list[Consent]:
    """Return the newest decisions of a customer with who recorded them; one query."""
    rows = Consent.objects.filter(customer=customer).select_related(
        "purpose", "recorded_by", "guardian", "evidence_file"
    )
    return list(rows.newest_first()[:limit])


def household_of(customer: Customer) -> CustomerQuerySet:
    """Return the others of a customer's household, by name: of them a guardian is chosen."""
    if customer.household_id is None:
        return Customer.objects.none()
    others = Customer.objects.filter(household_id=customer.household_id, merged_into__isnull=True)
    return others.exclude(pk=customer.pk).order_by("name", "id")


def count_overdue(actor: Actor) -> int:
    """Count the open requests whose day has passed, as far as the actor sees them; one query."""
    rows = PersonRequest.objects.visible_to(actor).open()
    return rows.filter(due_date__lt=localdate()).count()


def what_is_kept(person: Person) -> list[tuple[LegalHold, int]]:
    """Return the papers that an erasure leaves, by the law that says so, with their number."""
    with beyond_places():
        counted = [(hold, hold.find(person.ids).number) for hold in legal_holds.values()]
    return [(hold, number) for hold, number in counted if number]


def requests_of(customer: Customer, *, limit: int = 10) -> list[PersonRequest]:
    """Return what a customer asked for, the newest first; one query."""
    return list(PersonRequest.objects.filter(customer=customer).order_by("-id")[:limit])


def waiting_erasures() -> list[UUID]:
    """Return the requests whose erasure was approved and is not done: something made it wait too long; one query."""
    rows = PersonRequest.objects.filter(state=PersonRequest.State.ERASING).order_by("id")
    return list(rows.values_list("pk", flat=True))

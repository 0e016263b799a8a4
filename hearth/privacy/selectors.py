"""What customers agreed to, and the one question everybody asks before contacting them."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When

from hearth.customers.models import Customer
from hearth.privacy.models import Consent, Purpose


class ContactAnswer(StrEnum):
    """Whether a customer may be contacted, and why not."""

    ALLOWED = "allowed"
    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"

    @property
    def is_allowed(self) -> bool:
        return self is ContactAnswer.ALLOWED


def may_contact(customer_ids: Collection[UUID], purpose_code: str, channel: str) -> dict[UUID, ContactAnswer]:
    """Tell for each customer whether they may be contacted for a purpose on a channel. Two queries at most.

    Of the decisions on this channel and on `any`, the newest holds: a refusal or withdrawal on either after the
    last consent refuses, and so does one of the same instant. No decision is a refusal when the purpose needs
    consent. A purpose that needs none (contract performance) is always allowed; an unknown one never.
    """
    needs_consent = Purpose.objects.filter(code=purpose_code).values_list("needs_consent", flat=True).first()
    if needs_consent is False:
        return dict.fromkeys(customer_ids, ContactAnswer.ALLOWED)
    answers = dict.fromkeys(customer_ids, ContactAnswer.NO_CONSENT)
    for customer_id, decision in _newest_decisions(customer_ids, purpose_code, channel):
        given = decision == Consent.Decision.GIVEN
        answers[customer_id] = ContactAnswer.ALLOWED if given else ContactAnswer.OPTED_OUT
    return answers


def _newest_decisions(
    customer_ids: Collection[UUID], purpose_code: str, channel: str
) -> list[tuple[UUID, str]]:
    refusal_first = Case(
        When(decision=Consent.Decision.GIVEN, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    rows = (
        Consent.objects.filter(
            customer_id__in=list(customer_ids),
            purpose__code=purpose_code,
            channel__in={channel, Consent.Channel.ANY},
        )
        .order_by("customer_id", "-decided_at", refusal_first, "-id")
        .distinct("customer_id")
    )
    return list(rows.values_list("customer_id", "decision"))


@dataclass(frozen=True)
class PurposeState:
    """A purpose and what the customer said to it, the newest decision of each channel, newest first."""

    purpose: Purpose
    decisions: tuple[Consent, ...]

    @property
    def newest(self) -> Consent | None:
        return self.decisions[0] if self.decisions else None

    @property
    def is_allowed_somewhere(self) -> bool:
        """Tell whether any channel is open, by the rule of `may_contact`."""
        if not self.purpose.needs_consent:
            return True
        general = next((row for row in self.decisions if row.channel == Consent.Channel.ANY), None)
        floor = None if general is None or general.decision == Consent.Decision.GIVEN else general
        return any(
            row.decision == Consent.Decision.GIVEN
            and (floor is None or (row.decided_at, row.pk) > (floor.decided_at, floor.pk))
            for row in self.decisions
        )


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
        states.append(PurposeState(purpose, tuple(rows)))
    return states


def consent_history(customer: Customer, *, limit: int = 50) -> list[Consent]:
    """Return the newest decisions of a customer with who recorded them; one query."""
    rows = Consent.objects.filter(customer=customer).select_related("purpose", "recorded_by")
    return list(rows.newest_first()[:limit])

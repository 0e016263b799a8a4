"""Writing members by the hundred thousand."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from hearth.core.bulk import arriving
from hearth.lib.identifiers import uuid7


@dataclass(frozen=True)
class NewMember:
    """A customer with the arm drawn, or with the reason for being left out."""

    customer_id: UUID
    household_key: UUID
    treatment_id: UUID | None
    exclusion: str = ""
    treated_at: datetime | None = None
    prior_amount: Decimal | None = None
    responded_at: datetime | None = None
    purchased_at: datetime | None = None
    revenue_amount: Decimal = Decimal(0)


def copy_members(
    campaign_id: UUID, members: Iterable[NewMember], *, now: datetime, is_sample: bool = False
) -> list[UUID]:
    """Write members through COPY, and return their ids in order. A step of other acts; opens no transaction.

    Tokens are drawn by the system's random source: whoever holds one may answer for the member.
    """
    ids: list[UUID] = []
    columns = (
        "id, created_at, updated_at, is_sample, campaign_id, customer_id, household_key, treatment_id, exclusion,"
        " token, call_result, treated_at, prior_amount, responded_at, purchased_at, revenue_amount"
    )
    with arriving("campaigns_campaignmember", columns) as copy:
        for new in members:
            ids.append(uuid7())
            copy.write_row(
                (
                    *(ids[-1], now, now, is_sample, campaign_id, new.customer_id, new.household_key),
                    *(new.treatment_id, new.exclusion, secrets.token_urlsafe(24), ""),
                    *(new.treated_at, new.prior_amount, new.responded_at, new.purchased_at),
                    new.revenue_amount,
                )
            )
    return ids

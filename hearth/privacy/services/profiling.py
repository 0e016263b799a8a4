"""A person refuses that figures are computed of them (PIPL article 24), and may take that back."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hearth.core.profiling import forget_traces
from hearth.customers.models import Customer
from hearth.customers.services import allow_profiling, refuse_profiling
from hearth.privacy.models import Consent
from hearth.privacy.selectors import newest_on_profiling

AT_ONCE = 500


def heed_profiling_choices(customer_ids: Collection[UUID], *, now: datetime) -> None:
    """Have what customers last said of profiling hold from this moment.

    Who said nothing has not refused. Scores go at once; a job takes back what was copied or selected by them.
    A step of recording decisions, which asks for the right and holds the transaction.
    """
    from hearth.privacy.jobs import forget_scores  # noqa: PLC0415  (the job calls this service)

    newest = newest_on_profiling(customer_ids)
    refusing = [key for key, decision in newest.items() if decision != Consent.Decision.GIVEN]
    allow_profiling([key for key in newest if key not in set(refusing)], now=now)
    new = refuse_profiling(refusing, now=now)
    for start in range(0, len(new), AT_ONCE):
        forget_scores.defer(customer_ids=[str(key) for key in new[start : start + AT_ONCE]])


def forget_traces_of_scores(customer_ids: Collection[UUID]) -> int:
    """Take back what was copied from the scores of those who still refuse, or selected by them; may be repeated.

    Call it from a job and outside of a transaction.

    :raises ErasureMustWait: if a snapshot is being taken
    """
    rows = Customer.objects.filter(pk__in=list(customer_ids), profiling_refused_at__isnull=False)
    refusing = list(rows.values_list("pk", flat=True))
    return forget_traces(refusing) if refusing else 0

"""Whose figures are computed: a person may refuse it, and take that back."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hearth.core.profiling import forget_scores
from hearth.customers.models import Customer


def refuse_profiling(customer_ids: Collection[UUID], *, now: datetime) -> list[UUID]:
    """Have no figures computed of some customers any more, remove those there are, and return who is new to it.

    A step of the act that records what they said: it asks for no right and opens no transaction.
    """
    new = _locked(customer_ids, has_refused=False)
    Customer.objects.filter(pk__in=new).update(profiling_refused_at=now, updated_at=now)
    forget_scores(customer_ids)
    return new


def allow_profiling(customer_ids: Collection[UUID], *, now: datetime) -> list[UUID]:
    """Have figures computed again, by the next computation, and return of whom. A step, as `refuse_profiling`."""
    new = _locked(customer_ids, has_refused=True)
    Customer.objects.filter(pk__in=new).update(profiling_refused_at=None, updated_at=now)
    return new


def _locked(customer_ids: Collection[UUID], *, has_refused: bool) -> list[UUID]:
    """Lock those who did or did not refuse, in one order, so that two who record at once do not wait in a circle."""
    rows = Customer.objects.filter(
        pk__any_of=list(customer_ids), profiling_refused_at__isnull=not has_refused
    )
    return list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))

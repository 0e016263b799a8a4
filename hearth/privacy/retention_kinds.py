"""What ages in the privacy desk itself, and the customers whom nothing ties to us any more."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hearth.core.retention import KeptKind, Way, keep_for_a_time, tied, ties
from hearth.customers.models import Customer
from hearth.privacy.models import Consent, PersonRequest
from hearth.privacy.services.erasing import erase_together


def deciders(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers who decided about consent since, or wait for an answer."""
    consents = Consent.objects.filter(customer__in=ids, decided_at__gte=before)
    waiting = PersonRequest.objects.open().filter(customer__in=ids)
    return {
        *consents.values_list("customer_id", flat=True),
        *waiting.values_list("customer_id", flat=True),
    }


def _strangers(before: datetime) -> QuerySet[Customer]:
    """Keep the customers of whom nothing was heard or noted since."""
    silent = Q(last_contact_at=None) | Q(last_contact_at__lt=before)
    rows = Customer.objects.unmerged().real().filter(silent, created_at__lt=before, updated_at__lt=before)
    return rows.filter(erased_at=None, is_sample=False)


def erase_strangers(ids: Sequence[UUID], now: datetime) -> int:
    return erase_together(ids, now=now)


def empty_requests(ids: Sequence[UUID], now: datetime) -> int:
    """Keep that requests were made and answered; what was said goes."""
    rows = PersonRequest.objects.filter(pk__in=ids)
    return rows.update(wish_sealed=b"", answer_sealed=b"", identity_how="", updated_at=now)


ties.register("privacy.decisions", deciders)
keep_for_a_time(
    KeptKind(
        code="customers.prospects",
        label=_("Customers whom nothing ties to us"),
        due=_strangers,
        ways={Way.ANONYMISE: erase_strangers},
        keep=tied,
        portion=50,
    ),
)
keep_for_a_time(
    KeptKind(
        code="privacy.requests",
        label=_("What was said in requests of persons"),
        due=lambda before: PersonRequest.objects.filter(closed_at__lt=before, is_sample=False).exclude(
            wish_sealed=b"", answer_sealed=b"", identity_how=""
        ),
        ways={Way.ANONYMISE: empty_requests},
    ),
)

"""The profile as one expression over the registered tables, bound to no engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings

from hearth.analytics.profile import customer_profile
from hearth.analytics.profile_rules import ProfileRules
from hearth.postponed import Postponed
from hearth.warehouse.engine import table

if TYPE_CHECKING:
    import ibis
else:
    ibis = Postponed("ibis")

TABLES = ("customers", "purchases", "payments", "contacts", "cases", "homes")
Expression = Any


def profile_expression(
    *, as_of: datetime, rules: ProfileRules, value_cuts: Mapping[str, float] | None = None
) -> Expression:
    """Describe each customer as of an instant; columns as in `analytics.profile.customer_profile`.

    Dates are read in the installation's zone. Purchases are signed contracts at their total, and payments
    without a contract (paid services; negative ones are refunds): instalments of a contract would count it twice.
    Internal notes are no contacts.
    """
    contacts = table("contacts")
    return customer_profile(
        table("customers"),
        _turnover(),
        contacts.filter((contacts.direction != "internal").coalesce(True)),
        table("cases"),
        table("homes"),
        as_of=as_of.astimezone(ZoneInfo(settings.TIME_ZONE)),
        rules=rules,
        value_cuts=value_cuts,
    )


def _turnover() -> Expression:
    columns = ("customer_id", "occurred_at", "amount")
    payments = table("payments")
    services = payments.filter(payments.contract_id.isnull())
    return ibis.union(table("purchases").select(*columns), services.select(*columns))

"""Version 1 of the API: what is added later never breaks what is here."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from hearth.api.bodies import BodyParser
from hearth.api.problems import answer_problem
from hearth.api.v1 import (
    alarms,
    audit,
    batch,
    brokers,
    campaigns,
    case_accounts,
    case_figures,
    case_settlements,
    case_steps,
    cases,
    commissions,
    consents,
    contract_changes,
    contract_texts,
    contracts,
    customer_writes,
    events,
    exports,
    families,
    group_cases,
    holds,
    homes,
    imports,
    interactions,
    inventory,
    leads,
    loans,
    mails,
    market,
    me,
    merges,
    organisation,
    payment_plans,
    payments,
    person_requests,
    promises,
    radar_alarms,
    registers,
    repairs,
    segments,
    tasks,
    webhooks,
)
from hearth.core.permissions import Access

DESCRIPTION = """\
Customers, homes, contracts, cases, campaigns and events of a Hearth installation, as far as the user of the token may
see them.
Send `Authorization: Bearer hearth_…`. Lists give `data` and `page`; pass `page.next` as `cursor` for what follows.
Refusals are `application/problem+json` in the language of `Accept-Language`; `type` is stable and can be opened.
Amounts are text, instants are UTC, an unknown parameter is refused.
"""

api = NinjaAPI(
    title="Hearth",
    version="1.0.0",
    description=DESCRIPTION,
    urls_namespace="api_v1",
    openapi_url=None,
    docs_url=None,
    parser=BodyParser(),
)
MODULES = (
    me,
    customer_writes,
    merges,
    consents,
    families,
    events,
    interactions,
    homes,
    inventory,
    holds,
    contracts,
    loans,
    mails,
    payment_plans,
    contract_changes,
    contract_texts,
    payments,
    person_requests,
    leads,
    cases,
    commissions,
    case_accounts,
    case_figures,
    case_settlements,
    case_steps,
    promises,
    repairs,
    group_cases,
    market,
    tasks,
    segments,
    campaigns,
    organisation,
    webhooks,
    imports,
    exports,
    alarms,
    radar_alarms,
    audit,
    registers,
    batch,
    brokers,
)
for module in MODULES:
    api.add_router("", module.router)


for raised in (Exception, Http404, HttpError, ValidationError):
    # The library's signature also allows a class to be raised.
    api.add_exception_handler(raised, cast("Any", answer_problem))


@dataclass(frozen=True)
class OperationEntry:
    """One operation with what it demands, for walks over all of them."""

    method: str
    path: str
    access: Access


def list_operations() -> list[OperationEntry]:
    """Return every operation; `path` is below /api/v1 and names its converters, such as `{uuid:unit_id}`."""
    return [
        OperationEntry(operation.methods[0], path, operation.view_func.access)  # type: ignore[attr-defined]
        for _prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
    ]

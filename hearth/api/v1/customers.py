"""Operations on customers."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import page_of
from hearth.api.page_lists import ask_page
from hearth.api.v1 import examples
from hearth.api.v1.customer_reading import (
    read_customer,
    read_line,
    readable_customers,
    seen_alone,
    version_of,
)
from hearth.api.v1.customer_schemas import (
    CustomerList,
    CustomerQuery,
    CustomerRecord,
)
from hearth.api.v1.references import place_to_read
from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.selectors import CustomerFilters, customer_list, customer_page_rows

router = Router(tags=["customers"])


@endpoint(
    router,
    "GET /customers",
    permission=VIEW_CUSTOMER,
    returns=CustomerList,
    summary="List customers",
    example=examples.CUSTOMERS,
    parameters=CustomerQuery,
)
def list_customers(request: HttpRequest, query: Query[CustomerQuery]) -> Reply:
    """Customers the caller may see, newest change first unless sorted otherwise; phone numbers are masked."""
    actor, asked = actor_of(request), ask_page(request, query)
    sort = query.sort if "sort" in request.GET else asked.sort or query.sort
    filters = CustomerFilters(
        text=query.q,
        owner_stage=query.owner_stage,
        value_tier=query.value_tier,
        kind=query.kind or "",
        source=query.source or "",
        responsible_id=query.responsible_id,
        org_unit_id=place_to_read(query.org_unit, actor, VIEW_CUSTOMER),
        has_home=query.has_home,
        created_from=query.created_from,
        created_to=query.created_to,
        further=asked.condition,
    )
    # A page of a list is taken in bulk: values in full leave by files, which a second person approves above a number.
    found = customer_page_rows(
        actor.masked(),
        filters,
        order=query.sorts[sort.removeprefix("-")],
        is_descending=sort.startswith("-"),
        cursor=query.cursor,
        limit=query.limit,
    )
    page = page_of(found.next_cursor, query, customer_list(actor, filters))
    return Reply(CustomerList(data=[read_line(row) for row in found.rows], page=page))


@endpoint(
    router,
    "GET /customers/{uuid:customer_id}",
    permission=VIEW_CUSTOMER,
    returns=CustomerRecord,
    summary="Get a customer",
    example=examples.CUSTOMER,
    problems=(404,),
)
def get_customer(request: HttpRequest, customer_id: UUID) -> Reply:
    """One customer with contacts, household, homes and profile. The ETag is needed to change it.

    Contacts come in full to whoever may see them, for as many customers a day as a person may take in a file without a
    second one; beyond that they are masked.
    """
    return reply_with(customer_id, actor_of(request))


def reply_with(customer_id: UUID, actor: Actor, *, status: int = 200) -> Reply:
    """Answer with one customer and its ETag."""
    customer = get_object_or_404(readable_customers(actor), pk=customer_id)
    headers = {"ETag": version_of(customer)}
    if status == 201:
        headers["Location"] = f"/api/v1/customers/{customer_id}"
    return Reply(read_customer(customer, seen_alone(actor, now=timezone.now())), status, headers)

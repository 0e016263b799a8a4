"""Operations that record and change customers."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query
from pydantic import BaseModel, Field

from hearth.api.endpoints import Manner, Reply, endpoint, invalid_header
from hearth.api.problems import Problem, Refused
from hearth.api.v1 import examples
from hearth.api.v1.custom_values import set_custom
from hearth.api.v1.customer_reading import version_of
from hearth.api.v1.customer_schemas import (
    CustomerChange,
    CustomerRecord,
    CustomerToCreate,
    DuplicateCandidate,
)
from hearth.api.v1.customers import reply_with, router
from hearth.api.v1.differences import difference
from hearth.api.v1.pointers import point_at
from hearth.api.v1.references import place_to_write, require_user
from hearth.core.actor import Actor
from hearth.core.errors import Conflict, InvalidInput
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.customers.selectors.duplicates import Candidate
from hearth.customers.services import LooksKnown, NewCustomer, create_customer, update_customer
from hearth.customers.services.asserting import assert_customer, link_customer
from hearth.organization.models import OrgUnit

POLICIES = ("reject", "link", "create")
# Below this a likeness is no reason to take one customer for another without a person.
SURE = 0.9
DUPLICATE_POLICY = {
    "X-Duplicate-Policy": "`reject` (default): 409 with candidates; `link`: where exactly one candidate is surely the "
    "same, add what is new to it and answer 200; `create`: record all the same."
}


class MatchQuery(BaseModel):
    """By which value the customer is meant."""

    match: Literal["phone", "email", "external_key"] = Field(
        description="The customer who has this value of the body is changed; when there is none, one is recorded."
    )


@endpoint(
    router,
    "POST /customers",
    permission=CHANGE_CUSTOMER,
    returns=CustomerRecord,
    summary="Record a customer",
    example=examples.CUSTOMER,
    body_example=examples.CUSTOMER_TO_CREATE,
    headers=DUPLICATE_POLICY,
)
def post_customer(request: HttpRequest, body: CustomerToCreate) -> Reply:
    """Record a person or company, unless somebody is known who may be the same."""
    policy, actor = _policy(request), actor_of(request)
    place = place_to_write(body.org_unit, actor, CHANGE_CUSTOMER)
    new = _read(body)
    try:
        with transaction.atomic():
            now = timezone.now()
            customer = create_customer(
                new, org_unit=place, actor=actor, now=now, accepts_duplicates=policy == "create"
            )
            set_custom("customer", customer, body.custom, actor, now)
    except LooksKnown as error:
        sure = _surely_same(error.candidates) if policy == "link" else None
        if sure is None:
            raise duplicate_told(error) from error
        return _link(sure, new, body.custom, place, actor)
    except InvalidInput as error:
        error.field = point_at(error.field, body)
        raise
    return reply_with(customer.pk, actor, status=201)


@endpoint(
    router,
    "PUT /customers",
    permission=CHANGE_CUSTOMER,
    returns=CustomerRecord,
    summary="Assert a customer",
    example=examples.CUSTOMER,
    body_example=examples.CUSTOMER_TO_CREATE,
    parameters=MatchQuery,
    headers=DUPLICATE_POLICY,
    manner=Manner(may_make=True),
)
def put_customer(request: HttpRequest, query: Query[MatchQuery], body: CustomerToCreate) -> Reply:
    """Make the customer whom a value means what the body says; 201 when one had to be recorded.

    Fields that are left out stay, contacts are added and none is removed. May be repeated.
    """
    policy, actor = _policy(request), actor_of(request)
    place = place_to_write(body.org_unit, actor, CHANGE_CUSTOMER)
    try:
        with transaction.atomic():
            now = timezone.now()
            customer, is_new = assert_customer(
                _read(body),
                match=query.match,
                stated=body.model_fields_set - {"custom"},
                org_unit=place,
                actor=actor,
                now=now,
                accepts_duplicates=policy == "create",
            )
            set_custom("customer", customer, body.custom, actor, now)
    except LooksKnown as error:
        raise duplicate_told(error) from error
    except InvalidInput as error:
        error.field = point_at(error.field, body)
        raise
    return reply_with(customer.pk, actor, status=201 if is_new else 200)


@endpoint(
    router,
    "PATCH /customers/{uuid:customer_id}",
    permission=CHANGE_CUSTOMER,
    returns=CustomerRecord,
    summary="Change a customer",
    example=examples.CUSTOMER,
    body_example=examples.CUSTOMER_CHANGE,
    headers={"If-Match": "The ETag of the customer as the caller knows it. Required."},
    problems=(404, 412, 428),
)
def patch_customer(request: HttpRequest, customer_id: UUID, body: CustomerChange) -> Reply:
    """Change some fields, if nobody else changed the customer since the caller read it.

    The refusal tells what was asked, what others changed meanwhile, and how the customer stands now.
    """
    actor = actor_of(request)
    expected = request.headers.get("If-Match")
    customer = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    if not expected:
        raise Problem("version_required")
    tags = {tag.strip() for tag in expected.split(",")}
    values = body.model_dump(exclude_unset=True)
    if not tags & {"*", version_of(customer)}:
        raise _changed_meanwhile(customer, body, tags, actor)
    require_user(values.get("responsible_id"))
    unchanged_since = None if "*" in tags else customer.updated_at
    try:
        with transaction.atomic():
            now, custom = timezone.now(), values.pop("custom", {})
            update_customer(customer, actor=actor, now=now, unchanged_since=unchanged_since, **values)
            set_custom("customer", customer, custom, actor, now)
    except Conflict as error:
        raise _changed_meanwhile(customer, body, tags, actor) from error
    return reply_with(customer_id, actor)


def _policy(request: HttpRequest) -> str:
    policy = request.headers.get("X-Duplicate-Policy", "reject")
    if policy not in POLICIES:
        raise invalid_header("X-Duplicate-Policy")
    return policy


def _read(body: CustomerToCreate) -> NewCustomer:
    require_user(body.responsible_id)
    return NewCustomer(**body.model_dump(exclude={"org_unit", "custom"}))


def _surely_same(candidates: Iterable[Candidate]) -> Customer | None:
    """Return the one candidate who is surely meant, None when there is none or more than one."""
    sure = [candidate.customer for candidate in candidates if candidate.score >= SURE]
    return sure[0] if len(sure) == 1 else None


@transaction.atomic
def _link(
    customer: Customer, new: NewCustomer, custom: Mapping[str, Any], place: OrgUnit, actor: Actor
) -> Reply:
    now = timezone.now()
    link_customer(customer, new, org_unit=place, actor=actor, now=now)
    set_custom("customer", customer, custom, actor, now)
    return reply_with(customer.pk, actor)


def _changed_meanwhile(
    customer: Customer, body: CustomerChange, tags: Iterable[str], actor: Actor
) -> Problem:
    """Tell how the customer stands now and what stands against what, so that the program can merge."""
    reply = reply_with(customer.pk, actor)
    current = reply.body.model_dump(mode="json")
    asked = body.model_dump(mode="json", exclude_unset=True)
    extra = {"current": current, "difference": difference(customer, asked, current, tags)}
    return Problem("version_changed", extra=extra, headers=reply.headers)


def duplicate_told(error: LooksKnown) -> Refused:
    """Refuse with the customers who may be the same."""
    found = (
        DuplicateCandidate(
            id=candidate.customer.pk if candidate.customer else None,
            score=candidate.score,
            reasons=list(candidate.reasons),
        )
        for candidate in error.candidates
    )
    extra = {"candidates": [candidate.model_dump(mode="json") for candidate in found]}
    return Refused(error, status=409, extra=extra)

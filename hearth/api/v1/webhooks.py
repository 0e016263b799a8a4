"""Operations on webhooks."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.accounts.models import ApiToken
from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, ListOf, ListQuery, NoFields, OneOf
from hearth.api.filters import equals
from hearth.api.listing import list_rows
from hearth.api.problems import Problem
from hearth.api.v1 import webhook_examples as examples
from hearth.api.v1.references import place_to_write
from hearth.api.v1.versions import require_version, version_at
from hearth.core.permissions import actor_of
from hearth.webhooks.models import Attempt, Delivery, Endpoint
from hearth.webhooks.permissions import MANAGE_WEBHOOK
from hearth.webhooks.services.endpoints import (
    change_endpoint,
    create_endpoint,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
)
from hearth.webhooks.services.replaying import replay_delivery, replay_range, try_endpoint

router = Router(tags=["webhooks"])
Types = Annotated[tuple[Annotated[str, Field(max_length=60)], ...], Field(max_length=100)]
Url = Annotated[str, Field(min_length=1, max_length=500)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
State = Annotated[str, OneOf(Endpoint.State)]
DeliveryState = Annotated[str, OneOf(Delivery.State)]
FILTERS = {"state": equals(DeliveryState, "state"), "event_type": equals(str, "event_type")}


class DeliveryQuery(ListQuery):
    """What the log of a webhook can be asked for."""

    filters: ClassVar = FILTERS


class WebhookRecord(BaseModel):
    """An address that is told of events; `types` is empty for all."""

    id: UUID
    org_unit_id: int
    owner_id: int
    name: str
    url: str
    types: list[str]
    is_full: bool
    state: State
    state_reason: str
    first_failed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class WebhookList(ListOf[WebhookRecord]):
    pass


class WebhookWithSecret(WebhookRecord):
    """With the secret that signs, which is told once."""

    secret: str


class WebhookToCreate(Asked):
    """An address to tell."""

    org_unit: str = Field(max_length=40, description="Code of the place; events at and below it are sent.")
    name: Name
    url: Url
    types: Types = ()
    is_full: bool = False


class WebhookChange(Asked):
    """The fields to change; what is left out stays."""

    name: Name = ""
    url: Url = ""
    types: Types = ()
    is_full: bool = False
    is_paused: bool = False


class Replay(Asked):
    """From when to before when; at most 31 days."""

    since: AwareDatetime
    until: AwareDatetime


class ReplayStarted(BaseModel):
    """How many events are sent again."""

    events: int


class Try(BaseModel):
    """One attempt: the status answered, or the code of an error."""

    at: datetime
    status: int | None
    error: str
    seconds: float


class DeliveryRecord(BaseModel):
    """One event for one webhook."""

    id: UUID
    event_id: UUID
    event_type: str
    state: DeliveryState
    attempts: int
    due_at: datetime
    created_at: datetime
    tries: list[Try]


class DeliveryList(ListOf[DeliveryRecord]):
    pass


class Removed(BaseModel):
    """What is no more."""

    id: UUID


@endpoint(
    router,
    "GET /webhooks",
    permission=MANAGE_WEBHOOK,
    returns=WebhookList,
    summary="List webhooks",
    example=examples.WEBHOOKS,
    parameters=ListQuery,
)
def list_webhooks(request: HttpRequest, query: Query[ListQuery]) -> Reply:
    """Webhooks that the caller may manage, the latest made first."""
    rows = Endpoint.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order="-id")
    return Reply(WebhookList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /webhooks/{uuid:webhook_id}",
    permission=MANAGE_WEBHOOK,
    returns=WebhookRecord,
    summary="Get a webhook",
    example=examples.WEBHOOK,
    problems=(404,),
)
def get_webhook(request: HttpRequest, webhook_id: UUID) -> Reply:
    """One webhook; its secret is never told again."""
    return _reply(_webhook(request, webhook_id))


@endpoint(
    router,
    "POST /webhooks",
    permission=MANAGE_WEBHOOK,
    returns=WebhookWithSecret,
    summary="Make a webhook",
    example=examples.WEBHOOK_WITH_SECRET,
    body_example=examples.WEBHOOK_TO_CREATE,
)
def post_webhook(request: HttpRequest, body: WebhookToCreate) -> Reply:
    """Have events sent from now on; the caller becomes the owner, and the webhook sees what the caller may see."""
    _refuse_limited(request)
    actor = actor_of(request)
    place = place_to_write(body.org_unit, actor, MANAGE_WEBHOOK)
    values = body.model_dump(exclude={"org_unit"})
    row, secret = create_endpoint(org_unit=place, **values, actor=actor, now=timezone.now())
    return Reply(_with_secret(row, secret), 201, {"Location": f"/api/v1/webhooks/{row.pk}"})


@endpoint(
    router,
    "PATCH /webhooks/{uuid:webhook_id}",
    permission=MANAGE_WEBHOOK,
    returns=WebhookRecord,
    summary="Change a webhook",
    example=examples.WEBHOOK,
    body_example=examples.WEBHOOK_CHANGE,
    headers={
        "If-Match": "The ETag of the webhook as the caller knows it; without it, any version is changed."
    },
    problems=(404, 412),
)
def patch_webhook(request: HttpRequest, webhook_id: UUID, body: WebhookChange) -> Reply:
    """Change address or events, pause or resume; who changes address or events becomes the owner."""
    _refuse_limited(request)
    row, actor, now = _webhook(request, webhook_id), actor_of(request), timezone.now()
    require_version(request, version_at(row.updated_at), lambda: _changed_meanwhile(row), is_demanded=False)
    asked = body.model_dump(exclude_unset=True)
    is_paused = asked.pop("is_paused", None)
    if asked:
        kept = {"name": row.name, "url": row.url, "types": row.types, "is_full": row.is_full}
        row = change_endpoint(row, **{**kept, **asked}, actor=actor, now=now)
    if is_paused is not None:
        row = (pause_endpoint if is_paused else resume_endpoint)(row, actor=actor, now=now)
    return _reply(row)


@endpoint(
    router,
    "DELETE /webhooks/{uuid:webhook_id}",
    permission=MANAGE_WEBHOOK,
    returns=Removed,
    summary="Remove a webhook",
    example=examples.REMOVED,
    problems=(404,),
)
def delete_webhook(request: HttpRequest, webhook_id: UUID) -> Reply:
    """Send nothing there any more, and forget the log."""
    remove_endpoint(_webhook(request, webhook_id), actor=actor_of(request), now=timezone.now())
    return Reply(Removed(id=webhook_id))


@endpoint(
    router,
    "POST /webhooks/{uuid:webhook_id}/secret",
    permission=MANAGE_WEBHOOK,
    returns=WebhookWithSecret,
    summary="Renew a webhook's secret",
    example=examples.WEBHOOK_WITH_SECRET,
    body_example={},
    problems=(404,),
)
def post_webhook_secret(request: HttpRequest, webhook_id: UUID, body: NoFields) -> Reply:
    """Make a new secret; the old one signs beside it for 24 hours."""
    row = _webhook(request, webhook_id)
    secret = rotate_secret(row, actor=actor_of(request), now=timezone.now())
    return Reply(_with_secret(row, secret), 201)


@endpoint(
    router,
    "POST /webhooks/{uuid:webhook_id}/test",
    permission=MANAGE_WEBHOOK,
    returns=DeliveryRecord,
    summary="Try a webhook",
    example=examples.DELIVERY,
    body_example={},
    problems=(404,),
)
def post_webhook_test(request: HttpRequest, webhook_id: UUID, body: NoFields) -> Reply:
    """Send one event of the type `webhooks.test` to this address alone."""
    row = _webhook(request, webhook_id)
    return Reply(_delivery(try_endpoint(row, actor=actor_of(request), now=timezone.now())), 201)


@endpoint(
    router,
    "POST /webhooks/{uuid:webhook_id}/replay",
    permission=MANAGE_WEBHOOK,
    returns=ReplayStarted,
    summary="Send events again",
    example=examples.REPLAY_STARTED,
    body_example=examples.REPLAY,
    problems=(404,),
)
def post_webhook_replay(request: HttpRequest, webhook_id: UUID, body: Replay) -> Reply:
    """Send everything that occurred in a range, whether it was sent before or not."""
    row = _webhook(request, webhook_id)
    number = replay_range(
        row, since=body.since, until=body.until, actor=actor_of(request), now=timezone.now()
    )
    return Reply(ReplayStarted(events=number), 201)


@endpoint(
    router,
    "GET /webhooks/{uuid:webhook_id}/deliveries",
    permission=MANAGE_WEBHOOK,
    returns=DeliveryList,
    summary="List a webhook's deliveries",
    example=examples.DELIVERIES,
    parameters=DeliveryQuery,
    problems=(404,),
)
def list_deliveries(request: HttpRequest, webhook_id: UUID, query: Query[DeliveryQuery]) -> Reply:
    """What was sent in the last thirty days with every attempt, the newest first."""
    rows = _webhook(request, webhook_id).deliveries.prefetch_related("tries")
    found = list_rows(request, query, rows, order="-created_at")
    return Reply(DeliveryList(data=[_delivery(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "POST /webhooks/{uuid:webhook_id}/deliveries/{uuid:delivery_id}/replay",
    permission=MANAGE_WEBHOOK,
    returns=DeliveryRecord,
    summary="Send one event again",
    example=examples.DELIVERY,
    body_example={},
    problems=(404,),
)
def post_delivery_replay(request: HttpRequest, webhook_id: UUID, delivery_id: UUID, body: NoFields) -> Reply:
    """Send one event again, with the same id."""
    deliveries = _webhook(request, webhook_id).deliveries.select_related("endpoint")
    row = get_object_or_404(deliveries, pk=delivery_id)
    replay_delivery(row, actor=actor_of(request), now=timezone.now())
    row.refresh_from_db()
    return Reply(_delivery(row), 201)


def _webhook(request: HttpRequest, webhook_id: UUID) -> Endpoint:
    return get_object_or_404(Endpoint.objects.visible_to(actor_of(request)), pk=webhook_id)


def _refuse_limited(request: HttpRequest) -> None:
    """Keep a token with some rights from making a webhook that has them all.

    :raises Problem: 403 if the token is limited
    """
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    if token.rights:
        raise Problem("token_is_limited")


def _reply(row: Endpoint) -> Reply:
    return Reply(_read(row), headers={"ETag": version_at(row.updated_at)})


def _changed_meanwhile(row: Endpoint) -> Problem:
    reply = _reply(row)
    current = reply.body.model_dump(mode="json")
    return Problem("version_changed", extra={"current": current}, headers=reply.headers)


def _read(row: Endpoint) -> WebhookRecord:
    return WebhookRecord.model_validate(row, from_attributes=True)


def _with_secret(row: Endpoint, secret: str) -> WebhookWithSecret:
    return WebhookWithSecret(**_read(row).model_dump(), secret=secret)


def _delivery(row: Delivery) -> DeliveryRecord:
    tries = sorted(row.tries.all(), key=lambda attempt: (attempt.created_at, attempt.pk))
    return DeliveryRecord(
        id=row.pk,
        event_id=row.event_id,
        event_type=row.event_type,
        state=row.state,
        attempts=row.attempts,
        due_at=row.due_at,
        created_at=row.created_at,
        tries=[_try(attempt) for attempt in tries],
    )


def _try(attempt: Attempt) -> Try:
    return Try(at=attempt.created_at, status=attempt.status, error=attempt.error, seconds=attempt.seconds)

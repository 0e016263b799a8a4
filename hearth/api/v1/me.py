"""Who the token is."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from hearth.accounts.models import ApiToken
from hearth.api.endpoints import Reply, endpoint
from hearth.api.v1 import examples
from hearth.core.permissions import SIGNED_IN, actor_of

router = Router(tags=["me"])


class TokenOfCaller(BaseModel):
    name: str
    prefix: str
    can_write: bool
    rights: list[str] = Field(description="The rights it is limited to; empty: all of the user's.")
    networks: list[str] = Field(description="The networks it may be used from; empty: any.")
    expires_at: datetime


class Right(BaseModel):
    """A right, and the places where it holds: all, or those listed."""

    permission: str
    everywhere: bool
    org_unit_ids: list[int]


class Caller(BaseModel):
    """The user a program acts as, and what it may do."""

    user_id: int
    username: str
    display_name: str
    language: str
    token: TokenOfCaller
    rights: list[Right]


@endpoint(
    router,
    "GET /me",
    permission=SIGNED_IN,
    returns=Caller,
    summary="Get the caller",
    example=examples.ME,
)
def get_me(request: HttpRequest) -> Reply:
    """The user and token of this request, with every right and where it holds."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    rights = [
        Right(permission=name, everywhere=scope.everywhere, org_unit_ids=sorted(scope.org_unit_ids))
        for name, scope in sorted(actor_of(request).scopes.items())
    ]
    caller = Caller(
        user_id=token.user_id,
        username=token.user.username,
        display_name=token.user.display_name,
        language=token.user.language,
        token=TokenOfCaller.model_validate(token, from_attributes=True),
        rights=rights,
    )
    return Reply(caller)

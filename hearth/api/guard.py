"""Who asks, how often, whether they may, and whether they ask something that is known."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from hearth.accounts.models import ApiToken
from hearth.accounts.services import TokenNotValid, find_token
from hearth.api.problems import Problem, unauthorized
from hearth.api.validation import SENTENCES, FieldError
from hearth.core.actor import Actor
from hearth.core.addresses import client_address
from hearth.core.attribution import attribute_to
from hearth.core.permissions import SIGNED_IN
from hearth.core.rates import Rate, count_request
from hearth.organization.selectors import actor_for


@dataclass(frozen=True)
class Allowance:
    """What some operations are counted against: its name, and the setting that says how often in a minute."""

    name: str
    setting: str


DEFAULT = Allowance("default", "API_REQUESTS_PER_MINUTE")
BULK = Allowance("bulk", "API_BULK_REQUESTS_PER_MINUTE")


class BearerToken(HttpBearer):
    """Lets a request through to one operation; four queries, five when the token's use is noted."""

    def __init__(
        self,
        permission: str,
        parameters: Collection[str],
        allowance: Allowance = DEFAULT,
        *,
        superseded: Collection[str] = (),
        leaves_filters: bool = False,
    ) -> None:
        """Guard an operation; `leaves_filters`: it knows by itself what it can be narrowed by."""
        self.permission = permission
        self.superseded = frozenset(superseded)
        self.leaves_filters = leaves_filters
        self.parameters = frozenset(parameters)
        self.allowance = allowance
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """Attach actor and rate to the request, and return the token.

        :raises Problem: 401, 429, 403 or 400, in this order
        :raises NotAllowed: if the user lacks the operation's right everywhere
        """
        found, actor = getattr(request, "caller", None) or _enter(request, token, self.allowance)
        request.actor = actor  # type: ignore[attr-defined]
        if request.method != "GET" and not found.can_write:
            raise Problem("token_reads_only")
        actor.require(self.permission)
        _refuse_unknown(request, self.parameters, leaves_filters=self.leaves_filters)
        request.is_superseded = not self.superseded.isdisjoint(request.GET)  # type: ignore[attr-defined]
        return found


def _enter(request: HttpRequest, secret: str, allowance: Allowance) -> tuple[ApiToken, Actor]:
    """Find out who asks, and count it; the parts of a batch come with a caller who has entered already."""
    now = timezone.now()
    try:
        found = find_token(secret.strip(), now=now)
    except TokenNotValid as error:
        raise unauthorized(request) from error
    if not found.allows_address(client_address(request)):
        raise Problem("address_not_allowed")
    # The name of the default allowance was there before there were others.
    caller = "token" if allowance is DEFAULT else allowance.name
    rate = count_request(f"{caller}:{found.pk}", quota=getattr(settings, allowance.setting), now=now)
    request.rate = allowance.name, rate  # type: ignore[attr-defined]
    _refuse_beyond(rate)
    actor = actor_for(found.user, today=timezone.localdate(now), kind="api")
    attribute_to(actor, address=client_address(request))
    # A token always tells whose it is.
    return found, actor.narrowed_to({SIGNED_IN, *found.rights}) if found.rights else actor


def count_operations(request: HttpRequest, number: int) -> None:
    """Count the operations of a batch against an allowance of their own.

    :raises Problem: 429 if the token has used it up
    """
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    quota = settings.API_BATCH_OPERATIONS_PER_MINUTE
    _refuse_beyond(count_request(f"batch:{token.pk}", quota=quota, now=timezone.now(), number=number))


def _refuse_beyond(rate: Rate) -> None:
    if rate.is_exceeded:
        raise Problem("too_many_requests", headers={"Retry-After": str(rate.resets_in)})


def _refuse_unknown(request: HttpRequest, known: Collection[str], *, leaves_filters: bool) -> None:
    errors = [
        FieldError(name, "unknown_parameter", str(SENTENCES["extra_forbidden"]))
        for name in request.GET
        if name not in known and not (leaves_filters and name.startswith("filter["))
    ]
    if errors:
        raise Problem("unknown_parameter", errors=errors)
    if any("\0" in value for values in request.GET.lists() for value in values[1]):
        raise Problem("invalid_parameter")

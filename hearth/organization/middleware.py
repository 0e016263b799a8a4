"""Attach the actor to each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.organization.selectors import actor_for

Next = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Give `request.actor`, built at its first use."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return Actor.nobody()
    return actor_for(user, today=timezone.localdate())

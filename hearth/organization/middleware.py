"""Attach the actor to each request."""

from collections.abc import Callable

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.addresses import client_address
from hearth.core.attribution import attribute_to, attribute_to_nobody, is_told, saying_while, told
from hearth.organization.selectors import actor_for

Next = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Give `request.actor`, built at its first use; the database is told who it is."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
                response.streaming_content = saying_while(told(), response.streaming_content)
            return response
        finally:
            attribute_to_nobody()


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return Actor.nobody()
    actor = actor_for(user, today=timezone.localdate())
    if not is_told():  # on a page for customers the customer acts, whoever is signed in
        attribute_to(actor, address=client_address(request))
    return actor

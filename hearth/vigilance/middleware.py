"""Noting what pages and operations show, whichever app they belong to."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils import timezone

from hearth.core.permissions import actor_of
from hearth.core.shown import shown_by
from hearth.vigilance.catalogue import API, PEEK, PEEKED, SAID, WATCHED
from hearth.vigilance.models import Kind
from hearth.vigilance.services import note_read

Next = Callable[[HttpRequest], HttpResponse]
SHOWN = 200


class ReadsMiddleware:
    """Note each time somebody was shown a record, a list of people or a search; one query where there is one.

    A request that ran others within itself names those that were answered as `request.answered_within`. They are noted
    here, where no transaction of theirs takes the note back.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        answered: list[ResolverMatch] = [*getattr(request, "answered_within", ())]
        if request.resolver_match and response.status_code == SHOWN:
            answered.append(request.resolver_match)
        for match in answered:
            if found := _shown(match):
                kind, record_id, is_program = found
                actor, now = actor_of(request), timezone.now()
                note_read(kind, record_id, actor=actor, is_program=is_program, now=now)
        return response


def _shown(match: ResolverMatch) -> tuple[Kind, UUID | None, bool] | None:
    """Return what was read, None where nothing is watched."""
    if match.view_name == PEEK:
        peeked = PEEKED.get(match.kwargs["key"])
        return (peeked, match.kwargs["row_id"], False) if peeked else None
    watched = WATCHED.get(match.view_name)
    if watched is None:
        return None
    kind, parameter = watched
    if parameter == SAID:
        customer_id = shown_by(match)
        return (kind, customer_id, False) if customer_id else None
    return kind, match.kwargs.get(parameter), match.view_name.startswith(API)

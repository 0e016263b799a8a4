"""Telling whom a page shows, where its address does not name the customer; whoever notes reads picks it up."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import ResolverMatch

NAME = "customer_shown"


def tell_shown(request: HttpRequest, customer_id: UUID | None) -> None:
    """Say that the answer shows this customer, None if nobody is shown."""
    if request.resolver_match is not None:
        setattr(request.resolver_match, NAME, customer_id)


def shown_by(match: ResolverMatch) -> UUID | None:
    """Return the customer that an answer said it shows."""
    found: UUID | None = getattr(match, NAME, None)
    return found

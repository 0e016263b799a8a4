"""Who acts on the pages for customers: whoever holds the link, at whatever place the customer is known."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from hearth.core.actor import Actor
from hearth.core.addresses import client_address
from hearth.core.attribution import attributed_to

READER = Actor.system("customer", kind="customer")

View = Callable[..., HttpResponseBase]


def as_customer(view: View) -> View:
    """Have the database told that a customer acts; the view looks nothing up but what its link names."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with attributed_to(READER, address=client_address(request)):
            return view(request, *args, **kwargs)

    return run

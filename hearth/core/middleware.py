"""What a refused act looks like on a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hearth.core.errors import DomainError, NotAllowed

Next = Callable[[HttpRequest], HttpResponse]


class DomainErrorMiddleware:
    """Show a refusal that a view did not handle: 403 for a missing right, 422 for a rule."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        status = 403 if isinstance(error, NotAllowed) else 422
        template = "core/refusal_toast.html" if request.headers.get("HX-Request") else "core/refusal.html"
        return render(request, template, {"error": error}, status=status)

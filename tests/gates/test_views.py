"""No page is reachable that nobody thought about: each view says who may ask, and with which methods."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from django.urls.resolvers import RoutePattern


def list_own_patterns(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Yield route and pattern of every view that is written here or routed here.

    A library's view in our own URL module counts as ours; a library's whole URL module does not, nor do
    the endpoints of the API, whose permissions its own tests walk.
    """
    is_own_module = getattr(resolver.urlconf_module, "__name__", "").startswith("hearth.")
    for entry in resolver.url_patterns:
        route = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from list_own_patterns(entry, route)
        elif is_own_module or entry.callback.__module__.startswith("hearth."):
            yield route, entry


def find_unmarked(resolver: URLResolver) -> list[str]:
    """Return the routes of ours whose view names no permission or no HTTP method."""
    unmarked = []
    for route, pattern in list_own_patterns(resolver):
        access: Any = getattr(pattern.callback, "access", None)
        if not access:
            unmarked.append(f"{route}: no permission")
        elif not getattr(access, "methods", None):
            unmarked.append(f"{route}: no methods")
    return unmarked


def test_every_view_names_its_permission_and_its_methods() -> None:
    unmarked = find_unmarked(get_resolver())

    assert unmarked == []


def test_a_view_without_marks_is_found_however_deep_it_is_routed() -> None:
    def show(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    show.__module__ = "hearth.shop.views"
    deep = include(([path("show/<int:pk>/", show)], "shop"))
    resolver = URLResolver(RoutePattern(""), [path("shop/", deep)])

    unmarked = find_unmarked(resolver)

    assert unmarked == ["/shop/show/<int:pk>/: no permission"]

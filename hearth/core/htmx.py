"""Pages and the parts of them that HTMX swaps."""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

SUCCESS, NOTHING, REFUSED = 200, 204, 422


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    parts: Collection[str] = (),
    status: int = SUCCESS,
) -> HttpResponse:
    """Render the whole page, or the one part that HTMX asked for.

    A part is a `partialdef` whose name is the id of its element and the `hx-target` of who asks for it.
    """
    target = request.headers.get("HX-Target", "") if is_part_request(request) else ""
    chosen = f"{template}#{target}" if target in parts else template
    response = render(request, chosen, dict(context), status=status)
    response.headers["Vary"] = "HX-Request, HX-Target"
    return response


def is_part_request(request: HttpRequest) -> bool:
    """Tell whether HTMX asks for a part; a boosted link and a restored page want the whole."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to another page after a success, also from HTMX."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})


def lead_to(request: HttpRequest, name: str) -> HttpResponse:
    """Send whoever asks to another page; a part that a page fetches by itself stays empty, else it would go on."""
    return HttpResponse(status=NOTHING) if is_part_request(request) else redirect(name)


def page_before(request: HttpRequest) -> str:
    """Return the page of ours that a form names as `next`, else the start page."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else "/"

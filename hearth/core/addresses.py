"""Where a request comes from, and the whole address of a page."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return where a request comes from: the address that the outermost proxy of ours saw, else the connection's."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(told) >= proxies:
        return told[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def public_url(path: str) -> str:
    """Return the whole address of a page, as it goes into a message or onto a screen."""
    return settings.PUBLIC_ADDRESS.rstrip("/") + path

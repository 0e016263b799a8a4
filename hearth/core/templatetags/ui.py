"""Template tags of the shell: icons, figures, the rail."""

import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from hearth.core.navigation import Pin, Place, address_of, pins_for, places_for
from hearth.core.navigation import rail_heads as heads
from hearth.core.permissions import Access, actor_of

register = template.Library()


@lru_cache(maxsize=512)
def _svg(name: str) -> str:
    found = finders.find(f"vendor/icons/{name}.svg")
    if not isinstance(found, str):
        message = f"The icon {name} is not in core/icons.txt, or the assets are not built."
        raise template.TemplateSyntaxError(message)
    lines = [line.strip() for line in Path(found).read_text().splitlines()]
    return " ".join(line for line in lines if not line.startswith("<!--"))


@register.simple_tag
def icon(name: str, css: str = "icon") -> SafeString:
    """Write an icon as inline SVG, hidden from screen readers."""
    return _drawing(name, css)


@lru_cache(maxsize=1024)
def _drawing(name: str, css: str) -> SafeString:
    drawing = _svg(name).replace("<svg", f'<svg aria-hidden="true" class="{css}"', 1)
    return mark_safe(drawing)  # noqa: S308  (a file of ours)


@register.filter
def money(amount: Decimal | float | None) -> str:
    """Write yuan, whole above a thousand, for example ¥1,234,500."""
    if amount is None:
        return "—"
    value = Decimal(amount)
    digits = 0 if abs(value) >= 1_000 or value == value.to_integral_value() else 2
    return f"¥{value:,.{digits}f}"


@register.filter
def cents(amount: Decimal | None) -> str:
    """Write yuan to the cent, for example ¥1,234,500.00, where figures are to be added up."""
    return "—" if amount is None else f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}"


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """Write a share of one as a percentage."""
    return "—" if share is None else f"{share * 100:.{digits}f} %"


@register.filter
def points(difference: float | None, digits: int = 2) -> str:
    """Write a difference of shares in percentage points with its sign."""
    return "—" if difference is None else f"{difference * 100:+.{digits}f}"


@register.filter
def ago(instant: datetime | None) -> str:
    """Write how long ago something was, in the largest unit."""
    if instant is None:
        return "—"
    seconds = (timezone.now() - instant).total_seconds()
    days = int(seconds // 86_400)
    if days >= 365:
        return ngettext("%(n)d year ago", "%(n)d years ago", days // 365) % {"n": days // 365}
    if days >= 30:
        return ngettext("%(n)d month ago", "%(n)d months ago", days // 30) % {"n": days // 30}
    if days >= 1:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    hours = int(seconds // 3_600)
    if hours >= 1:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    return gettext("just now")


@register.filter
def in_language(row: Any, attribute: str = "name") -> str:
    """Read `name_zh` or `name_en` of a row, by the reader's language."""
    suffix = "zh" if (get_language() or "").startswith("zh") else "en"
    return str(getattr(row, f"{attribute}_{suffix}"))


@register.filter
def caps(keys: str) -> list[str]:
    """Return the keys of a shortcut one by one, as they stand on the keyboard."""
    return [pgettext("key", "Space") if key == "Space" else key for key in re.split(r"[ +]", keys)]


@register.simple_tag(takes_context=True)
def rail(context: RequestContext) -> list[dict[str, Any]]:
    """List the places of the left rail; the open one is marked, the first of a section has the heading."""
    request = _request(context)
    entries = [_entry(request, place) for place in places_for(actor_of(request))]
    around = [entry for entry in entries if _is_at(request.path, entry["path"])]
    if around:
        # /customers/duplicates/ is below /customers/: the nearest of them is the one that is open.
        max(around, key=lambda entry: len(entry["path"]))["is_open"] = True
    for _section, of_section in groupby(entries, key=lambda entry: entry["place"].section):
        first = next(of_section)
        first["heading"] = first["place"].section.label
    return entries


@register.simple_tag(takes_context=True)
def rail_heads(context: RequestContext) -> SafeString:
    """Write what stands above the places of the left rail."""
    request = _request(context)
    shown = [head for head in heads.values() if head.is_shown(request)]
    return mark_safe(  # noqa: S308  (what the templates made)
        "".join(render_to_string(head.template, dict(head.context(request)), request) for head in shown)
    )


@register.simple_tag(takes_context=True)
def pins(context: RequestContext) -> list[Pin]:
    """List what the reader keeps in the rail."""
    return pins_for(_request(context))


@register.simple_tag(takes_context=True)
def creations(context: RequestContext) -> list[dict[str, Any]]:
    """List what the reader may create."""
    request = _request(context)
    return [_entry(request, place) for place in places_for(actor_of(request), is_creation=True)]


def _request(context: RequestContext) -> HttpRequest:
    request: HttpRequest = context["request"]
    return request


def _entry(request: HttpRequest, place: Place) -> dict[str, Any]:
    url = address_of(request, place)
    return {"place": place, "url": url, "path": url.partition("?")[0], "is_open": False, "heading": ""}


def _is_at(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: Any) -> str:
    """Write the page's query string with some values changed; an empty value removes the key."""
    values = _request(context).GET.copy()
    for key, value in changes.items():
        values.pop(key, None)
        if value not in ("", None):
            values[key] = str(value)
    return f"?{values.urlencode()}" if values else "?"


@register.simple_tag(takes_context=True)
def may_open(context: RequestContext, address: str) -> bool:
    """Tell whether the reader may open an address of this site; an empty one leads nowhere."""
    try:
        view = resolve(address.partition("?")[0]).func if address else None
    except Resolver404:
        return False
    access: Access | None = getattr(view, "access", None)
    return access is not None and (access.is_public or actor_of(_request(context)).can(access.permission))


@register.simple_tag(takes_context=True)
def may(context: RequestContext, permission: str, org_unit_id: int | None = None) -> bool:
    """Tell whether the reader holds a right, at a place or anywhere."""
    return actor_of(_request(context)).can(permission, org_unit_id)

"""The lines of a timeline, written by a function: a page has dozens, and templates take their time over each."""

from collections.abc import Sequence

from django import template
from django.template.context import Context
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext

from hearth.core.templatetags.ui import icon, money
from hearth.core.timeline import Detail
from hearth.workspace.timeline import Entry

register = template.Library()


@register.simple_tag(takes_context=True)
def timeline_entries(context: Context, entries: Sequence[Entry]) -> SafeString:
    """Write entries as items of a list, the newest first."""
    token = str(context.get("csrf_token", ""))
    return mark_safe("".join(_entry(entry, token) for entry in entries))  # noqa: S308  (escaped part by part)


def _entry(entry: Entry, token: str) -> SafeString:
    return format_html(
        '<li class="d-flex gap-2 mb-3"><span class="avatar avatar-sm bg-{}-lt">{}</span>'
        '<div class="flex-fill overflow-hidden"><div>{} <span class="text-secondary ms-1">{}</span></div>{}</div>'
        "{}</li>",
        entry.colour,
        icon(entry.icon),
        _title(entry),
        f"{localtime(entry.event.occurred_at):%H:%M}",
        _detail(entry.detail, token) if entry.detail else "",
        _buttons(entry.detail, token) if entry.detail else "",
    )


def _title(entry: Entry) -> SafeString:
    parts = [format_html("<strong>{}</strong>", entry.label)]
    if entry.detail and entry.detail.is_internal:
        hint = gettext("Only colleagues see this.")
        parts.append(format_html(' <span class="text-secondary" title="{}">{}</span>', hint, icon("lock")))
    if entry.detail and entry.detail.is_sensitive:
        parts.append(format_html(' <span class="badge bg-orange-lt">{}</span>', gettext("sensitive")))
    if entry.whose:
        parts.append(format_html(' <span class="badge bg-secondary-lt">{}</span>', entry.whose))
    if entry.event.amount:
        parts.append(format_html(" · {}", money(entry.event.amount)))
    return mark_safe("".join(parts))  # noqa: S308  (escaped part by part)


def _detail(detail: Detail, token: str) -> SafeString:
    summary = conditional_escape(detail.summary)
    if detail.url:
        summary = format_html('<a href="{}">{}</a>', detail.url, summary)
    text = ""
    if detail.body:
        text = format_html(
            '<details><summary class="text-secondary">{}</summary><div class="hearth-text">{}</div></details>',
            gettext("Show the text"),
            linebreaksbr(detail.body),
        )
    files = format_html_join(
        "",
        '<a class="me-2" href="{}" download>{}{}</a>',
        ((address, icon("paperclip"), name) for name, address in detail.links),
    )
    if detail.reveal_url:
        asking = {"reveal_url": detail.reveal_url, "csrf_token": token}
        text = render_to_string("core/components/reveal.html", asking)
    return format_html('<div class="text-truncate">{}</div>{}{}', summary, text, files)


def _buttons(detail: Detail, token: str) -> SafeString:
    buttons = []
    if detail.mark_url:
        label = gettext("Not sensitive any more") if detail.is_sensitive else gettext("Mark as sensitive")
        buttons.append(_button(detail.mark_url, label, "lock", token, is_on=detail.is_sensitive))
    if detail.pin_url:
        label = gettext("Unpin") if detail.is_pinned else gettext("Pin")
        buttons.append(_button(detail.pin_url, label, "pin", token, is_on=detail.is_pinned))
    return mark_safe("".join(buttons))  # noqa: S308  (escaped part by part)


def _button(url: str, label: str, symbol: str, token: str, *, is_on: bool) -> SafeString:
    return format_html(
        '<form method="post" action="{0}" hx-post="{0}" hx-swap="none">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{1}">'
        '<button class="btn btn-icon btn-sm btn-ghost-secondary{2}" aria-label="{3}" title="{3}">{4}</button></form>',
        url,
        token,
        " text-yellow" if is_on else "",
        label,
        icon(symbol),
    )

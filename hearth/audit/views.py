"""The log for auditors, and the history of one record on its page."""

from datetime import date

from django.http import HttpRequest, HttpResponse

from hearth.accounts.models import User
from hearth.audit.coverage import watched_models
from hearth.audit.permissions import VIEW_AUDIT
from hearth.audit.selectors import AuditFilters, entry_page, name_of, read_entries
from hearth.core.errors import NotAllowed
from hearth.core.htmx import page
from hearth.core.permissions import actor_of, requires


@requires(VIEW_AUDIT)
def entries(request: HttpRequest) -> HttpResponse:
    """Who changed what, newest first; for those whose right holds everywhere, since entries have no place."""
    if not actor_of(request).scope(VIEW_AUDIT).everywhere:
        raise NotAllowed(permission=VIEW_AUDIT)
    filters = _filters(request)
    found = entry_page(filters, cursor=request.GET.get("cursor", ""))
    tables = sorted((name_of(model._meta.db_table), model._meta.db_table) for model in watched_models())
    context = {
        "page": found,
        "noted": read_entries(found.rows, actor_of(request)),
        "filters": filters,
        "who": request.GET.get("who", ""),
        "tables": tables,
        "is_narrowed": any(request.GET.get(name) for name in ("table", "row", "who", "since", "until")),
    }
    return page(request, "audit/entries.html", context, parts={"noted"})


def _filters(request: HttpRequest) -> AuditFilters:
    asked = request.GET
    return AuditFilters(
        table=_text(asked.get("table", "")),
        row_id=_text(asked.get("row", "")),
        user_id=_user_id(_text(asked.get("who", ""))),
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
    )


def _text(given: str) -> str:
    """Return what was typed; the database knows no zero bytes."""
    return given.replace("\0", "").strip()


def _user_id(name: str) -> int | None:
    """Return the id of the account of this user name; one that nobody has, where there is none."""
    if not name:
        return None
    return User.objects.filter(username=name).values_list("pk", flat=True).first() or -1


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

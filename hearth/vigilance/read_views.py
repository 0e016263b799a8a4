"""What people were shown, searched by person, record, kind and day."""

import re
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from hearth.accounts.models import User
from hearth.core.htmx import page
from hearth.core.permissions import actor_of, requires
from hearth.vigilance.models import Kind
from hearth.vigilance.permissions import VIEW_ALARM, require_everywhere
from hearth.vigilance.selectors import ReadFilters, read_page, with_records

NOBODY = -1
NOTHING = UUID(int=0)
_ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)
ASKED = ("who", "record", "kind", "since", "until")


@requires(VIEW_ALARM)
def reads(request: HttpRequest) -> HttpResponse:
    """Who was shown what, newest first; for those whose right holds everywhere, as reads have no place."""
    actor = actor_of(request)
    require_everywhere(actor, VIEW_ALARM)
    asked = {name: request.GET.get(name, "").replace("\0", "").strip() for name in ASKED}
    found = read_page(_filters(asked), cursor=request.GET.get("cursor", ""))
    context = {
        "reads": with_records(found.rows, actor),
        "next_cursor": found.next_cursor,
        "asked": asked,
        "kinds": Kind.choices,
        "is_narrowed": any(asked.values()),
    }
    return page(request, "vigilance/reads.html", context, parts={"reads"})


def _filters(asked: dict[str, str]) -> ReadFilters:
    return ReadFilters(
        user_id=_user_id(asked["who"]),
        record_id=_record_id(asked["record"]),
        kind=asked["kind"] if asked["kind"] in Kind.values else "",
        since=_day(asked["since"]),
        until=_day(asked["until"]),
    )


def _user_id(name: str) -> int | None:
    """Return the id of the account of a user name; one that nobody has, where there is none."""
    if not name:
        return None
    return User.objects.filter(username=name).values_list("pk", flat=True).first() or NOBODY


def _record_id(text: str) -> UUID | None:
    """Return the id in what was typed, an address of a page perhaps; one of nothing, where there is none."""
    if not text:
        return None
    found = _ID.search(text)
    return UUID(found.group()) if found else NOTHING


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

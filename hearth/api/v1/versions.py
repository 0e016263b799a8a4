"""Entity tags that are versions of rows, and refusing a change of a version that is no more."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest

from hearth.api.problems import Problem
from hearth.core.versions import EPOCH


def version_at(changed_at: datetime, *further: int) -> str:
    """Return the entity tag of a row that was last changed at a moment, `further` numbers make it finer."""
    parts = [(changed_at - EPOCH) // timedelta(microseconds=1), *further]
    return f'"{".".join(f"{part:x}" for part in parts)}"'


def moment_of(tag: str) -> datetime | None:
    """Read the moment that a tag of ours stands for, None for any other."""
    text = tag.removeprefix("W/").strip('"').partition(".")[0]
    try:
        return EPOCH + timedelta(microseconds=int(text, 16))
    except (ValueError, OverflowError):
        return None


def asked_versions(request: HttpRequest) -> set[str]:
    """Return the tags of If-Match, none where it was not sent."""
    return {tag.strip() for tag in request.headers.get("If-Match", "").split(",") if tag.strip()}


def require_version(
    request: HttpRequest, current: str, refuse: Callable[[], Problem], *, is_demanded: bool = True
) -> None:
    """Refuse a change when the row is no longer as the caller knows it; `*` means any version.

    :raises Problem: 412 as `refuse` says it, or 428 where If-Match is demanded and was not sent
    """
    tags = asked_versions(request)
    if not tags and is_demanded:
        raise Problem("version_required")
    if tags and not tags & {"*", current}:
        raise refuse()

"""Telling people something inside the product."""

from collections.abc import Collection, Mapping
from datetime import datetime

from hearth.accounts.models import Notification
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.notifications import notification_kinds


def notify(
    user_ids: Collection[int],
    kind: str,
    *,
    url: str,
    now: datetime,
    params: Mapping[str, str | int | Mapping[str, str]] | None = None,
    is_sample: bool = False,
) -> int:
    """Put a sentence into the bell of some people, and return to how many; one query.

    A step of the act that they are told of: it opens no transaction, so that nobody hears of what was undone.
    `kind` must be declared, and `params` fill its sentence; an amount of personal data it names is seen by these
    people only.
    """
    sentence = notification_kinds[kind].text
    kept = dict(params or {})
    str(sentence) % kept  # a missing parameter fails here, not at the reader's
    rows = [
        Notification(
            user_id=user_id,
            kind=kind,
            params=kept,
            url=url,
            created_at=now,
            updated_at=now,
            is_sample=is_sample,
        )
        for user_id in sorted(set(user_ids))
    ]
    insert_many(rows)
    return len(rows)


def mark_read(actor: Actor, *, now: datetime, notification: Notification | None = None) -> int:
    """Mark one of the actor's notifications, or all of them, as read; return how many were not. May be repeated."""
    unread = Notification.objects.visible_to(actor).unread()
    if notification:
        unread = unread.filter(pk=notification.pk)
    return unread.update(read_at=now, updated_at=now)

"""Giving what has no owner to somebody."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.accounts.services import notify
from hearth.books.notifications import ADOPTED
from hearth.books.permissions import HAND_OVER
from hearth.books.selectors import within_reach, without_owner
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.ownership import Holding
from hearth.organization.selectors import actor_for


@transaction.atomic
def give_without_owner(
    holding: Holding, ids: Collection[UUID], *, to_user: User, actor: Actor, now: datetime
) -> int:
    """Put a person in charge of rows that have no owner, and return how many.

    Rows that have an owner meanwhile, or lie where the person has no right, stay as they are.

    :raises NotAllowed: if the actor may hand over books nowhere
    """
    if not actor.can(HAND_OVER):
        raise NotAllowed(permission=HAND_OVER)
    today = localdate(now)
    rows = within_reach(holding, without_owner(holding, today=today), actor).filter(pk__in=ids)
    receiver = actor_for(to_user, today=today)
    scope = receiver.scope(holding.permission)
    if not scope.everywhere:
        allowed = holding.open_rows().filter(**{f"{holding.place}__in": sorted(scope.org_unit_ids)})
        rows = rows.filter(pk__in=allowed.values("pk"))
    by_owner: dict[int | None, list[UUID]] = {}
    for row_id, owner_id in rows.values_list("pk", f"{holding.field}_id"):
        by_owner.setdefault(owner_id, []).append(row_id)
    given = sum(
        len(holding.pass_on(some, from_user_id=owner_id, to_user_id=to_user.pk, actor=actor, now=now))
        for owner_id, some in by_owner.items()
    )
    if given:
        notify(
            [to_user.pk],
            ADOPTED,
            url=reverse("workspace:home"),
            now=now,
            params={"count": given, "title": str(holding.label)},
        )
    return given

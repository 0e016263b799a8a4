"""The base of every QuerySet: the row rule and keyset pages live here."""

from typing import ClassVar, Self, TypeVar

from django.db import models

from hearth.core.actor import Actor

RecordT = TypeVar("RecordT", bound=models.Model)


class RecordQuerySet(models.QuerySet[RecordT]):
    """Rows that carry no place of their own."""


class ScopedQuerySet(RecordQuerySet[RecordT]):
    """Rows that belong to a place in the organisation tree.

    A subclass names the right that shows its rows and the path to the place.
    """

    view_permission: ClassVar[str]
    place_path: ClassVar[str] = "org_unit_id"

    def visible_to(self, actor: Actor) -> Self:
        """Keep the rows at places where the actor may see them; no query is made here."""
        return self.visible_with(actor, self.view_permission)

    def visible_with(self, actor: Actor, permission: str) -> Self:
        """Keep the rows at places where the actor holds `permission`."""
        scope = actor.scope(permission)
        if scope.everywhere:
            return self
        if not scope:
            return self.none()
        return self.filter(**{f"{self.place_path}__in": sorted(scope.org_unit_ids)})

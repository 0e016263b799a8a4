"""Saved views of lists, and which of them a person keeps at hand."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.expressions import ExpressionWrapper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet
from hearth.lists.permissions import SHARE_VIEW
from hearth.organization.models import Membership, OrgUnit


class SavedViewQuerySet(RecordQuerySet["SavedView"]):
    def visible_to(self, actor: Actor) -> "SavedViewQuerySet":
        """Keep the actor's own views, those of teams they belong to, and those of places they work at or below."""
        current = Membership.objects.current(timezone.localdate()).filter(user_id=actor.user_id or 0)
        in_team = current.filter(org_unit=models.OuterRef("org_unit"))
        path = ExpressionWrapper(models.OuterRef("org_unit__path"), output_field=models.CharField())
        at_place = current.alias(shared_at=path).filter(org_unit__path__startswith=models.F("shared_at"))
        return self.filter(
            models.Q(owner_id=actor.user_id)
            | (models.Q(visibility=SavedView.Visibility.TEAM) & models.Exists(in_team))
            | (models.Q(visibility=SavedView.Visibility.PLACE) & models.Exists(at_place))
        )


class SavedView(Record):
    """What a list shows, under a name. It is layout, not access: each reader sees the rows they may see.

    `parameters` are those of the list's address.
    """

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("only me")
        TEAM = "team", _("who works at one place")
        PLACE = "place", _("who works at a place or below it")

    object_key = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    parameters = models.JSONField(default=dict)
    visibility = models.CharField(
        _("shared with"), max_length=8, choices=Visibility, default=Visibility.PRIVATE
    )
    org_unit = models.ForeignKey(
        OrgUnit, on_delete=models.CASCADE, null=True, blank=True, related_name="saved_views"
    )
    is_locked = models.BooleanField(_("only I may change it"), default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "object_key", "name"], name="one_view_for_each_name_of_an_owner"
            ),
            models.CheckConstraint(
                condition=models.Q(visibility="private", org_unit__isnull=True)
                | (~models.Q(visibility="private") & models.Q(org_unit__isnull=False)),
                name="a_shared_view_says_where",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may_be_changed_by(self, actor: Actor) -> bool:
        """The owner always may; of a shared view that is not locked also who may share views at its place."""
        if self.owner_id == actor.user_id:
            return True
        return bool(self.org_unit_id) and not self.is_locked and actor.can(SHARE_VIEW, self.org_unit_id)


class PinnedViewQuerySet(RecordQuerySet["PinnedView"]):
    pass


class PinnedView(models.Model):
    """A person keeps a view in the rail, in a folder where they named one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pinned_views")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="pins")
    position = models.PositiveSmallIntegerField(default=0)
    folder = models.CharField(_("folder"), max_length=30, blank=True)

    objects = PinnedViewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "view"], name="a_view_is_pinned_once_by_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.view_id}"


class DefaultViewQuerySet(RecordQuerySet["DefaultView"]):
    pass


class DefaultView(models.Model):
    """The view a person's list begins with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="default_views")
    object_key = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="defaults")

    objects = DefaultViewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "object_key"], name="one_default_view_for_each_list_of_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.object_key}"


class BulkRunQuerySet(RecordQuerySet["BulkRun"]):
    def visible_to(self, actor: Actor) -> "BulkRunQuerySet":
        """Keep the actor's own."""
        return self.filter(created_by_id=actor.user_id or 0)


class BulkRun(Record):
    """A change of many rows that somebody asked for; a job works through its rows."""

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("change of many rows", "under way")
        DONE = "done", pgettext_lazy("change of many rows", "done")
        UNDOING = "undoing", pgettext_lazy("change of many rows", "being undone")
        UNDONE = "undone", pgettext_lazy("change of many rows", "undone")

    object_key = models.CharField(max_length=40)
    action_key = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    total_rows = models.PositiveIntegerField(_("rows"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bulk_runs"
    )

    objects = BulkRunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.object_key} {self.action_key} {self.id}"


class BulkRowQuerySet(RecordQuerySet["BulkRow"]):
    pass


class BulkRow(models.Model):
    """What became of one row of a change; `before` is what it had, for taking the change back."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("change of many rows", "waiting")
        CHANGED = "changed", pgettext_lazy("change of many rows", "changed")
        REFUSED = "refused", pgettext_lazy("change of many rows", "refused")
        UNDONE = "undone", pgettext_lazy("change of many rows", "undone")
        KEPT = "kept", pgettext_lazy("change of many rows", "not undone")

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="rows")
    row_id = models.UUIDField()
    outcome = models.CharField(_("result"), max_length=8, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    before = models.JSONField(default=dict)

    objects = BulkRowQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "row_id"], name="a_row_is_changed_once_in_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.outcome}"

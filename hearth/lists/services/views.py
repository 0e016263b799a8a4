"""Saving, sharing and keeping views of lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.lists.definitions import ListDefinition
from hearth.lists.events import ViewShared
from hearth.lists.models import DefaultView, PinnedView, SavedView
from hearth.lists.permissions import SHARE_VIEW
from hearth.lists.state import Parameters
from hearth.organization.models import OrgUnit

LONGEST_FOLDER = 30


class ViewNameTaken(InvalidInput):
    """A person tells their views of one list apart by name."""

    code = "view_name_taken"
    message = _("You have a view with this name already.")


class ViewNeedsPlace(InvalidInput):
    """A shared view says with whom."""

    code = "view_needs_place"
    message = _("Choose the place whose people shall see the view.")


class FolderNameTooLong(InvalidInput):
    """The rail is narrow."""

    code = "folder_name_too_long"
    message = _("The name of a folder has at most %(most)s characters.")


class ViewIsLocked(DomainError):
    """Only the owner changes a locked view."""

    code = "view_is_locked"
    message = _("Only its owner may change this view. Save yours under another name.")


@transaction.atomic
def save_view(
    definition: ListDefinition[Any],
    *,
    actor: Actor,
    now: datetime,
    name: str,
    parameters: Parameters,
    visibility: str = SavedView.Visibility.PRIVATE,
    org_unit: OrgUnit | None = None,
    is_locked: bool = False,
    is_sample: bool = False,
) -> SavedView:
    """Keep what a list shows under a name of the actor's own.

    :raises NotAllowed: if the actor may not see the list, or not share views at the place
    :raises ViewNameTaken: if the actor has a view of this list with this name
    :raises ViewNeedsPlace: if it is shared with nobody in particular
    """
    actor.require(definition.permission)
    view = SavedView(
        object_key=definition.key,
        owner_id=_person(actor),
        created_at=now,
        updated_at=now,
        name=name.strip(),
        is_sample=is_sample,
    )
    _require_free_name(view)
    view.parameters = dict(parameters)
    _share(view, actor, visibility, org_unit, is_locked)
    view.save()
    _record_sharing(view, actor, now)
    return view


@transaction.atomic
def save_view_parameters(
    view: SavedView, *, actor: Actor, now: datetime, parameters: Parameters
) -> SavedView:
    """Let a view show something else from now on.

    :raises ViewIsLocked: if the actor may not change the view
    """
    view = _changeable(view, actor)
    view.parameters, view.updated_at = dict(parameters), now
    view.save(update_fields=["parameters", "updated_at"])
    return view


@transaction.atomic
def change_view(
    view: SavedView,
    *,
    actor: Actor,
    now: datetime,
    name: str,
    visibility: str,
    org_unit: OrgUnit | None,
    is_locked: bool,
) -> SavedView:
    """Rename a view, share it or take it back.

    :raises ViewIsLocked: if the actor may not change the view
    :raises NotAllowed: if the actor may not share views at the place
    :raises ViewNameTaken: if the owner has another view of this list with this name
    :raises ViewNeedsPlace: if it is shared with nobody in particular
    """
    view = _changeable(view, actor)
    before = (view.visibility, view.org_unit_id)
    view.name, view.updated_at = name.strip(), now
    _require_free_name(view)
    _share(view, actor, visibility, org_unit, is_locked)
    view.save()
    if (view.visibility, view.org_unit_id) != before:
        _record_sharing(view, actor, now)
    return view


@transaction.atomic
def delete_view(view: SavedView, *, actor: Actor) -> None:
    """Remove a view for everybody; lists that began with it begin with everything.

    :raises ViewIsLocked: if the actor may not change the view
    """
    _changeable(view, actor).delete()


@transaction.atomic
def pin_view(view: SavedView, *, actor: Actor, is_pinned: bool) -> None:
    """Keep a view in the actor's rail, or no longer. May be repeated."""
    own = PinnedView.objects.filter(user_id=_person(actor))
    if not is_pinned:
        own.filter(view=view).delete()
        return
    PinnedView.objects.bulk_create(
        [PinnedView(user_id=_person(actor), view=view, position=own.count())], ignore_conflicts=True
    )


@transaction.atomic
def arrange_pins(wanted: Sequence[tuple[UUID, str]], *, actor: Actor) -> None:
    """Put the actor's pins in order and into folders: view and name of the folder, empty for none.

    What is not pinned is passed over; pins that are not named follow, in the order they had. May be repeated.

    :raises FolderNameTooLong: if the rail has no room for a name
    """
    folders = {view_id: folder.strip() for view_id, folder in wanted}
    if any(len(folder) > LONGEST_FOLDER for folder in folders.values()):
        raise FolderNameTooLong("folder", most=LONGEST_FOLDER)
    own = list(
        PinnedView.objects.select_for_update().filter(user_id=_person(actor)).order_by("position", "id")
    )
    places = {view_id: place for place, view_id in enumerate(folders)}
    own.sort(key=lambda pin: places.get(pin.view_id, len(places)))
    for position, pin in enumerate(own):
        pin.position, pin.folder = position, folders.get(pin.view_id, pin.folder)
    PinnedView.objects.bulk_update(own, ["position", "folder"])


@transaction.atomic
def set_default_view(definition: ListDefinition[Any], *, actor: Actor, view: SavedView | None) -> None:
    """Let the actor's list begin with a view, or with everything. May be repeated."""
    DefaultView.objects.filter(user_id=_person(actor), object_key=definition.key).delete()
    if view:
        DefaultView.objects.create(user_id=_person(actor), object_key=definition.key, view=view)


def _person(actor: Actor) -> int:
    """Return the user behind the actor: views belong to people, not to the system."""
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


def _changeable(view: SavedView, actor: Actor) -> SavedView:
    view = SavedView.objects.select_for_update(of=("self",)).get(pk=view.pk)
    if not view.may_be_changed_by(actor):
        raise ViewIsLocked
    return view


def _share(view: SavedView, actor: Actor, visibility: str, org_unit: OrgUnit | None, is_locked: bool) -> None:
    """Set with whom a view is shared; where that was so before, no right is asked for again."""
    if visibility == SavedView.Visibility.PRIVATE:
        org_unit = None
    elif org_unit is None:
        raise ViewNeedsPlace("org_unit")
    elif (visibility, org_unit.pk) != (view.visibility, view.org_unit_id):
        actor.require(SHARE_VIEW, org_unit.pk)
    view.visibility, view.org_unit = visibility, org_unit
    view.is_locked = is_locked


def _require_free_name(view: SavedView) -> None:
    same = SavedView.objects.filter(
        owner_id=view.owner_id, object_key=view.object_key, name=view.name
    ).exclude(pk=view.pk)
    if same.exists():
        raise ViewNameTaken("name")


def _record_sharing(view: SavedView, actor: Actor, now: datetime) -> None:
    if view.org_unit_id:
        event = ViewShared(
            org_unit_id=view.org_unit_id,
            subject_id=view.pk,
            object_key=view.object_key,
            visibility=view.visibility,
            is_sample=view.is_sample,
        )
        record(event, actor=actor, now=now)

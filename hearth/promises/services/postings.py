"""Where disclosures are shown."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.core.second_person import PastThatStep, lock
from hearth.core.uploads import PHOTO, accept_upload
from hearth.imports.files import store_accepted
from hearth.promises.events import DisclosureShown
from hearth.promises.models import Disclosure, Posting
from hearth.promises.services.disclosures import about
from hearth.promises.services.second import writer_of

State = Disclosure.State


class ShownUnlikely(InvalidInput):
    """Nothing is shown before it is published, or from a day that lies ahead."""

    code = "shown_unlikely"
    message = _(
        "A version is shown from the day on which it was published, and not from a day that lies ahead."
    )


class PlaceMissing(InvalidInput):
    """Somebody must be able to walk there and look."""

    code = "place_missing"
    message = _("Say where exactly it is shown.")


@dataclass(frozen=True)
class Shown:
    """Where a version is shown, since when, and the photo that proves it."""

    place: str
    where: str
    since_date: date
    photo: "UploadedFile[Any] | None" = None


@transaction.atomic
def post_disclosure(disclosure: Disclosure, shown: Shown, *, actor: Actor, now: datetime) -> Posting:
    """Note that a published version is shown somewhere.

    :raises NotAllowed: if the actor may not write disclosures there, or is no person
    :raises PastThatStep: if the version is not published
    :raises PlaceMissing, ShownUnlikely: if place or day do not hold
    :raises InvalidInput: as `accept_upload`
    """
    locked = lock(disclosure, State.PUBLISHED)
    user_id = writer_of(actor, locked.org_unit_id)
    if shown.place not in Posting.Place.values:
        raise InvalidInput("place")
    if not shown.where.strip():
        raise PlaceMissing("where")
    if not localdate(locked.published_at) <= shown.since_date <= localdate(now):
        raise ShownUnlikely("since_date")
    photo = store_accepted(accept_upload(shown.photo, PHOTO), now=now) if shown.photo else None
    row = Posting.objects.create(
        org_unit_id=locked.org_unit_id,
        disclosure=locked,
        place=shown.place,
        where=shown.where.strip(),
        since_date=shown.since_date,
        photo=photo,
        user_id=user_id,
        is_sample=locked.is_sample,
        created_at=now,
        updated_at=now,
    )
    record(DisclosureShown(**about(locked), place=row.place, is_ended=False), actor=actor, now=now)
    return row


@transaction.atomic
def end_posting(posting: Posting, *, actor: Actor, now: datetime) -> Posting:
    """Note that a version is shown there no longer; of a superseded one too.

    :raises NotAllowed: if the actor may not write disclosures there, or is no person
    :raises PastThatStep: if it was taken down before
    """
    locked = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    writer_of(actor, locked.org_unit_id)
    if locked.until_date:
        raise PastThatStep
    locked.until_date, locked.updated_at = localdate(now), now
    locked.save(update_fields=["until_date", "updated_at"])
    event = DisclosureShown(**about(locked.disclosure), place=locked.place, is_ended=True)
    record(event, actor=actor, now=now)
    return locked

"""Wordings that no text may have: those that ship, and those of places."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hearth.contract_texts.models import ForbiddenWording
from hearth.contract_texts.permissions import KEEP_TEMPLATES
from hearth.contract_texts.wordings import Forbidden, shipped_wordings
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.organization.models import OrgUnit

SHORTEST = 2


class WordsTooShort(InvalidInput):
    """One character would be found everywhere."""

    code = "words_too_short"
    message = _("Give at least two characters.")


class WordsForbiddenAlready(InvalidInput):
    """A place forbids words once."""

    code = "words_forbidden_already"
    message = _("These words are forbidden here already.")


def wordings_at(place: OrgUnit) -> list[Forbidden]:
    """Return what is forbidden at a place: what ships, its own, and what is forbidden above; one query."""
    rows = ForbiddenWording.objects.held_at(place).order_by("words", "id")
    return [*shipped_wordings(), *(Forbidden(row.words, row.because) for row in rows)]


@transaction.atomic
def forbid_words(
    place: OrgUnit, *, words: str, because: str, actor: Actor, now: datetime
) -> ForbiddenWording:
    """Forbid words in every text of a place and below it.

    :raises NotAllowed: if the actor may not keep templates there
    :raises WordsTooShort, WordsForbiddenAlready: if they cannot be forbidden
    """
    actor.require(KEEP_TEMPLATES, place.pk)
    plain = words.strip()
    if len(plain) < SHORTEST:
        raise WordsTooShort("words")
    try:
        with transaction.atomic():
            return ForbiddenWording.objects.create(
                org_unit=place,
                words=plain[:60],
                because=because.strip()[:200],
                user_id=actor.user_id,
                created_at=now,
                updated_at=now,
            )
    except IntegrityError as error:
        raise WordsForbiddenAlready("words") from error


@transaction.atomic
def allow_words(wording: ForbiddenWording, *, actor: Actor, now: datetime) -> ForbiddenWording:
    """Forbid words no longer; the row stays, and a second time changes nothing.

    :raises NotAllowed: if the actor may not keep templates there
    """
    actor.require(KEEP_TEMPLATES, wording.org_unit_id)
    wording.is_active, wording.updated_at = False, now
    wording.save(update_fields=["is_active", "updated_at"])
    return wording

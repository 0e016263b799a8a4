"""What a contact says, as far as a reader may know it; of one marked sensitive nothing stands in the open columns."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext

from hearth.channels.models import Interaction
from hearth.channels.ruled_fields import SENSITIVE_NOTE
from hearth.core.actor import Actor
from hearth.customers.permissions import REVEAL_CONTACT


@dataclass(frozen=True, slots=True)
class Words:
    """Summary and text for one reader. `is_masked`: the summary is a mask; `may_reveal`: a reason uncovers it."""

    summary: str
    body: str
    is_masked: bool = False
    may_reveal: bool = False


def say_in_secret(row: Interaction, summary: str, body: str) -> None:
    """Give a row its words so that they are kept encrypted only; the row is not saved."""
    row.is_sensitive, row.summary, row.body = True, "", ""
    row.words = json.dumps([summary, body], ensure_ascii=False)


def said(row: Interaction) -> tuple[str, str]:
    """Return summary and text in full, for whoever has asked whether they may be shown."""
    if not row.is_sensitive:
        return row.summary, row.body
    if not row.words:
        return "", ""
    summary, body = json.loads(row.words)
    return summary, body


def words_for(row: Interaction, actor: Actor) -> Words | None:
    """Return the words as the actor may read them, or None where a rule hides even that there are some."""
    if not row.is_sensitive or actor.can(SENSITIVE_NOTE.in_full, row.org_unit_id):
        return Words(*said(row))
    if not actor.can(SENSITIVE_NOTE.known, row.org_unit_id):
        return None
    may_reveal = actor.can(REVEAL_CONTACT, row.org_unit_id)
    return Words(gettext("Sensitive, masked"), "", is_masked=True, may_reveal=may_reveal)

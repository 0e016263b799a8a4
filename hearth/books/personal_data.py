"""Handovers name records by id; what colleagues wrote about one may name a person."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.books.models import BookHandover, BookMove
from hearth.core.personal_data import Person, holds_none, register_personal_data, strike_out_in


def erase_notes(person: Person, now: datetime) -> int:
    return strike_out_in(BookHandover.objects.all(), person, "note")


register_personal_data("books.notes", _("Notes of handovers"), BookHandover, erase=erase_notes)
holds_none(BookMove, because="Which record went to which colleague, by id.")

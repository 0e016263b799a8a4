"""Printing texts: a version that was given is printed once and kept."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.contract_texts.facts import digest_of_words
from hearth.contract_texts.models import ContractText
from hearth.contract_texts.printing import typeset
from hearth.contract_texts.services.steps import clauses_of, words_of
from hearth.core.errors import DomainError
from hearth.core.models import StoredFile
from hearth.imports.files import store


class PrintGone(DomainError):
    """What was struck out since is not printed under the checksum of the words that were signed."""

    code = "print_gone"
    message = _("The print was removed with a person's data. The signed paper is kept with the contract.")


def print_draft(text: ContractText, *, now: datetime) -> bytes:
    """Return a text that was not given yet as PDF, marked as a draft on every page; nothing is kept.

    :raises NotPrintable: naming characters that the fonts do not have
    """
    return typeset(text, clauses_of(text), number=text.contract.number, at=now)


@transaction.atomic
def print_text(text: ContractText, *, now: datetime) -> StoredFile:
    """Return the kept PDF of a version that was given; whoever asks first has it made, of two at once the first.

    The caller has shown that the reader may see the text.

    :raises PrintGone: if its words are no longer those of its checksum
    """
    rows = ContractText.objects.select_for_update(of=("self",)).select_related("printed", "contract")
    locked = rows.get(pk=text.pk)
    if locked.printed:
        return locked.printed
    clauses, at = clauses_of(locked), locked.given_at or now
    if digest_of_words(locked.title, words_of(clauses), locked.instalments) != locked.digest:
        raise PrintGone
    made = typeset(locked, clauses, number=locked.contract.number, at=at)
    locked.printed = store(ContentFile(made), name=f"{locked.contract.number}-V{locked.version}.pdf", now=now)
    locked.save(update_fields=["printed"])
    return locked.printed

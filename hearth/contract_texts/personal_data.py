"""Texts of a person's contracts and what they confirmed: given out, and kept with the contract."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.contract_texts.models import (
    ClauseConfirmation,
    ContractTemplate,
    ContractText,
    ForbiddenWording,
    TemplateClause,
    TextClause,
    TextReading,
)
from hearth.core.personal_data import (
    Person,
    Table,
    holds_none,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.core.personal_files import remove_file


def export_readings(person: Person) -> Table:
    rows = ClauseConfirmation.objects.filter(reading__customer__in=person.ids)
    return table_of(
        rows.select_related("reading__text__contract", "clause").order_by("created_at", "id"),
        ("reading__text__contract__number", _("contract")),
        ("reading__text__version", _("version")),
        ("clause__heading", pgettext_lazy("clause", "heading")),
        "how",
        "proof",
        ("created_at", pgettext_lazy("reading", "confirmed")),
    )


def export_texts(person: Person) -> Table:
    rows = ContractText.objects.filter(readings__customer__in=person.ids).select_related("contract")
    return table_of(
        rows.order_by("created_at", "id"),
        ("contract__number", _("contract")),
        "title",
        "version",
        "state",
        "given_at",
        "signed_date",
        "check_code",
    )


def prints_of(person: Person) -> Iterator[tuple[str, Path]]:
    rows = ContractText.objects.filter(readings__customer__in=person.ids, printed__isnull=False)
    for row in rows.select_related("printed").order_by("created_at", "id"):
        if row.printed:
            yield row.printed.name, Path(row.printed.file.path)


def erase_texts(person: Person, now: datetime) -> int:
    """Strike the person out of the words, and remove the prints: the signed paper is kept with the contract.

    The checksum stays, by which that paper can be told from another.
    """
    rows = ContractText.objects.filter(readings__customer__in=person.ids, printed__isnull=False)
    prints = []
    for row in rows.select_related("printed"):
        prints.append(row.printed)
        row.printed = None
        row.save(update_fields=["printed"])
    for kept in prints:
        if kept:
            remove_file(kept)
    number = strike_out_in(TextClause.objects.all(), person, "heading", "wording", "standard", "because")
    number += strike_out_in(ContractText.objects.all(), person, "title", "returned_because")
    return number + len(prints)


def erase_readings(person: Person, now: datetime) -> int:
    """Keep that the clauses were confirmed, with the contract; whoever is named in a proof is struck out."""
    number = strike_out_in(TextReading.objects.all(), person, "proof")
    return number + strike_out_in(ClauseConfirmation.objects.all(), person, "proof")


def erase_from_templates(person: Person, now: datetime) -> int:
    """A template is made for everybody; where it names a person all the same, the name is struck out."""
    number = strike_out_in(ContractTemplate.objects.all(), person, "title", "returned_because")
    number += strike_out_in(TemplateClause.objects.all(), person, "heading", "wording")
    return number


register_personal_data(
    "contract_texts.texts",
    _("Texts of contracts"),
    ContractText,
    TextClause,
    export=export_texts,
    erase=erase_texts,
    files=prints_of,
)
register_personal_data(
    "contract_texts.readings",
    _("Clauses that you confirmed"),
    TextReading,
    ClauseConfirmation,
    export=export_readings,
    erase=erase_readings,
)
register_personal_data(
    "contract_texts.templates",
    _("Names in templates of contracts"),
    ContractTemplate,
    TemplateClause,
    erase=erase_from_templates,
)
holds_none(ForbiddenWording, because="Words that no contract may have, whoever buys.")

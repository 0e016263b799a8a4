"""What buyers acknowledged: given out, and kept with the contract it belongs to."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import (
    Kept,
    LegalHold,
    Person,
    Table,
    delete_rows,
    holds_none,
    legal_holds,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.core.personal_files import remove_file
from hearth.core.retention import KeptKind, Way, keep_for_a_time
from hearth.promises.models import (
    Acknowledgement,
    AdverseFactor,
    Disclosure,
    Posting,
    Promise,
    PromiseCase,
    PromisedUnit,
    PromiseFile,
    PromiseOutcome,
)
from hearth.promises.models.disclosures import AcknowledgementQuerySet
from hearth.sales.models import Contract


def export_acknowledgements(person: Person) -> Table:
    rows = Acknowledgement.objects.filter(customer__in=person.ids).order_by("acknowledged_date", "id")
    return table_of(
        rows.select_related("disclosure__project", "unit", "evidence_file"),
        "acknowledged_date",
        "how",
        ("disclosure__project__name", _("project")),
        ("disclosure__heading", _("heading")),
        ("disclosure__version", _("version")),
        ("unit__number", _("home")),
        "proof",
        ("evidence_file__name", _("scan of what was signed")),
    )


def papers_of(person: Person) -> Iterator[tuple[str, Path]]:
    rows = Acknowledgement.objects.filter(customer__in=person.ids, evidence_file__isnull=False)
    for row in rows.select_related("evidence_file").order_by("acknowledged_date", "id"):
        if row.evidence_file:
            yield row.evidence_file.name, Path(row.evidence_file.file.path)


def _of_contracts(rows: AcknowledgementQuerySet) -> AcknowledgementQuerySet:
    """Keep those of customers who have signed for a home of the project."""
    signed = Contract.objects.filter(
        customer=OuterRef("customer"), unit__project=OuterRef("disclosure__project")
    )
    return rows.filter(Exists(signed))


def _remove(rows: AcknowledgementQuerySet) -> int:
    files = [row.evidence_file for row in rows.select_related("evidence_file") if row.evidence_file]
    number = delete_rows(rows)
    for file in files:
        remove_file(file)
    return number


def erase_acknowledgements(person: Person, now: datetime) -> int:
    """Remove what proves nothing any more: a contract keeps the proof of what its buyer was told.

    In what stays the person is struck out of the words and of the name of the file.
    """
    rows = Acknowledgement.objects.filter(customer__in=person.ids)
    kept = _of_contracts(rows).select_related("evidence_file")
    for row in kept:
        if row.evidence_file:
            row.evidence_file.name = person.strike_out(row.evidence_file.name, limit=255)
            row.evidence_file.save(update_fields=["name"])
    number = _remove(rows.exclude(pk__in=[row.pk for row in kept]))
    return number + strike_out_in(Acknowledgement.objects.all(), person, "proof")


def acknowledgements_kept(ids: Collection[UUID]) -> Kept:
    rows = _of_contracts(Acknowledgement.objects.filter(customer__in=ids))
    units = rows.filter(unit__isnull=False).values_list("unit_id", flat=True)
    return Kept(rows.count(), frozenset(units))


def erase_words(person: Person, now: datetime) -> int:
    """A disclosure speaks of places; where it names a person all the same, the name is struck out."""
    number = strike_out_in(Disclosure.objects.all(), person, "heading", "body", "closing", "returned_because")
    number += strike_out_in(AdverseFactor.objects.all(), person, "effect")
    return number + strike_out_in(Posting.objects.all(), person, "where")


register_personal_data(
    "promises.acknowledgements",
    _("What you have acknowledged"),
    Acknowledgement,
    export=export_acknowledgements,
    erase=erase_acknowledgements,
    files=papers_of,
)
register_personal_data(
    "promises.disclosures", _("Names in disclosures"), Disclosure, AdverseFactor, Posting, erase=erase_words
)


def erase_promises(person: Person, now: datetime) -> int:
    """A promise stands for everybody it covers; whoever is named in its words is struck out."""
    number = strike_out_in(Promise.objects.all(), person, "title", "wording", "source_detail")
    return number + strike_out_in(PromiseOutcome.objects.all(), person, "proof", "returned_because")


register_personal_data(
    "promises.promises", _("Names in promises"), Promise, PromiseOutcome, erase=erase_promises
)
holds_none(PromisedUnit, because="Which homes a promise covers, whoever lives there.")
holds_none(PromiseFile, because="Brochures, photos and pages of advertisements, made for everybody.")
holds_none(PromiseCase, because="Which case a broken promise opened; the case itself says whose.")
legal_holds.register(
    "promises.acknowledgements",
    LegalHold(
        _("Acknowledged disclosures"),
        _(
            "Civil Code articles 188 and 496: that buyers were told of what bears on them is proved with the contract."
        ),
        acknowledgements_kept,
    ),
)


def remove_unsigned(ids: Sequence[UUID], now: datetime) -> int:
    """Remove acknowledgements with their papers."""
    return _remove(Acknowledgement.objects.filter(pk__in=ids))


def unsigned_before(before: datetime) -> AcknowledgementQuerySet:
    """Return old acknowledgements of customers who have no contract in the project."""
    rows = Acknowledgement.objects.filter(created_at__lt=before, is_sample=False)
    return rows.exclude(pk__in=_of_contracts(Acknowledgement.objects.all()).values("pk"))


keep_for_a_time(
    KeptKind(
        code="promises.acknowledgements",
        label=_("Acknowledged disclosures without a contract"),
        due=unsigned_before,
        ways={Way.ERASE: remove_unsigned},
    )
)

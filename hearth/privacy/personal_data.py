"""What a person agreed to, given out; that they did is kept, how they said it goes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import (
    Person,
    Table,
    holds_none,
    register_personal_data,
    table_of,
)
from hearth.core.personal_files import remove_file
from hearth.privacy.models import (
    Consent,
    Erasure,
    PersonRequest,
    Purpose,
    PurposeText,
    RequestStep,
    RetentionEntry,
    RetentionRule,
)


def export_consents(person: Person) -> Table:
    rows = (
        Consent.objects.filter(customer__in=person.ids)
        .select_related("purpose", "evidence_file")
        .order_by("decided_at", "id")
    )
    return table_of(
        rows,
        "decided_at",
        ("purpose__code", _("purpose")),
        "channel",
        "decision",
        "how",
        "evidence",
        ("evidence_file__name", _("scan of what was signed")),
        "text_version",
    )


def erase_consents(person: Person, now: datetime) -> int:
    """Keep that consent was given and withdrawn, which we must be able to prove, without how it was said."""
    rows = Consent.objects.filter(Q(customer__in=person.ids) | Q(guardian__in=person.ids))
    scans = [row.evidence_file for row in rows.select_related("evidence_file") if row.evidence_file]
    number = rows.update(how="", evidence="", evidence_file=None)
    for scan in scans:
        remove_file(scan)
    return number


def scans_of(person: Person) -> Iterator[tuple[str, Path]]:
    rows = Consent.objects.filter(customer__in=person.ids, evidence_file__isnull=False)
    for row in rows.select_related("evidence_file").order_by("decided_at", "id"):
        if row.evidence_file:
            yield row.evidence_file.name, Path(row.evidence_file.file.path)


register_personal_data(
    "privacy.consents",
    _("Consent"),
    Consent,
    export=export_consents,
    erase=erase_consents,
    files=scans_of,
)
holds_none(Purpose, PurposeText, because="What customers are told, the same for all.")
holds_none(Erasure, because="The proof of an erasure: ids, counts and instants.")


def export_requests(person: Person) -> Table:
    rows = PersonRequest.objects.filter(customer__in=person.ids).order_by("received_at", "id")
    return table_of(
        rows,
        ("number", _("number")),
        "kind",
        "state",
        "received_at",
        ("wish", _("what you said")),
        ("answer", _("what you were answered")),
        "closed_at",
    )


def erase_requests(person: Person, now: datetime) -> int:
    """Keep that a request was made and answered; what was said goes."""
    rows = PersonRequest.objects.filter(customer__in=person.ids)
    return rows.update(wish_sealed=b"", answer_sealed=b"", identity_how="", updated_at=now)


register_personal_data(
    "privacy.requests", _("Your requests"), PersonRequest, export=export_requests, erase=erase_requests
)
holds_none(RequestStep, because="Which step of a request was taken by which colleague.")
holds_none(RetentionRule, RetentionEntry, because="How long rows are kept, and ids of those that went.")

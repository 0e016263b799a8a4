"""What the pages of disclosures show, and what a buyer was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.pages import keyset_page
from hearth.customers.models import Customer
from hearth.customers.selectors import names_of
from hearth.promises.models import Acknowledgement, Disclosure
from hearth.promises.permissions import VIEW_PROMISE
from hearth.sales.models import Contract


@dataclass(frozen=True)
class AcknowledgedLine:
    """An acknowledgement with its customer, if the reader may see them."""

    row: Acknowledgement
    customer: Customer | None


def acknowledgements_page(
    disclosure: Disclosure, actor: Actor, cursor: str
) -> tuple[list[AcknowledgedLine], str]:
    """Return a page of those who acknowledged a version, the latest noted first; two queries.

    :raises BadCursor: if the cursor belongs to another order
    """
    rows = Acknowledgement.objects.visible_to(actor).filter(disclosure=disclosure)
    whole = rows.select_related("unit__project", "unit__building", "unit__entrance", "user", "evidence_file")
    found = keyset_page(whole, order="-created_at", cursor=cursor)
    names = names_of((row.customer_id for row in found.rows), actor)
    return [AcknowledgedLine(row, names.get(row.customer_id)) for row in found.rows], found.next_cursor


def in_force_on(project_id: UUID, day: date) -> list[Disclosure]:
    """Return the version of each kind that was published on a day, of two of the same day the later; one query."""
    rows = Disclosure.objects.filter(
        project=project_id, state__in=(Disclosure.State.PUBLISHED, Disclosure.State.SUPERSEDED)
    )
    found: dict[str, Disclosure] = {}
    for row in rows.order_by("kind", "version"):
        if row.published_at and localdate(row.published_at) <= day:
            found[row.kind] = row
    return list(found.values())


@dataclass(frozen=True)
class ToldDisclosure:
    """A disclosure that held on the day of signing, and whether the buyer had acknowledged it by then."""

    disclosure: Disclosure
    acknowledgement: Acknowledgement | None
    is_older_version: bool
    is_after_signing: bool


def told_of_disclosures(contract: Contract, actor: Actor) -> Sequence[ToldDisclosure]:
    """Return what held on the day of signing, with what the buyer acknowledged; two queries.

    An acknowledgement for this home counts before one for none, that of the version in force before an older one's, and
    one from before the signing before a later one.
    """
    project_id = contract.unit.project_id
    visible = Disclosure.objects.visible_to(actor).filter(project=project_id).values("pk")
    given = list(
        Acknowledgement.objects.filter(disclosure__in=visible, customer=contract.customer_id)
        .select_related("disclosure", "evidence_file")
        .order_by("acknowledged_date", "id")
    )
    return [
        _told(disclosure, contract, given)
        for disclosure in in_force_on(project_id, contract.signed_date)
        if actor.can(VIEW_PROMISE, disclosure.org_unit_id)
    ]


def _told(disclosure: Disclosure, contract: Contract, given: Sequence[Acknowledgement]) -> ToldDisclosure:
    fitting = [
        row
        for row in given
        if row.disclosure.kind == disclosure.kind and row.unit_id in (None, contract.unit_id)
    ]
    fitting.sort(
        key=lambda row: (
            row.acknowledged_date <= contract.signed_date,
            row.disclosure_id == disclosure.pk,
            row.unit_id is not None,
        )
    )
    best = fitting[-1] if fitting else None
    return ToldDisclosure(
        disclosure,
        best,
        is_older_version=best is not None and best.disclosure.version < disclosure.version,
        is_after_signing=best is not None and best.acknowledged_date > contract.signed_date,
    )

"""Whom the access log names: the customers behind what was read and what stood in files."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from django.db.models import F, Q, QuerySet

from hearth.brokers.models import Broker, ChannelRegistration
from hearth.cases.models import Case
from hearth.channels.models import Interaction
from hearth.contract_changes.models import ChangeRequest
from hearth.contract_texts.models import ContractText, TextReading
from hearth.customers.models import ContactPoint, Customer, CustomerPlace, UnitRole
from hearth.exports.models import Export, ExportedRows
from hearth.group_cases.models import GroupHousehold
from hearth.leads.models import Lead
from hearth.mailroom.models import InboundMail
from hearth.organization.models import OrgUnit
from hearth.privacy.models import PersonRequest
from hearth.registers.models import AccessSearch, AffectedPerson
from hearth.repairs.models import RepairOrder
from hearth.sales.models import Contract, Instalment
from hearth.tasks.models import Task
from hearth.vigilance.models import Kind, Read

AT_ONCE = 5_000
Pairs: TypeAlias = Iterable[tuple[UUID, UUID | None]]
Find: TypeAlias = Callable[[Sequence[UUID]], Pairs]


def _by(rows: "Callable[[], QuerySet[Any]]", key: str, customer: str) -> Find:
    """Return how rows lead from the id that was read to a customer."""

    def find(ids: Sequence[UUID]) -> Pairs:
        found: Pairs = rows().filter(**{f"{key}__in": ids}).values_list(key, customer).distinct()
        return found

    return find


_customers = _by(Customer.objects.all, "pk", "pk")
_cases = _by(Case.objects.all, "pk", "customer_id")
_homes = _by(UnitRole.objects.all, "unit_id", "customer_id")
_contracts = _by(Contract.objects.all, "pk", "customer_id")
_requests = _by(PersonRequest.objects.all, "pk", "customer_id")
_texts = (
    _by(ContractText.objects.all, "pk", "contract__customer_id"),
    _by(TextReading.objects.all, "text_id", "customer_id"),
)
_uncovered = (
    _customers,
    _by(ContactPoint.objects.all, "pk", "customer_id"),
    _by(Interaction.objects.all, "pk", "customer_id"),
)
BEHIND_READS: dict[str, tuple[Find, ...]] = {
    Kind.CUSTOMER: (_customers,),
    Kind.CASE: (_cases,),
    Kind.HOME: (_homes,),
    Kind.CONTRACT: (_contracts,),
    Kind.REVEAL: _uncovered,
    # The package of one person, the text of a contract; files of lists are opened by their rows.
    Kind.EXPORT: (_requests, *_texts),
}
# Whom the rows of a list speak of; a list of nobody has no way.
BEHIND_LISTS: dict[str, tuple[Find, ...]] = {
    "customers": (_customers,),
    "cases": (_cases,),
    "homes": (_homes,),
    "contracts": (_contracts,),
    "receivables": (_by(Instalment.objects.all, "pk", "plan__contract__customer_id"),),
    "leads": (_by(Lead.objects.all, "pk", "customer_id"),),
    "tasks": (_by(Task.objects.all, "pk", "customer_id"),),
    "requests": (_requests,),
    "affected": (_by(AffectedPerson.objects.all, "pk", "customer_id"),),
    "group_cases": (_by(GroupHousehold.objects.all, "group_case_id", "customer_id"),),
    "group_checks": (),
    "channel-registrations": (_by(ChannelRegistration.objects.all, "pk", "customer_id"),),
    "contract_changes": (
        _by(ChangeRequest.objects.all, "pk", "contract__customer_id"),
        _by(ChangeRequest.objects.all, "pk", "customer_id"),
    ),
    "contract_texts": _texts,
    "contract_templates": (),
    "repairs": (_by(RepairOrder.objects.all, "pk", "case__customer_id"),),
    "mails": (_by(InboundMail.objects.all, "pk", "customer_id"),),
    "partners": (_by(Broker.objects.all, "partner_id", "customer_id"),),
    "commission-rules": (),
    "commission-sheets": (),
    "disclosures": (),
    "promises": (),
    "competitors": (),
    "market_events": (),
    "incidents": (),
    "segments": (),
    "release_batches": (),
    "assessments": (),
    "processors": (),
    "compliance_audits": (),
}


@dataclass
class Tally:
    """How often and when the data of one customer were seen or taken."""

    first_at: datetime
    last_at: datetime
    seen: int = 0
    taken: int = 0

    def add(self, at: datetime, *, is_taken: bool) -> None:
        self.first_at, self.last_at = min(self.first_at, at), max(self.last_at, at)
        if is_taken:
            self.taken += 1
        else:
            self.seen += 1


@dataclass
class Affected:
    """The customers that were found, each once; what the log cannot name, and files whose rows are not known."""

    tallies: dict[UUID, Tally] = field(default_factory=dict)
    unnamed: int = 0
    unknown: int = 0

    def add(self, customer_id: UUID, at: datetime, *, is_taken: bool) -> None:
        tally = self.tallies.setdefault(customer_id, Tally(at, at))
        tally.add(at, is_taken=is_taken)

    def join(self, other: "Affected") -> None:
        """Take over what another search found."""
        self.unnamed += other.unnamed
        self.unknown += other.unknown
        for key, tally in other.tallies.items():
            mine = self.tallies.setdefault(key, tally)
            mine.first_at, mine.last_at = min(mine.first_at, tally.first_at), max(mine.last_at, tally.last_at)
            mine.seen, mine.taken = max(mine.seen, tally.seen), max(mine.taken, tally.taken)


class _Touch(NamedTuple):
    """A record that was read, or a row of a file that was taken."""

    finders: tuple[Find, ...]
    record_id: UUID
    at: datetime
    is_taken: bool


def find_affected(searches: Collection[AccessSearch]) -> Affected:
    """Return whom the reads and files of these searches concern; merged records count as what they are now.

    Queries grow with the number of records and files. Of what two searches find the greater number counts. What a
    record leads to is asked as things are now: who lives in a home, who complains in a case.
    """
    found = Affected()
    for search in searches:
        found.join(_find(search))
    return found


def _find(search: AccessSearch) -> Affected:
    found, reads = Affected(), Read.objects.filter(_condition(search))
    found.unnamed = reads.filter(record_id=None).count()
    named = reads.exclude(record_id=None)
    for portion in _portions(named.values_list("kind", "record_id", "read_at").order_by("id").iterator()):
        _count(
            found,
            [_Touch(BEHIND_READS.get(kind, ()), key, at, kind == Kind.EXPORT) for kind, key, at in portion],
        )
    for export, at in _files_taken(search, named):
        _open_file(found, export, at)
    if search.org_unit_id:
        _keep_at(found, search.org_unit_id)
    return found


def _condition(search: AccessSearch) -> Q:
    one = Q(read_at__gte=search.began_at, read_at__lt=search.ended_at)
    if search.user_id:
        one &= Q(user_id=search.user_id)
    if search.address:
        one &= Q(address=search.address)
    if search.export_id:
        one &= Q(kind=Kind.EXPORT, record_id=search.export_id)
    return one


def _files_taken(search: AccessSearch, named: QuerySet[Read]) -> Iterator[tuple[Export, datetime]]:
    """Yield each file with each instant it was taken at; one that is searched for by name, taken or not."""
    times: dict[UUID, list[datetime]] = {}
    for key, at in named.filter(kind=Kind.EXPORT).values_list("record_id", "read_at"):
        if key:
            times.setdefault(key, []).append(at)
    if search.export:
        times.setdefault(search.export.pk, [search.export.finished_at or search.export.created_at])
    for export in Export.objects.filter(pk__in=list(times)).order_by("id"):
        for at in times[export.pk]:
            yield export, at


def _open_file(found: Affected, export: Export, at: datetime) -> None:
    finders = BEHIND_LISTS.get(export.object_key, ())
    portions = ExportedRows.objects.filter(export=export).order_by("id").values_list("row_ids", flat=True)
    is_known = not export.total_rows
    for row_ids in portions.iterator():
        is_known = True
        _count(found, [_Touch(finders, key, at, is_taken=True) for key in row_ids])
    found.unknown += not is_known


def _count(found: Affected, touches: Sequence[_Touch]) -> None:
    """Count touches for the customers behind them, a few queries for each kind."""
    for finders in {touch.finders for touch in touches}:
        ours = [touch for touch in touches if touch.finders == finders]
        behind = _customers_behind(finders, {touch.record_id for touch in ours})
        for touch in ours:
            for customer_id in behind.get(touch.record_id, ()):
                found.add(customer_id, touch.at, is_taken=touch.is_taken)


def _customers_behind(finders: Collection[Find], ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    pairs = [pair for find in finders for pair in find(list(ids)) if pair[1]]
    now = _survivors({customer_id for _key, customer_id in pairs if customer_id})
    behind: dict[UUID, set[UUID]] = {}
    for key, customer_id in pairs:
        if customer_id in now:
            behind.setdefault(key, set()).add(now[customer_id])
    return behind


def _survivors(ids: Collection[UUID]) -> dict[UUID, UUID]:
    rows = Customer.objects.filter(pk__in=list(ids), erased_at=None).annotate(survivor=F("merged_into_id"))
    return {key: survivor or key for key, survivor in rows.values_list("pk", "survivor")}


def _portions(rows: Iterable[Any]) -> Iterator[list[Any]]:
    portion: list[Any] = []
    for row in rows:
        portion.append(row)
        if len(portion) == AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion


def _keep_at(found: Affected, org_unit_id: int) -> None:
    """Keep the customers known at a place or below it."""
    place = OrgUnit.objects.get(pk=org_unit_id)
    here = CustomerPlace.objects.filter(org_unit__path__startswith=place.path)
    kept = set(here.filter(customer_id__in=list(found.tallies)).values_list("customer_id", flat=True))
    found.tallies = {key: tally for key, tally in found.tallies.items() if key in kept}

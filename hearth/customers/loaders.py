"""Loading customers from the rows of a file."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localdate

from hearth.core.bulk import insert_many
from hearth.core.crypto import blind_index
from hearth.core.errors import InvalidInput
from hearth.custom_fields.importing import check_custom, have_custom, read_custom
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.selectors import changeable_fields
from hearth.customers.contacts import EMAIL, PHONE, identity_index, is_contact, read_identity
from hearth.customers.import_fields import FIELDS, FIRST_ROW_COUNTS, LINK_KNOWN, UPDATE_KNOWN
from hearth.customers.models import Customer, CustomerPlace
from hearth.customers.reverters import customer_before
from hearth.customers.selectors.batch import Match, Newcomer, match_newcomers
from hearth.customers.services import NewCustomer, create_customers, update_customers
from hearth.imports.first_rows import FirstRows
from hearth.imports.kinds import ImportContext, Problem, Row, Written

LIKELY = 0.5
CONTACT_COLUMNS = {"phone": "phones", "email": "email"}
CHOICES = {each.name: set(each.choices) for each in FIELDS if each.choices}


@dataclass
class _Known:
    """What of a batch is recorded already, by what would find it."""

    by_key: Mapping[str, Customer]
    by_identity: Mapping[bytes, UUID]
    by_row: Mapping[int, Sequence[Match]]
    here: Collection[UUID]


@dataclass
class CustomerLoader:
    """Checks and writes customers; remembers the keys and households of earlier batches."""

    context: ImportContext
    seen_keys: FirstRows = field(default_factory=FirstRows)
    seen_customers: FirstRows = field(default_factory=FirstRows)
    seen_identities: FirstRows = field(default_factory=FirstRows)
    households: dict[str, UUID] = field(default_factory=dict)
    linked: dict[int, UUID] = field(default_factory=dict)

    @cached_property
    def custom_fields(self) -> Mapping[str, FieldDefinition]:
        """The custom fields of the place that the actor may change; at most three queries, once for a file."""
        return changeable_fields("customer", self.context.org_unit.pk, self.context.actor)

    @property
    def updates(self) -> bool:
        return self.context.options.get(UPDATE_KNOWN.name, UPDATE_KNOWN.default)

    @property
    def links(self) -> bool:
        return self.context.options.get(LINK_KNOWN.name, LINK_KNOWN.default)

    @property
    def keeps_first(self) -> bool:
        return self.context.options.get(FIRST_ROW_COUNTS.name, FIRST_ROW_COUNTS.default)

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        """Find what is wrong with rows, and who may already be recorded; at most six queries for any number.

        Columns for custom fields cost three more at most, once for a file.
        """
        rows = self._without_repeats(rows)
        self.linked.clear()
        identities = {row.number: _identity(row) for row in rows}
        known, has_custom = self._look_up(rows, identities), have_custom(rows)
        for row in rows:
            yield from _check_values(row, self.context.now)
            yield from self._check_key(row, known)
            yield from self._check_identity(row, identities[row.number], known)
            if has_custom:
                is_new = self._is_new(row, known)
                yield from check_custom(row, self.custom_fields, is_new=is_new)
            yield from self._check_matches(row, known)

    def write(self, rows: Sequence[Row]) -> Sequence[Written]:
        """Record, update and link customers; a constant number of queries for a batch."""
        counted = self._without_repeats(rows)
        written: dict[int, Written] = {}
        known = self._known_keys(counted)
        kept = {row.number: row for row in counted if row.values.get("external_key") in known}
        if self.updates and kept:
            written |= self._update(list(kept.values()), known)
        written |= self._link([row for row in counted if row.number in self.linked])
        fresh = [row for row in counted if row.number not in self.linked and row.number not in kept]
        news = [_new_customer(row, self.custom_fields, self.households) for row in fresh]
        created = create_customers(
            news, org_unit=self.context.org_unit, actor=self.context.actor, now=self.context.now
        )
        self._remember_households(fresh, created)
        for row, customer in zip(fresh, created, strict=True):
            written[row.number] = Written("created", customer.pk)
        return [written.get(row.number) or Written("skipped") for row in rows]

    def _update(self, rows: Sequence[Row], known: Mapping[str, Customer]) -> dict[int, Written]:
        """Bring known customers up to date; those of whom the file says nothing new are left out."""
        # Several keys mean one customer after a merge: the first row counts.
        rows = [
            row
            for row in rows
            if self.seen_customers.note(known[row.values["external_key"]].pk, row.number) == row.number
        ]
        pairs = [(known[row.values["external_key"]], _new_customer(row, self.custom_fields)) for row in rows]
        before = {customer.pk: customer_before(customer) for customer, _new in pairs}
        changed = update_customers(pairs, actor=self.context.actor, now=self.context.now)
        self._remember_households(rows, [customer for customer, _new in pairs])
        numbers = {customer.pk: row.number for row, (customer, _new) in zip(rows, pairs, strict=True)}
        return {
            numbers[customer.pk]: Written("updated", customer.pk, before[customer.pk]) for customer in changed
        }

    def _link(self, rows: Sequence[Row]) -> dict[int, Written]:
        """Make the place know customers of the group who were recognised by their identity number."""
        found = {row.number: self.linked[row.number] for row in rows}
        insert_many(
            [CustomerPlace(customer_id=key, org_unit=self.context.org_unit) for key in found.values()]
        )
        return {number: Written("linked", key) for number, key in found.items()}

    def recall(self, rows: Sequence[Row], record_ids: Mapping[int, UUID]) -> None:
        """Remember keys, identity numbers and households of rows that are written; one query."""
        for row in rows:
            self._first_row(row)
            if index := _identity(row):
                self.seen_identities.note(index, row.number)
        with_household = [row for row in rows if row.values.get("household") and row.number in record_ids]
        if with_household:
            customers = Customer.objects.in_bulk([record_ids[row.number] for row in with_household])
            there = [row for row in with_household if record_ids[row.number] in customers]
            self._remember_households(there, [customers[record_ids[row.number]] for row in there])

    def _without_repeats(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Leave out the rows whose key stood in an earlier row, where only the first one counts."""
        if not self.keeps_first:
            return rows
        return [row for row in rows if self._first_row(row) == row.number]

    def _first_row(self, row: Row) -> int:
        key = row.values.get("external_key")
        return self.seen_keys.note(key, row.number) if key else row.number

    def _look_up(self, rows: Sequence[Row], identities: Mapping[int, bytes | None]) -> _Known:
        wanted = [index for index in identities.values() if index]
        taken = Customer.objects.filter(identity_index__looked_up=wanted)
        by_identity = {bytes(index or b""): pk for index, pk in taken.values_list("identity_index", "pk")}
        newcomers = [_newcomer(row, identities[row.number]) for row in rows]
        by_row: dict[int, list[Match]] = {}
        for match in match_newcomers(newcomers, actor=self.context.actor):
            by_row.setdefault(match.row, []).append(match)
        here = self._known_here(by_identity.values()) if self.links else ()
        return _Known(self._known_keys(rows), by_identity, by_row, here)

    def _known_here(self, keys: Collection[UUID]) -> set[UUID]:
        places = CustomerPlace.objects.filter(org_unit=self.context.org_unit, customer__in=list(keys))
        return set(places.values_list("customer_id", flat=True))

    def _known_keys(self, rows: Sequence[Row]) -> dict[str, Customer]:
        """Return the customers of this place who have, or whose merged records had, the keys of the rows.

        One query where no key is known, else two. The index by key leaves empty ones out: unless the query says so
        too, the whole table is read.
        """
        keys = {row.values["external_key"] for row in rows if row.values.get("external_key")}
        keyed = Customer.objects.filter(external_key__any_of=keys).exclude(external_key="")
        found = list(keyed.values_list("pk", flat=True))
        if not found:
            return {}
        place = self.context.org_unit
        here = Q(merged_into=None, places__org_unit=place) | Q(merged_into__places__org_unit=place)
        customers = Customer.objects.filter(here, pk__any_of=found).select_related("merged_into")
        return {customer.external_key: customer.merged_into or customer for customer in customers.distinct()}

    def _check_key(self, row: Row, known: _Known) -> Iterator[Problem]:
        key = row.values.get("external_key")
        if not key:
            return
        if (first := self._first_row(row)) != row.number:
            yield Problem(row.number, "external_key", "doubled_in_file", {"value": key, "first_row": first})
        elif key in known.by_key and not self.updates:
            yield Problem(row.number, "external_key", "key_known", is_warning=True)
        elif key in known.by_key:
            first = self.seen_customers.note(known.by_key[key].pk, row.number)
            if first != row.number:
                words = {"value": key, "first_row": first}
                yield Problem(row.number, "external_key", "customer_in_row", words, is_warning=True)

    def _check_identity(self, row: Row, index: bytes | None, known: _Known) -> Iterator[Problem]:
        if index is None:
            return
        if (first := self.seen_identities.note(index, row.number)) != row.number:
            yield Problem(row.number, "identity_number", "identity_doubled", {"row": first})
        elif index in known.by_identity and not self._is_same(row, known.by_identity[index], known):
            customer_id = known.by_identity[index]
            if self.links and customer_id not in known.here:
                self.linked[row.number] = customer_id
                yield Problem(row.number, "identity_number", "identity_linked", is_warning=True)
            else:
                yield Problem(row.number, "identity_number", "identity_known")

    def _check_matches(self, row: Row, known: _Known) -> Iterator[Problem]:
        """Warn of the customer who is probably the same person, else of one who has the same phone or e-mail."""
        matches = [
            match
            for match in known.by_row.get(row.number, ())
            if not self._is_same(row, match.customer_id, known)
            and match.customer_id != self.linked.get(row.number)
        ]
        if matches:
            yield _warning(row.number, matches[0])

    def _is_same(self, row: Row, customer_id: UUID, known: _Known) -> bool:
        """Tell whether the row is about the very customer that was found."""
        same = known.by_key.get(row.values.get("external_key") or "")
        return same is not None and same.pk == customer_id

    def _is_new(self, row: Row, known: _Known) -> bool:
        return row.number not in self.linked and row.values.get("external_key") not in known.by_key

    def _remember_households(self, rows: Sequence[Row], customers: Sequence[Customer]) -> None:
        for row, customer in zip(rows, customers, strict=True):
            if (key := row.values.get("household")) and customer.household_id:
                self.households.setdefault(key, customer.household_id)


def _check_values(row: Row, now: datetime) -> Iterator[Problem]:
    """Check what the cells alone could show, for rows that come from elsewhere than a file."""
    values = row.values
    if not values.get("name"):
        yield Problem(row.number, "name", "name_missing")
    for phone in values.get("phones") or []:
        if not is_contact(PHONE, phone):
            yield Problem(row.number, "phones", "invalid_phone", {"value": phone})
    if values.get("email") and not is_contact(EMAIL, values["email"]):
        yield Problem(row.number, "email", "invalid_email", {"value": values["email"]})
    if values.get("identity_number") and _identity(row) is None:
        yield Problem(row.number, "identity_number", "invalid_identity")
    for name, choices in CHOICES.items():
        if values.get(name) and values[name] not in choices:
            yield Problem(row.number, name, "unknown_choice", {"value": values[name]})
    if values.get("birth_date") and values["birth_date"] > localdate(now):
        yield Problem(row.number, "birth_date", "date_in_future")
    if values.get("known_since") and values["known_since"] > now:
        yield Problem(row.number, "known_since", "date_in_future")


def _warning(row: int, match: Match) -> Problem:
    """Say what of a customer agrees with a row: contact and name are one person, a contact alone may be family."""
    sign = next((sign for sign in CONTACT_COLUMNS if f"same_{sign}" in match.signs), "")
    column = CONTACT_COLUMNS.get(sign, "birth_date")
    if match.number is None:
        return Problem(row, column, f"{sign}_known_elsewhere", is_warning=True)
    code = f"{sign}_known"
    if match.has_name and match.score >= LIKELY:
        code = f"same_person_{sign or 'birth_date'}"
    return Problem(row, column, code, {"number": match.number}, is_warning=True)


def _newcomer(row: Row, identity: bytes | None) -> Newcomer:
    values = row.values
    email = values.get("email")
    return Newcomer(
        row.number,
        name=values.get("name") or "",
        sex=values.get("sex") or "",
        birth_date=values.get("birth_date"),
        identity=identity,
        phones=tuple(blind_index(PHONE, phone) for phone in values.get("phones") or ()),
        emails=(blind_index(EMAIL, email),) if email else (),
    )


def _identity(row: Row) -> bytes | None:
    number = row.values.get("identity_number")
    try:
        return identity_index(read_identity(number).number) if number else None
    except InvalidInput:
        return None


def _new_customer(
    row: Row, fields: Mapping[str, FieldDefinition], households: Mapping[str, UUID] | None = None
) -> NewCustomer:
    values = row.values
    key = values.get("household") or ""
    household_id = (households or {}).get(key)

    def text(name: str) -> Any:
        return values.get(name) or ""

    return NewCustomer(
        name=text("name"),
        kind=values.get("kind") or Customer.Kind.PERSON,
        sex=text("sex"),
        birth_date=values.get("birth_date"),
        identity_number=text("identity_number"),
        source=values.get("source") or Customer.Source.IMPORT,
        phones=tuple(values.get("phones") or ()),
        emails=(values["email"],) if values.get("email") else (),
        addresses=(values["address"],) if values.get("address") else (),
        household_id=household_id,
        household_key="" if household_id else key,
        household_role=text("household_role"),
        external_key=text("external_key"),
        note=text("note"),
        known_since=values.get("known_since"),
        custom=read_custom(row, fields),
    )

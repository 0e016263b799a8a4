"""Loading cases from files."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from hearth.cases.models import Case, GradeChange, ServiceClock
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import NewCase, write_cases
from hearth.channels.models import Channel
from hearth.custom_fields.importing import CustomColumns
from hearth.customers.lookup import Found, find_customers
from hearth.imports.first_rows import FirstRows
from hearth.imports.kinds import ImportContext, Problem, Row, Written
from hearth.imports.reversal import RecordReverter
from hearth.properties.lookup import FoundUnit, UnitPlace, find_units

CLOCK_TOLERANCE = timedelta(hours=1)


class CaseLoader:
    """Rows of matters customers raised, with the answers they got. Customer and home may be missing."""

    def __init__(self, context: ImportContext) -> None:
        self.context = context
        self.seen = FirstRows()
        self.custom = CustomColumns("case", context.actor)

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        customers, units = self._people(rows), find_units(rows, self.context.actor, is_required=False)
        known = self._known_keys(rows)
        for row in rows:
            yield from (
                found.problem for found in (customers[row.number], units[row.number]) if found.problem
            )
            yield from self._key_problems(row, known)
            yield from self._time_problems(row)
            place = units[row.number].place
            yield from self.custom.check(row, self._place_of(place))
            if place and not self.context.actor.can(CHANGE_CASE, place.org_unit_id):
                yield Problem(row.number, "room", "not_allowed")

    def _place_of(self, home: UnitPlace | None) -> int:
        return home.org_unit_id if home else self.context.org_unit.pk

    def _people(self, rows: Sequence[Row]) -> dict[int, Found]:
        """A row that names nobody stays anonymous."""
        named = [row for row in rows if row.values.get("customer_key") or row.values.get("customer_phone")]
        return {row.number: Found(None) for row in rows} | find_customers(named, self.context.actor)

    def _known_keys(self, rows: Sequence[Row]) -> set[str]:
        keys = [row.values["external_key"] for row in rows if row.values.get("external_key")]
        known = Case.objects.filter(org_unit=self.context.org_unit, external_key__in=keys)
        return set(known.values_list("external_key", flat=True))

    def _key_problems(self, row: Row, known: set[str]) -> Iterable[Problem]:
        key = row.values.get("external_key")
        if not key:
            return
        if (first := self.seen.note(key, row.number)) != row.number:
            yield Problem(row.number, "external_key", "doubled_in_file", {"value": key, "first_row": first})
        if key in known:
            yield Problem(row.number, "external_key", "case_known", {"value": key})

    def _time_problems(self, row: Row) -> Iterable[Problem]:
        opened, answered, closed = (
            row.values.get(name) for name in ("opened_at", "answered_at", "closed_at")
        )
        if opened and opened > self.context.now + CLOCK_TOLERANCE:
            yield Problem(row.number, "opened_at", "date_in_future")
        if opened and answered and answered < opened:
            yield Problem(row.number, "answered_at", "answered_before_opened")
        if closed and (answered or opened) and closed < (answered or opened):
            yield Problem(row.number, "closed_at", "closed_before_answered")

    def write(self, rows: Sequence[Row]) -> Sequence[Written]:
        customers, units = self._people(rows), find_units(rows, self.context.actor, is_required=False)
        written = write_cases(
            [self._new_case(row, customers[row.number], units[row.number]) for row in rows],
            actor=self.context.actor,
            now=self.context.now,
        )
        return [Written("created", case.pk) for case in written]

    def recall(self, rows: Sequence[Row], record_ids: Mapping[int, UUID]) -> None:
        for row in rows:
            if key := row.values.get("external_key"):
                self.seen.note(key, row.number)

    def _new_case(self, row: Row, customer: Found, unit: FoundUnit) -> NewCase:
        values, place = row.values, unit.place
        body = values.get("body") or values["title"]
        return NewCase(
            org_unit_id=self._place_of(place),
            kind=values.get("kind") or Case.Kind.COMPLAINT,
            title=values["title"],
            body=body,
            channel=values.get("channel") or Channel.WEB,
            opened_at=values["opened_at"],
            customer_id=customer.customer_id,
            project_id=place.project_id if place else None,
            unit_id=place.unit_id if place else None,
            grade=values.get("grade") or Case.Grade.ORDINARY,
            topic=values.get("topic") or "",
            reply=values.get("reply") or "",
            answered_at=values.get("answered_at"),
            closed_at=values.get("closed_at"),
            external_key=values.get("external_key") or "",
            custom=self.custom.read(row, self._place_of(place)),
        )


class CaseReverter(RecordReverter[Case]):
    """Deletes cases, with what the system itself wrote of them: clocks, and grades raised by a rule."""

    model = Case
    parts = (ServiceClock, GradeChange)

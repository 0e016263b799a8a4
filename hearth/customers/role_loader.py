# domain data
"""Loading what customers are to homes from a file, each role with its days."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.customers.lookup import CUSTOMER_KEY_FIELDS, CUSTOMER_MESSAGES, find_customers
from hearth.customers.models import UnitRole
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.customers.services import NewUnitRole, assign_unit_roles
from hearth.imports.first_rows import FirstRows
from hearth.imports.kinds import ImportContext, ImportField, ImportKind, Problem, Row, Written
from hearth.imports.reversal import RecordReverter
from hearth.properties.lookup import UNIT_KEY_FIELDS, UNIT_MESSAGES, UnitPlace, find_units

ROLE_WORDS = {
    "owner": ("业主", "产权人", "房主", "owner"),
    "co_owner": ("共有人", "共同业主", "共有产权人", "co-owner"),
    "buyer": ("买方", "购房人", "认购人", "buyer"),
    "resident": ("住户", "居住人", "同住人", "resident"),
    "tenant": ("租户", "租客", "承租人", "tenant"),
    "payer": ("付款人", "出资人", "payer"),
    "decision_maker": ("决策人", "决策者", "decision maker"),
}
FIELDS = (
    *CUSTOMER_KEY_FIELDS,
    *UNIT_KEY_FIELDS,
    ImportField(
        "role",
        _("Role"),
        "choice",
        is_required=True,
        aliases=("角色", "身份", "与房屋关系", "房屋角色", "role"),
        choices=ROLE_WORDS,
    ),
    ImportField(
        "valid_from",
        _("In force from"),
        "date",
        aliases=("开始日期", "起始日期", "入住日期", "from", "since"),
    ),
    ImportField(
        "valid_to", _("In force until"), "date", aliases=("结束日期", "终止日期", "搬离日期", "until", "to")
    ),
)
MESSAGES = {
    **CUSTOMER_MESSAGES,
    **UNIT_MESSAGES,
    "not_allowed": _("You do not have the right to do this here."),
    "role_ends_before_it_begins": _("A role cannot end before it begins."),
    "role_overlaps": _("The customer already has this role for this home at that time."),
    "role_overlaps_row": _("Row %(first_row)s gives the customer this role for this home at that time."),
}
NEVER = date.max.toordinal()
Days = tuple[int, int]
Triple = tuple[UUID, UUID, str]


class _Periods:
    """The days of the roles in a file: eight bytes for a row, and more only for a role that comes again."""

    def __init__(self) -> None:
        self._first_rows = FirstRows()
        self._days = array("i")
        self._later: dict[int, list[int]] = {}

    def overlapping(self, triple: Triple, days: Days) -> int | None:
        """Return an earlier row that gives the same role on one of the days."""
        first = self._first_rows.get(triple)
        rows = [] if first is None else [first, *self._later.get(first, ())]
        return next((row for row in rows if _meet(self._of(row), days)), None)

    def note(self, triple: Triple, row: int, days: Days) -> None:
        first = self._first_rows.note(triple, row)
        if first != row:
            self._later.setdefault(first, []).append(row)
        self._days.extend([0] * (2 * row + 2 - len(self._days)))
        self._days[2 * row], self._days[2 * row + 1] = days

    def _of(self, row: int) -> Days:
        return self._days[2 * row], self._days[2 * row + 1]


class UnitRoleLoader:
    """Rows of a known customer, a known home, and what the one is to the other."""

    def __init__(self, context: ImportContext) -> None:
        self.context = context
        self.periods = _Periods()

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        """Find what is wrong with rows; six queries for any number."""
        actor = self.context.actor
        customers, units = find_customers(rows, actor), find_units(rows, actor)
        triples = {
            row.number: (found.customer_id, place.unit_id, row.values["role"])
            for row in rows
            if (found := customers[row.number]).customer_id and (place := units[row.number].place)
        }
        held = _held(triples.values())
        for row in rows:
            problems = [each.problem for each in (customers[row.number], units[row.number]) if each.problem]
            problems.extend(self._day_problems(row))
            if place := units[row.number].place:
                problems.extend(self._right_problems(row, place))
            triple = triples.get(row.number)
            if triple and not problems:
                problems.extend(self._overlaps(row, triple, held))
            yield from problems

    def _day_problems(self, row: Row) -> Iterator[Problem]:
        first, last = row.values.get("valid_from"), row.values.get("valid_to")
        if first and last and last < first:
            yield Problem(row.number, "valid_to", "role_ends_before_it_begins")

    def _right_problems(self, row: Row, place: UnitPlace) -> Iterator[Problem]:
        if not self.context.actor.can(CHANGE_CUSTOMER, place.org_unit_id):
            yield Problem(row.number, _column(row), "not_allowed")

    def _overlaps(self, row: Row, triple: Triple, held: Mapping[Triple, Sequence[Days]]) -> Iterator[Problem]:
        """Compare with the rows before and with what is recorded; a row that fits is remembered."""
        days = _days(row.values.get("valid_from"), row.values.get("valid_to"))
        first = self.periods.overlapping(triple, days)
        if first is not None:
            yield Problem(row.number, "role", "role_overlaps_row", {"first_row": first})
        elif any(_meet(days, other) for other in held.get(triple, ())):
            yield Problem(row.number, "role", "role_overlaps")
        else:
            self.periods.note(triple, row.number, days)

    def write(self, rows: Sequence[Row]) -> Sequence[Written]:
        """Begin the roles; the homes' places then know the customers."""
        actor = self.context.actor
        customers, units = find_customers(rows, actor), find_units(rows, actor)
        news = [
            NewUnitRole(
                customer_id=customer_id,
                unit_id=place.unit_id,
                role=row.values["role"],
                valid_from=row.values.get("valid_from"),
                valid_to=row.values.get("valid_to"),
            )
            for row in rows
            if (customer_id := customers[row.number].customer_id) and (place := units[row.number].place)
        ]
        # In the order of the rows: the check let no role pass that is held already.
        started = assign_unit_roles(news, actor=actor, now=self.context.now)
        return [Written("created", role.pk) for role in started]

    def recall(self, rows: Sequence[Row], record_ids: Mapping[int, UUID]) -> None:
        """Remember nothing: what earlier batches wrote is recorded, and the check looks there."""


class UnitRoleReverter(RecordReverter[UnitRole]):
    """Deletes roles."""

    model = UnitRole


def _held(triples: Iterable[Triple]) -> Mapping[Triple, Sequence[Days]]:
    """Return the days of the roles that these customers have for these homes; one query."""
    wanted = list(triples)
    rows = UnitRole.objects.filter(
        customer__in={customer for customer, _unit, _role in wanted},
        unit__in={unit for _customer, unit, _role in wanted},
    )
    held: dict[Triple, list[Days]] = {}
    for customer, unit, role, first, last in rows.values_list(
        "customer_id", "unit_id", "role", "valid_from", "valid_to"
    ):
        held.setdefault((customer, unit, role), []).append(_days(first, last))
    return held


def _days(first: date | None, last: date | None) -> Days:
    """Return a period as numbers of days; a role no longer holds on its last day."""
    return (first.toordinal() if first else 0), (last.toordinal() if last else NEVER)


def _meet(one: Days, other: Days) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _column(row: Row) -> str:
    return "unit_key" if row.values.get("unit_key") else "room"


UNIT_ROLES = ImportKind(
    code="unit_roles",
    label=_("Roles on homes"),
    description=_("Who owns, bought, rents or lives in which home, from which day to which."),
    icon="key",
    permission=CHANGE_CUSTOMER,
    fields=FIELDS,
    loader=UnitRoleLoader,
    reverter=UnitRoleReverter,
    messages=MESSAGES,
    order=16,
)

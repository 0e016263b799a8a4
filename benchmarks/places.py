# domain data
"""The organisation and the homes of the large installation, and writing rows by COPY."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.fields import tokens_literal
from hearth.lib.chinese import address_tokens
from hearth.lib.identifiers import uuid7
from hearth.organization.models import Membership, OrgUnit, Role

CITIES, PROJECTS, BUILDINGS = 20, 5, 20
PLACES, PEOPLE = 2_000, 5_000
CUSTOMERS_PER_ROOM = 5_000

Say = Callable[[str], None]


@dataclass(frozen=True)
class Home:
    """What later steps need of a unit."""

    id: UUID
    place: int


def copy_records(table: str, columns: str, rows: Iterable[tuple[Any, ...]], now: datetime) -> None:
    """Write records by COPY; each row begins with its id, the times are the same for all."""
    stamped = ((key, now, now, False, *values) for key, *values in rows)
    copy_rows(table, f"id, created_at, updated_at, is_sample, {columns}", stamped)


def copy_rows(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows by COPY; columns that are not named take what their field begins with."""
    rest = _beginnings(table, {name.strip() for name in columns.split(",")})
    named, values = ", ".join([columns, *rest]), tuple(rest.values())
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*row, *values))


def _beginnings(table: str, named: Container[str]) -> dict[str, Any]:
    """Return the first values of the columns that nobody named, cannot be empty and have no value of the server's."""
    model = next(each for each in apps.get_models() if each._meta.db_table == table)
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in named and not (field.null or field.generated) and field.has_default()
    }


def make_organisation() -> list[int]:
    """One group, four regions, twenty city companies; returns the companies' ids."""
    group = _org_unit(None, OrgUnit.Kind.GROUP, "BENCH")
    regions = [_org_unit(group, OrgUnit.Kind.REGION, f"R{number}") for number in range(4)]
    return [
        _org_unit(regions[number % 4], OrgUnit.Kind.CITY_COMPANY, f"C{number:02}").pk
        for number in range(CITIES)
    ]


def widen_organisation() -> None:
    """Bring the organisation to two thousand places and five thousand people, unless a run before did."""
    role, _is_new = Role.objects.get_or_create(
        code="bench-plain", defaults={"name_zh": "", "name_en": "plain", "permissions": ["customers.view"]}
    )
    cities = list(OrgUnit.objects.filter(kind=OrgUnit.Kind.CITY_COMPANY).order_by("id"))
    for number in range(OrgUnit.objects.count(), PLACES):
        _org_unit(cities[number % len(cities)], OrgUnit.Kind.PROJECT_TEAM, f"T{number:04}")
    places = list(OrgUnit.objects.order_by("id").values_list("pk", flat=True))
    known, now = User.objects.count(), timezone.now()
    people = User.objects.bulk_create(
        User(username=f"bench-{number}", display_name=f"{number}", created_at=now)
        for number in range(known, PEOPLE)
    )
    Membership.objects.bulk_create(
        Membership(
            user=user, org_unit_id=places[number % len(places)], role=role, valid_from=date(2020, 1, 1)
        )
        for number, user in enumerate(people)
    )


def _org_unit(parent: OrgUnit | None, kind: str, code: str) -> OrgUnit:
    depth = parent.depth + 1 if parent else 0
    row = OrgUnit.objects.create(parent=parent, kind=kind, code=code, name=code, path=f"?{code}", depth=depth)
    row.path = f"{parent.path if parent else ''}{row.pk}/"
    row.save(update_fields=["path"])
    return row


def make_homes(customers: int, places: list[int], now: datetime, say: Say) -> list[Home]:
    """Projects, buildings and units of every company: two homes for five customers."""
    rooms = max(1, customers // CUSTOMERS_PER_ROOM)
    projects = [(uuid7(), place, f"P{place}-{number}") for place in places for number in range(PROJECTS)]
    copy_records(
        "properties_project",
        "org_unit_id, code, name, city, district, address, life_phase",
        ((key, place, code, f"项目{code}", "", "", "", "execute_plan") for key, place, code in projects),
        now,
    )
    buildings = [
        (uuid7(), key, place, f"{number + 1}栋") for key, place, _ in projects for number in range(BUILDINGS)
    ]
    copy_records(
        "properties_building",
        "project_id, name",
        ((key, project, name) for key, project, _, name in buildings),
        now,
    )
    homes: list[Home] = []

    def units() -> Iterator[tuple[Any, ...]]:
        for building, project, place, name in buildings:
            for number in range(rooms):
                room, home = f"{number // 4 + 1}{number % 4 + 1:02}", Home(uuid7(), place)
                homes.append(home)
                tokens = _tokens(f"{name}{room}")
                state = "contracted"
                yield (
                    home.id,
                    place,
                    project,
                    building,
                    room,
                    "",
                    "",
                    "",
                    number // 4 + 1,
                    state,
                    "",
                    tokens,
                )

    copy_records(
        "properties_unit",
        "org_unit_id, project_id, building_id, number, layout, orientation, "
        "fit_out, floor, state, external_key, address_tokens",
        units(),
        now,
    )
    say(f"{len(homes):,} homes")
    return homes


@cache
def _tokens(address: str) -> str:
    return tokens_literal(address_tokens(address))

"""Projects, phases, buildings and entrances that the rows of a file name, each looked up or made once."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError
from hearth.core.events import record_many
from hearth.imports.kinds import ImportContext, Row
from hearth.properties.events import ProjectCreated
from hearth.properties.models import Building, Entrance, Phase, Project, Unit

NO_BUILDING = "—"
MAX_CODE = 60
Address = tuple[UUID | str, str, str, str]


class ProjectMissing(DomainError):
    """The row names no project."""

    code = "project_missing"


class UnknownProject(DomainError):
    """There is no such project, and none is to be made."""

    code = "unknown_project"


class AmbiguousProject(DomainError):
    """Several projects bear the name."""

    code = "ambiguous_project"


def project_words(row: Row) -> str:
    """Return what a row calls its project: the code where it gives one, else the name."""
    return str(row.values["project_code"] or row.values["project"] or "")


class PlaceBook:
    """Remembers over the batches of a file which places exist at a company and below it."""

    def __init__(self, context: ImportContext) -> None:
        """Begin empty."""
        self._context = context
        self._asked: set[str] = set()
        self._by_code: dict[str, Project] = {}
        self._by_name: dict[str, list[Project]] = {}
        self._made: set[UUID] = set()
        self._phases: dict[tuple[UUID, str], Phase] = {}
        self._buildings: dict[tuple[UUID, str], Building] = {}
        self._entrances: dict[tuple[UUID, str], Entrance] = {}

    def load_projects(self, rows: Sequence[Row]) -> None:
        """Look up the projects that these rows name for the first time; one query."""
        words = {project_words(row) for row in rows} - self._asked - {""}
        self._asked |= words
        found = Project.objects.filter(org_unit__path__startswith=self._context.org_unit.path)
        for project in found.filter(Q(code__in=words) | Q(name__in=words)):
            if self._by_code.get(project.code) != project:
                self._add(project)

    def _add(self, project: Project) -> None:
        self._by_code[project.code] = project
        self._by_name.setdefault(project.name, []).append(project)

    def find_project(self, row: Row) -> Project | None:
        """Return the project of a row, None where it is to be made.

        :raises ProjectMissing, UnknownProject, AmbiguousProject: where the row is wrong
        """
        words = project_words(row)
        if not words:
            raise ProjectMissing
        named = self._by_name.get(words, [])
        if project := self._by_code.get(words):
            return project
        if len(named) > 1:
            raise AmbiguousProject
        if not named and not self._context.options["create_projects"]:
            raise UnknownProject
        return named[0] if named else None

    def org_unit_of(self, row: Row) -> int:
        """Return the place of a row's home: its project's, or that of the file where the project is to be made."""
        try:
            project = self.find_project(row)
        except DomainError:
            project = None
        return project.org_unit_id if project else self._context.org_unit.pk

    def known_projects(self, rows: Sequence[Row]) -> set[UUID]:
        """Return the projects of these rows that stand in the database."""
        found: set[UUID] = set()
        for words in {project_words(row) for row in rows}:
            if project := self._by_code.get(words):
                found.add(project.pk)
            found.update(project.pk for project in self._by_name.get(words, []))
        return found

    def address(self, row: Row) -> Address:
        """Return what makes a home one home, also where its project does not exist yet.

        :raises ProjectMissing, UnknownProject, AmbiguousProject: where the row is wrong
        """
        project = self.find_project(row)
        words = project_words(row)
        # A project made by an earlier batch keeps the address that its first rows were remembered by.
        place = words if project is None or project.pk in self._made else project.pk
        return place, building_name(row), row.values["entrance"] or "", row.values["number"]

    def address_of_unit(self, unit: Unit) -> Address:
        """Return the address of a home that stands in the database."""
        entrance = unit.entrance.name if unit.entrance else ""
        return unit.project_id, unit.building.name, entrance, unit.number

    def building(self, row: Row) -> Building:
        return self._buildings[self._project(row).pk, building_name(row)]

    def entrance(self, row: Row) -> Entrance | None:
        name = row.values["entrance"]
        return self._entrances[self.building(row).pk, name] if name else None

    def _project(self, row: Row) -> Project:
        project = self.find_project(row)
        if project is None:
            raise UnknownProject
        return project

    def make_places(self, rows: Sequence[Row]) -> None:
        """Make what these rows name and is not there; at most ten queries."""
        self._make_projects(rows)
        self._make_phases(rows)
        self._make_buildings(rows)
        self._make_entrances(rows)

    def _make_projects(self, rows: Sequence[Row]) -> None:
        missing = {project_words(row): row for row in reversed(rows) if self.find_project(row) is None}
        projects = [self._new_project(row) for row in missing.values()]
        if not projects:
            return
        insert_many(projects)
        events = [ProjectCreated(org_unit_id=each.org_unit_id, project_id=each.pk) for each in projects]
        record_many(events, actor=self._context.actor, now=self._context.now)
        for project in projects:
            self._made.add(project.pk)
            self._add(project)

    def _new_project(self, row: Row) -> Project:
        words = project_words(row)
        return Project(
            org_unit=self._context.org_unit,
            code=words if len(words) <= MAX_CODE else f"{words[:50]}-{zlib.crc32(words.encode()):08x}",
            name=row.values["project"] or words,
            city=row.values["city"] or "",
            district=row.values["district"] or "",
            created_at=self._context.now,
            updated_at=self._context.now,
        )

    def _make_phases(self, rows: Sequence[Row]) -> None:
        named = {(self._project(row).pk, row.values["phase"]): row for row in rows if row.values["phase"]}
        wanted = named.keys() - self._phases.keys()
        if not wanted:
            return
        stored = Phase.objects.filter(
            project__in={project for project, _name in wanted}, name__in={name for _project, name in wanted}
        )
        self._phases.update({(phase.project_id, phase.name): phase for phase in stored})
        new = [
            Phase(project_id=project, name=name, **self._times())
            for project, name in wanted - self._phases.keys()
        ]
        insert_many(new)
        self._phases.update({(phase.project_id, phase.name): phase for phase in new})

    def _make_buildings(self, rows: Sequence[Row]) -> None:
        named = {(self._project(row).pk, building_name(row)): row for row in reversed(rows)}
        wanted = named.keys() - self._buildings.keys()
        if not wanted:
            return
        stored = Building.objects.filter(
            project__in={project for project, _name in wanted}, name__in={name for _project, name in wanted}
        ).select_related("project")
        self._buildings.update({(building.project_id, building.name): building for building in stored})
        missing = wanted - self._buildings.keys()
        new = [self._new_building(row) for key, row in named.items() if key in missing]
        insert_many(new)
        self._buildings.update({(building.project_id, building.name): building for building in new})

    def _new_building(self, row: Row) -> Building:
        project = self._project(row)
        phase = self._phases.get((project.pk, row.values["phase"] or ""))
        return Building(project=project, phase=phase, name=building_name(row), **self._times())

    def _make_entrances(self, rows: Sequence[Row]) -> None:
        named = {
            (self.building(row).pk, row.values["entrance"]): self.building(row)
            for row in rows
            if row.values["entrance"]
        }
        wanted = named.keys() - self._entrances.keys()
        if not wanted:
            return
        stored = Entrance.objects.filter(
            building__in={building for building, _name in wanted},
            name__in={name for _building, name in wanted},
        )
        self._entrances.update({(entrance.building_id, entrance.name): entrance for entrance in stored})
        missing = wanted - self._entrances.keys()
        new = [
            Entrance(building=building, name=key[1], **self._times())
            for key, building in named.items()
            if key in missing
        ]
        insert_many(new)
        self._entrances.update({(entrance.building_id, entrance.name): entrance for entrance in new})

    def _times(self) -> dict[str, datetime]:
        return {"created_at": self._context.now, "updated_at": self._context.now}


def building_name(row: Row) -> str:
    """Return the building of a row; homes of a file without buildings stand in one of their own."""
    return row.values["building"] or NO_BUILDING

"""Entering projects and buildings."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.organization.models import OrgUnit
from hearth.properties.errors import BuildingExists, ProjectExists
from hearth.properties.events import BuildingCreated, ProjectCreated
from hearth.properties.models import Building, Entrance, Phase, Project
from hearth.properties.permissions import CHANGE_PROPERTY


@transaction.atomic
def create_project(  # noqa: PLR0913  (each is a field of the form)
    org_unit: OrgUnit,
    *,
    code: str,
    name: str,
    actor: Actor,
    now: datetime,
    city: str = "",
    district: str = "",
    address: str = "",
    life_phase: str = Project.LifePhase.EXECUTE_PLAN,
    planned_handover_date: date | None = None,
    is_sample: bool = False,
) -> Project:
    """Enter a project at a company or project team.

    :raises NotAllowed: if the actor may not change homes there
    :raises ProjectExists: if the code is taken there
    """
    actor.require(CHANGE_PROPERTY, org_unit.pk)
    if Project.objects.filter(org_unit=org_unit, code=code).exists():
        raise ProjectExists("code")
    project = Project.objects.create(
        org_unit=org_unit,
        code=code,
        name=name,
        city=city,
        district=district,
        address=address,
        life_phase=life_phase,
        planned_handover_date=planned_handover_date,
        is_sample=is_sample,
        created_at=now,
        updated_at=now,
    )
    event = ProjectCreated(org_unit_id=org_unit.pk, project_id=project.pk, is_sample=is_sample)
    record(event, actor=actor, now=now)
    return project


@transaction.atomic
def create_building(
    project: Project,
    *,
    name: str,
    actor: Actor,
    now: datetime,
    phase_name: str = "",
    floors: int | None = None,
    is_sample: bool = False,
) -> Building:
    """Enter a building; a phase of a new name is made with it.

    :raises NotAllowed: if the actor may not change homes there
    :raises BuildingExists: if the project has a building of this name
    """
    actor.require(CHANGE_PROPERTY, project.org_unit_id)
    if Building.objects.filter(project=project, name=name).exists():
        raise BuildingExists("name")
    phase = None
    if phase_name:
        times = {"created_at": now, "updated_at": now, "is_sample": is_sample}
        phase, _is_new = Phase.objects.get_or_create(project=project, name=phase_name, defaults=times)
    building = Building.objects.create(
        project=project,
        phase=phase,
        name=name,
        floors=floors,
        is_sample=is_sample,
        created_at=now,
        updated_at=now,
    )
    event = BuildingCreated(
        org_unit_id=project.org_unit_id, project_id=project.pk, subject_id=building.pk, is_sample=is_sample
    )
    record(event, actor=actor, now=now)
    return building


def add_entrances(
    building: Building, names: Sequence[str], *, actor: Actor, now: datetime, is_sample: bool = False
) -> list[Entrance]:
    """Give a new building its entrances; one query.

    :raises NotAllowed: if the actor may not change homes there
    """
    actor.require(CHANGE_PROPERTY, building.project.org_unit_id)
    return Entrance.objects.bulk_create(
        [
            Entrance(building=building, name=name, created_at=now, updated_at=now, is_sample=is_sample)
            for name in names
        ]
    )

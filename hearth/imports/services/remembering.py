"""Remembering how the columns of a file were read, for the next file with the same columns."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from hearth.core.actor import Actor
from hearth.imports.kinds import ImportKind
from hearth.imports.mapping import read_sources
from hearth.imports.models import ImportJob, RememberedMapping
from hearth.imports.services.steps import kind_of, require_rights
from hearth.lib.pinyin import fold


def signature_of(columns: Sequence[str]) -> str:
    """Return what makes a header the same header: its names in any order, letter case and width aside."""
    return hashlib.sha256("\n".join(sorted(fold(column) for column in columns)).encode()).hexdigest()


def find_remembered(org_unit_id: int, kind: ImportKind, columns: Sequence[str]) -> RememberedMapping | None:
    """Return how such a header was read at a place, if it still can be; one query."""
    found = RememberedMapping.objects.filter(
        org_unit=org_unit_id, kind=kind.code, signature=signature_of(columns)
    ).first()
    if found is None:
        return None
    names = {fold(column): column for column in columns}
    mapping = {name: _renamed(source, names) for name, source in found.mapping.items()}
    fields = {field.name for field in kind.fields}
    found.mapping = {name: source for name, source in mapping.items() if name in fields}
    return found


def _renamed(source: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Name a column as this file spells it."""
    column = source.get("column")
    return {**source, "column": names[fold(column)]} if column is not None else dict(source)


def remember_mapping(job: ImportJob, *, actor: Actor, now: datetime) -> None:
    """Keep how a file is read, once somebody has found it good; a step of `start_commit`."""
    mapping = {name: _plain(source) for name, source in job.mapping.items()}
    RememberedMapping.objects.update_or_create(
        org_unit_id=job.org_unit_id,
        kind=job.kind,
        signature=signature_of(job.columns),
        defaults={
            "columns": job.columns,
            "mapping": mapping,
            "options": job.options,
            "changed_by_id": actor.user_id,
            "updated_at": now,
            "uses": F("uses") + 1,
        },
        create_defaults={
            "columns": job.columns,
            "mapping": mapping,
            "options": job.options,
            "changed_by_id": actor.user_id,
            "created_at": now,
            "updated_at": now,
            "uses": 1,
        },
    )


def _plain(source: Mapping[str, Any]) -> dict[str, Any]:
    return {way: value for way, value in source.items() if way != "confidence"}


@transaction.atomic
def change_remembered(
    remembered: RememberedMapping,
    mapping: Mapping[str, Mapping[str, Any]],
    options: Mapping[str, bool],
    *,
    actor: Actor,
    now: datetime,
) -> RememberedMapping:
    """Correct how files with these columns are read from now on.

    :raises NotAllowed: if the actor may not import this kind at this place
    :raises BadMapping: for a field or column that does not exist
    """
    kind = kind_of(remembered.kind)
    require_rights(actor, kind, remembered.org_unit_id)
    sources = read_sources(mapping, kind=kind, columns=remembered.columns)
    remembered.mapping = {name: _plain(source.as_json()) for name, source in sources.items()}
    remembered.options = {option.name: bool(options.get(option.name, False)) for option in kind.options}
    remembered.changed_by_id, remembered.updated_at = actor.user_id, now
    remembered.save()
    return remembered


@transaction.atomic
def forget_mapping(remembered: RememberedMapping, *, actor: Actor) -> None:
    """Forget how files with these columns were read; the next one is guessed anew.

    :raises NotAllowed: if the actor may not import this kind at this place
    """
    require_rights(actor, kind_of(remembered.kind), remembered.org_unit_id)
    remembered.delete()

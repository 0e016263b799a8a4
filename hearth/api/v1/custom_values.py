"""Custom fields of any object: read as far as the caller may see them, written under the version the caller knows."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from hearth.api.endpoints import Reply
from hearth.api.envelope import Asked
from hearth.api.problems import Problem
from hearth.api.v1.versions import asked_versions, moment_of, require_version, version_at
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.models import EventRecord
from hearth.core.permissions import actor_of
from hearth.custom_fields.events import CustomValuesChanged
from hearth.custom_fields.objects import custom_objects
from hearth.custom_fields.selectors import values_of
from hearth.custom_fields.services import set_custom_values

CustomValue = str | bool | list[str] | None
Custom = dict[Annotated[str, Field(max_length=40)], CustomValue]
CUSTOM_WORDS = (
    "Values of custom fields by key: text, numbers and amounts as text, days as `2026-03-18`, `true` or `false`, "
    "lists of choices; `null` removes a value."
)
IF_MATCH = {"If-Match": "The ETag of the record as the caller knows it. Required."}


class CustomChange(Asked):
    """The custom fields to change; what is left out stays."""

    custom: Custom = Field(default_factory=dict, description=CUSTOM_WORDS)


def custom_of(code: str, record: Model, actor: Actor) -> dict[str, CustomValue]:
    """Return the fields that have a value and that the actor may see; one query where there are none."""
    values = values_of(custom_objects[code], record, actor)
    return {each.definition.key: each.value for each in values if each.value is not None}


def set_custom(code: str, record: Model, custom: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Set custom fields of a record.

    :raises InvalidInput: at the place of the field in the body
    """
    if not custom:
        return
    try:
        set_custom_values(custom_objects[code], record, custom, actor=actor, now=now)
    except InvalidInput as error:
        error.field = f"custom/{error.field}"
        raise


def change_custom(
    request: HttpRequest, code: str, record: Model, body: CustomChange, read: Callable[[], Reply]
) -> Reply:
    """Change custom fields, if nobody else changed the record since the caller read it, and answer how it stands.

    :raises Problem: 412 with both sides, or 428
    """
    actor = actor_of(request)
    with transaction.atomic():
        locked: Any = type(record)._default_manager.select_for_update().get(pk=record.pk)
        require_version(
            request, version_at(locked.updated_at), lambda: _changed_meanwhile(request, record, body, read)
        )
        set_custom(code, locked, body.custom, actor, timezone.now())
    return read()


def _changed_meanwhile(
    request: HttpRequest, record: Model, body: CustomChange, read: Callable[[], Reply]
) -> Problem:
    reply = read()
    current = reply.body.model_dump(mode="json")
    asked = body.model_dump(mode="json")["custom"]
    changed = _changed_since(record, asked_versions(request))
    others = set(asked) if changed is None else changed
    conflicting = sorted(key for key in others & set(asked) if current["custom"].get(key) != asked[key])
    difference = {
        "asked": {"custom": asked},
        "changed": None if changed is None else sorted(f"custom/{key}" for key in changed),
        "conflicting": [f"custom/{key}" for key in conflicting],
        "mergeable": {"custom": {key: value for key, value in asked.items() if key not in conflicting}},
    }
    extra = {"current": current, "difference": difference}
    return Problem("version_changed", extra=extra, headers=reply.headers)


def _changed_since(record: Model, tags: Iterable[str]) -> set[str] | None:
    """Return the keys that others changed, from the stream of events; None where the version is none of ours."""
    read_at = min((moment for tag in tags if (moment := moment_of(tag))), default=None)
    if read_at is None:
        return None
    return keys_changed_since(record, read_at)


def keys_changed_since(record: Model, read_at: datetime) -> set[str]:
    """Return the keys of the fields that got other values after a moment; one query."""
    events = EventRecord.objects.filter(
        type=CustomValuesChanged.type, subject_id=record.pk, occurred_at__gt=read_at
    )
    return {key for payload in events.values_list("payload", flat=True) for key in payload["keys"]}

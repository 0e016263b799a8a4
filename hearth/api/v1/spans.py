"""Days, place and project by which operations are asked for figures."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from hearth.api.envelope import DatabaseId
from hearth.api.problems import UnknownReference
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.properties.spans import Span, SpanForm

REFERENCES = {"place": "org_unit_id", "project": "project_id"}


class SpanInvalid(InvalidInput):
    """The days asked for are no span, or one that is too long."""

    code = "span_invalid"
    message = _("The days are no span, or one of more than three years.")


class SpanQuery(BaseModel):
    """Which days, at which place and for which project."""

    first_date: date | None = Field(None, description="90 days before the last day unless stated.")
    last_date: date | None = Field(None, description="Today unless stated.")
    org_unit_id: DatabaseId | None = Field(None, description="A place with all below it.")
    project_id: UUID | None = None

    def as_form(self) -> dict[str, Any]:
        """Return what the form of the page takes."""
        given = self.model_dump(exclude={"org_unit_id", "project_id"})
        last = self.last_date or localdate()
        return {**given, "last_date": last, "place": self.org_unit_id, "project": self.project_id}


class SpanRecord(BaseModel):
    """Of which days figures are, and by what they are parted."""

    by: str
    first_date: date
    last_date: date


def span_asked(kind: type[SpanForm], query: SpanQuery, actor: Actor) -> Span:
    """Read days, place and project as the form of the page does.

    :raises UnknownReference: if place or project is none that the caller sees
    :raises SpanInvalid: if the days are no span
    """
    form = kind(query.as_form(), actor=actor)
    for field in form.errors:
        if field in REFERENCES:
            raise UnknownReference(REFERENCES[field])
        raise SpanInvalid(field)
    return form.asked()

"""The figures of cases."""

from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import OneOf
from hearth.api.v1 import case_figure_examples as examples
from hearth.api.v1.spans import SpanQuery, SpanRecord, span_asked
from hearth.case_figures.figures import PARTINGS, Line, figures
from hearth.case_figures.forms import FiguresForm
from hearth.cases.models import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.core.permissions import actor_of

router = Router(tags=["cases"])


class CaseFiguresQuery(SpanQuery):
    """Which cases are counted, and by what they are parted."""

    by: Literal[
        "company", "project", "category", "cause", "contractor", "age", "kind", "channel", "month", "person"
    ] = Field("company", description="By person asks for the right to watch over cases.")
    kind: Annotated[str, OneOf(Case.Kind)] | None = None


class CaseFigureLine(BaseModel):
    """Cases that have something in common, and what became of them until now; a rate is a part of its whole."""

    label: str
    cases: int
    complaints: int
    still_open: int
    judged_answers: int = Field(description="Answered, or older than 24 hours.")
    answered_in_a_day: int
    judged_solutions: int = Field(description="Solution done, or due.")
    solved_in_time: int
    closed: int
    right_at_once: int = Field(description="Closed, and neither opened nor repaired again.")
    repeated: int
    climbed: int = Field(description="Told to somebody above.")
    called_back: int
    satisfied: int = Field(description="Content at the first call-back.")
    households: int | None = Field(description="Homes under contract or handed over, by company or project.")


class CaseFiguresRecord(SpanRecord):
    """The figures of the cases of some days."""

    lines: list[CaseFigureLine]
    total: CaseFigureLine


@endpoint(
    router,
    "GET /case-figures",
    permission=VIEW_CASE,
    returns=CaseFiguresRecord,
    summary="Get figures of cases",
    example=examples.CASE_FIGURES,
    parameters=CaseFiguresQuery,
    problems=(422,),
)
def get_case_figures(request: HttpRequest, query: Query[CaseFiguresQuery]) -> Reply:
    """What became of the cases that came in on some days."""
    actor = actor_of(request)
    actor.require(PARTINGS[query.by].permission)
    asked = span_asked(FiguresForm, query, actor)
    table = figures(asked, query.by, query.kind or "", actor, now=timezone.now())
    return Reply(
        CaseFiguresRecord(
            by=query.by,
            first_date=asked.first_date,
            last_date=asked.last_date,
            lines=[_line(line) for line in table.lines],
            total=_line(table.total),
        )
    )


def _line(line: Line) -> CaseFigureLine:
    return CaseFigureLine(**{name: getattr(line, name) for name in CaseFigureLine.model_fields})

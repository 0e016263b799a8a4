"""The page of figures of cases, and the same as a workbook."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext

from hearth.case_figures.figures import PARTINGS, Line, figures, months_of, partings_for
from hearth.case_figures.forms import FiguresForm, periods
from hearth.cases.permissions import VIEW_CASE
from hearth.core.htmx import page
from hearth.core.permissions import actor_of, requires
from hearth.core.trends import Series, trend
from hearth.lib.tabular_write import write_xlsx
from hearth.properties.spans import PartedTable

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(VIEW_CASE)
def show(request: HttpRequest) -> HttpResponse:
    """The cases of some days, parted as asked for, and their months."""
    actor, now = actor_of(request), timezone.now()
    form = FiguresForm(request.GET, actor=actor)
    asked = form.asked()
    by = form.parting
    context = {
        "form": form,
        "asked": asked,
        "by": by,
        "partings": partings_for(actor),
        "parting": PARTINGS[by],
        "periods": periods(localdate(now)),
        "table": figures(asked, by, form.kind_asked, actor, now=now),
        "trend": _trend(months_of(asked, form.kind_asked, actor, now=now)),
    }
    return page(request, "case_figures/figures.html", context)


def _trend(months: Sequence[Line]) -> Mapping[str, Any]:
    """Return the months as a drawing: how many came in, and the rates beside them."""

    def rates(name: str) -> list[float | None]:
        found = [getattr(month, name) for month in months]
        return [None if rate is None else round(100 * rate, 1) for rate in found]

    series = (
        Series(gettext("Cases"), [month.cases for month in months], is_bars=True),
        Series(gettext("Answered within 24 hours"), rates("day_rate"), is_second=True),
        Series(gettext("Satisfied"), rates("satisfied_rate"), is_second=True),
    )
    return trend([month.label for month in months], series, units=("", " %"))


@requires(VIEW_CASE)
def workbook(request: HttpRequest) -> HttpResponse | FileResponse:
    """The table of the page as a workbook."""
    actor = actor_of(request)
    form = FiguresForm(request.GET, actor=actor)
    asked, by = form.asked(), form.parting
    table = figures(asked, by, form.kind_asked, actor, now=timezone.now())
    file = BytesIO()
    write_xlsx(file, _columns(str(PARTINGS[by].label)), _rows(table))
    file.seek(0)
    name = f"case-figures-{by}-{asked.first_date:%Y%m%d}-{asked.last_date:%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=WORKBOOK)


def _columns(first: str) -> list[str]:
    return [
        first,
        gettext("Cases"),
        gettext("Complaints"),
        gettext("Still open"),
        gettext("Answered within 24 hours, %"),
        gettext("Solved in the time promised, %"),
        gettext("Right at once, %"),
        gettext("Repaired again, %"),
        gettext("Told above, %"),
        gettext("Called back"),
        gettext("Satisfied, %"),
        gettext("Households"),
        pgettext("figures of cases", "Complaints for 10,000 households"),
    ]


def _rows(table: PartedTable[Line]) -> list[list[str]]:
    return [_row(line) for line in (*table.lines, table.total)]


def _row(line: Line) -> list[str]:
    def percent(share: float | None) -> str:
        return "" if share is None else f"{100 * share:.1f}"

    rates = (line.day_rate, line.in_time_rate, line.right_at_once_rate, line.repeat_rate, line.climb_rate)
    per = line.per_ten_thousand
    return [
        line.label,
        *(str(number) for number in (line.cases, line.complaints, line.still_open)),
        *(percent(rate) for rate in rates),
        str(line.called_back),
        percent(line.satisfied_rate),
        "" if line.households is None else str(line.households),
        "" if per is None else f"{per:.1f}",
    ]

"""Who is in charge of cases."""

from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.cases.services import pass_on_cases
from hearth.core.ownership import Holding, register_holding, register_mark


def _describe(row: Case) -> tuple[str, str]:
    return f"#{row.number} {row.title}", reverse("cases:case", args=[row.pk])


register_holding(
    Holding(
        code="cases",
        label=_("Open cases"),
        icon="messages",
        field="assignee",
        place="org_unit",
        permission=VIEW_CASE,
        group=Coalesce(F("customer__household_id"), F("customer_id"), F("id")),
        open_rows=Case.objects.open,
        pass_on=pass_on_cases,
        describe=_describe,
    )
)
register_mark("cases.CasePause.begun_by", "who asked the customer for something")
register_mark("cases.CasePause.ended_by", "who let the clocks run again")
register_mark("cases.CallBack.user", "who called back")
register_mark("cases.CostLine.user", "who noted the cost")
register_mark("cases.Settlement.settled_by", "who settled the case")
register_mark("cases.Settlement.approved_by", "who approved its final position")
register_mark("cases.CaseSignal.user", "who noted what happened")
register_mark("cases.GradeChange.user", "who changed the grade")

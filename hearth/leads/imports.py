# domain data
"""Loading leads from a file, and taking them back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from hearth.customers.lookup import CUSTOMER_KEY_FIELDS, CUSTOMER_MESSAGES, find_customers
from hearth.imports.kinds import ImportContext, ImportField, ImportKind, Problem, Row, Written
from hearth.imports.reversal import RecordReverter
from hearth.leads.grading import next_day, scheme_at
from hearth.leads.models import Grade, Lead, LeadOwnership
from hearth.leads.permissions import CHANGE_LEAD
from hearth.leads.services import NewLead, write_leads
from hearth.properties.models import Project

SOURCE_WORDS = {
    "walk_in": ("来访", "到访", "自然到访", "walk-in", "visit"),
    "call": ("来电", "电话", "call"),
    "web": ("网络", "线上", "网站", "表单", "web"),
    "broker": ("渠道", "中介", "经纪人", "broker"),
    "referral": ("老带新", "推荐", "转介", "referral"),
    "event": ("活动", "外展", "event"),
    "import": ("导入", "import"),
    "api": ("接口", "api"),
}


class LeadLoader:
    """Writes a lead for each known customer; one who has a live lead for the project keeps it."""

    def __init__(self, context: ImportContext) -> None:
        self._context = context
        self._today = localdate(context.now)
        rows = Grade.objects.in_use().filter(scheme=scheme_at(context.org_unit))
        self._grades = {grade.letter: grade for grade in rows}
        self._usual_day = next_day(None, context.org_unit, today=self._today)

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        found = find_customers(rows, self._context.actor)
        projects = self._projects(rows)
        for row in rows:
            if problem := found[row.number].problem:
                yield problem
            for name, known, code in (
                ("project", projects, "project_unknown"),
                ("grade", self._grades, "grade_unknown"),
            ):
                value = row.values.get(name)
                if value and value not in known:
                    yield Problem(row.number, name, code, {"value": value})
            day = row.values.get("next_step_date")
            if day and day < self._today:
                yield Problem(row.number, "next_step_date", "step_passed", {}, is_warning=True)

    def write(self, rows: Sequence[Row]) -> Sequence[Written]:
        found, projects = find_customers(rows, self._context.actor), self._projects(rows)
        wanted = [self._new(row, found[row.number].customer_id, projects) for row in rows]
        kept = [new for new in wanted if new is not None]
        made = iter(write_leads(kept, actor=self._context.actor, now=self._context.now))
        return [self._told(next(made)) if new is not None else Written("skipped") for new in wanted]

    def recall(self, rows: Sequence[Row], record_ids: Mapping[int, UUID]) -> None:
        """Nothing is remembered from one batch to the next: live leads are found again."""

    def _told(self, pair: tuple[Lead, bool]) -> Written:
        lead, is_new = pair
        return Written("created", lead.pk) if is_new else Written("skipped")

    def _new(self, row: Row, customer_id: UUID | None, projects: Mapping[str, UUID]) -> NewLead | None:
        if customer_id is None:
            return None
        values: Mapping[str, Any] = row.values
        grade = self._grades.get(values.get("grade") or "")
        usual = next_day(grade, self._context.org_unit, today=self._today) if grade else self._usual_day
        return NewLead(
            customer_id=customer_id,
            org_unit_id=self._context.org_unit.pk,
            project_id=projects.get(values.get("project") or ""),
            source=values.get("source") or Lead.Source.IMPORT,
            source_detail=values.get("source_detail") or "",
            grade_id=grade.pk if grade else None,
            next_step=values.get("next_step") or pgettext("lead", "Call back"),
            next_step_date=max(values.get("next_step_date") or usual, self._today),
        )

    def _projects(self, rows: Sequence[Row]) -> dict[str, UUID]:
        names = {row.values["project"] for row in rows if row.values.get("project")}
        visible = Project.objects.visible_to(self._context.actor).filter(name__in=names)
        return dict(visible.values_list("name", "id"))


class LeadReverter(RecordReverter[Lead]):
    """Deletes leads that nobody has worked on since."""

    model = Lead
    parts = (LeadOwnership,)


LEADS_KIND = ImportKind(
    code="leads",
    label=pgettext_lazy("leads", "Leads"),
    description=pgettext_lazy("leads", "Interest of known customers in a project, with what comes next."),
    icon="user-plus",
    permission=CHANGE_LEAD,
    fields=(
        *CUSTOMER_KEY_FIELDS,
        ImportField("project", _("Project"), aliases=("项目", "项目名称", "意向项目", "楼盘", "project")),
        ImportField(
            "source",
            pgettext_lazy("lead", "Source"),
            "choice",
            aliases=("来源", "客户来源", "获客渠道", "source"),
            choices=SOURCE_WORDS,
        ),
        ImportField(
            "source_detail",
            pgettext_lazy("lead", "Source in detail"),
            aliases=("来源明细", "渠道名称", "推荐人", "source detail"),
            max_length=120,
        ),
        ImportField(
            "grade",
            pgettext_lazy("lead", "Grade"),
            aliases=("客户等级", "意向等级", "级别", "grade"),
            max_length=2,
        ),
        ImportField(
            "next_step",
            pgettext_lazy("lead", "Next step"),
            aliases=("下一步", "跟进计划", "next step"),
            max_length=120,
        ),
        ImportField(
            "next_step_date",
            pgettext_lazy("lead", "Day of the next step"),
            "date",
            aliases=("下次跟进日期", "跟进日期", "next date"),
        ),
    ),
    loader=LeadLoader,
    reverter=LeadReverter,
    messages={
        **CUSTOMER_MESSAGES,
        "project_unknown": pgettext_lazy("leads", "The project “%(value)s” is not known here."),
        "grade_unknown": pgettext_lazy("leads", "No grade “%(value)s” is in use at this place."),
        "step_passed": pgettext_lazy("leads", "The next step lies in the past; it is put to today."),
    },
    order=35,
)

# domain data
"""What cases offer to the rail, the imports, the timeline, the search and the warehouse."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.audit.coverage import leave_unwatched
from hearth.cases import bulk, lists  # noqa: F401  (each registers what it offers)
from hearth.cases.causes import sync_causes
from hearth.cases.events import CaseAnswered, CaseChanged, CaseClosed, CaseOpened
from hearth.cases.loaders import CaseLoader, CaseReverter
from hearth.cases.models import Case, ServiceClock
from hearth.cases.permissions import CHANGE_CASE, CHANGE_CAUSES, VIEW_CASE
from hearth.cases.selectors import matching
from hearth.core.actor import Actor
from hearth.core.extracts import Extract, register_extract
from hearth.core.installation import installation_steps
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.profiling import no_score
from hearth.core.search import Hit, SearchProvider, search_providers
from hearth.core.timeline import Detail, text_finders, timeline_detail
from hearth.custom_fields.importing import CUSTOM_MESSAGES, fields_to_import
from hearth.custom_fields.objects import CustomObject, register_custom_object
from hearth.customers.following import rows_follow
from hearth.customers.lookup import CUSTOMER_KEY_FIELDS, CUSTOMER_MESSAGES
from hearth.imports.kinds import ImportField, ImportKind, register_import_kind
from hearth.properties.lookup import UNIT_KEY_FIELDS, UNIT_MESSAGES
from hearth.tasks.subjects import Subject, SubjectKind, subjects

register_place(
    Place(
        label=_("Cases"),
        icon="messages",
        url_name="cases:cases",
        permission=VIEW_CASE,
        order=60,
        shortcut="k",
    )
)
register_place(
    Place(
        label=_("Case"),
        icon="messages",
        url_name="cases:new",
        permission=CHANGE_CASE,
        order=20,
        is_creation=True,
    )
)
register_place(Place(_("Phone desk"), "phone", "cases:desk", CHANGE_CASE, order=59, shortcut="p"))
register_place(
    Place(_("Answer times"), "chart-histogram", "cases:times", VIEW_CASE, order=61, is_in_rail=False)
)

register_place(Place(_("Service levels"), "clock", "cases:levels", VIEW_CASE, order=62, is_in_rail=False))

KIND_WORDS = {
    "enquiry": ("咨询", "问询", "enquiry", "inquiry"),
    "repair": ("报修", "维修", "repair"),
    "complaint": ("投诉", "举报", "complaint"),
    "suggestion": ("建议", "suggestion"),
    "praise": ("表扬", "感谢", "praise"),
}
GRADE_WORDS = {
    "ordinary": ("一般", "普通", "ordinary"),
    "important": ("重要", "important"),
    "hot": ("热点", "hot"),
    "major": ("重大", "major"),
}
CHANNEL_WORDS = {
    "phone": ("电话", "来电", "phone"),
    "web": ("网站", "网络", "留言", "web"),
    "wechat": ("微信", "wechat"),
    "visit": ("来访", "上门", "visit"),
    "email": ("邮件", "email", "e-mail"),
    "forum": ("论坛", "forum"),
}

register_import_kind(
    ImportKind(
        code="cases",
        label=_("Cases"),
        description=_("Enquiries, repairs, complaints and suggestions with their answers and times."),
        icon="messages",
        permission=CHANGE_CASE,
        fields=(
            ImportField(
                "external_key", _("Case key"), "key", aliases=("留言编号", "工单号", "编号", "id", "case id")
            ),
            ImportField(
                "title",
                _("Title"),
                is_required=True,
                aliases=("留言主题", "标题", "主题", "subject", "title"),
            ),
            ImportField(
                "body",
                _("What happened"),
                aliases=("留言详情", "内容", "详情", "body", "text"),
                max_length=20_000,
            ),
            ImportField(
                "opened_at",
                _("Opened"),
                "instant",
                is_required=True,
                aliases=("留言时间", "受理时间", "投诉时间", "opened"),
            ),
            ImportField(
                "reply",
                _("Answer"),
                aliases=("答复意见", "回复", "答复", "reply", "answer"),
                max_length=20_000,
            ),
            ImportField(
                "answered_at", _("Answered"), "instant", aliases=("答复时间", "回复时间", "answered")
            ),
            ImportField("closed_at", _("Closed"), "instant", aliases=("关闭时间", "办结时间", "closed")),
            ImportField("kind", _("Kind"), "choice", aliases=("类型", "类别", "kind"), choices=KIND_WORDS),
            ImportField(
                "grade", _("Grade"), "choice", aliases=("等级", "级别", "grade"), choices=GRADE_WORDS
            ),
            ImportField(
                "channel", _("Channel"), "choice", aliases=("渠道", "来源", "channel"), choices=CHANNEL_WORDS
            ),
            ImportField("topic", _("Topic"), aliases=("一级分类", "分类", "topic"), max_length=60),
            *CUSTOMER_KEY_FIELDS,
            *UNIT_KEY_FIELDS,
        ),
        loader=CaseLoader,
        reverter=CaseReverter,
        messages={
            **CUSTOMER_MESSAGES,
            **UNIT_MESSAGES,
            **CUSTOM_MESSAGES,
            "doubled_in_file": _("“%(value)s” stands in row %(first_row)s already."),
            "date_in_future": _("This date lies in the future."),
            "not_allowed": _("You do not have the right to do this here."),
            "case_known": _("A case with the key “%(value)s” is already here."),
            "answered_before_opened": _("The answer cannot be earlier than the case."),
            "closed_before_answered": _("The case cannot be closed before it was opened and answered."),
        },
        order=60,
        further=fields_to_import("case"),
    )
)

register_extract(
    Extract(
        name="cases",
        sql="""
            SELECT id::text AS case_id, customer_id::text, project_id::text, unit_id::text, org_unit_id,
                kind, grade, state, channel, topic, opened_at, answered_at, closed_at
            FROM cases_case
        """,
        columns={
            "case_id": "string",
            "customer_id": "string",
            "project_id": "string",
            "unit_id": "string",
            "org_unit_id": "int64",
            "kind": "string",
            "grade": "string",
            "state": "string",
            "channel": "string",
            "topic": "string",
            "opened_at": "timestamp('UTC')",
            "answered_at": "timestamp('UTC')",
            "closed_at": "timestamp('UTC')",
        },
        customer_column="customer_id",
    )
)


@timeline_detail(CaseOpened.type, CaseAnswered.type, CaseClosed.type, CaseChanged.type)
def case_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the case, and show what was said at its opening and answering; one query."""
    wanted = {event.subject_id for event in events if event.subject_id}
    cases = {case.pk: case for case in Case.objects.visible_to(actor).filter(pk__in=wanted)}
    return {
        event.id: Detail(
            summary=f"#{case.number} {case.title}",
            body={CaseOpened.type: case.body, CaseAnswered.type: case.reply}.get(event.type, ""),
            url=reverse("cases:case", args=[case.pk]),
        )
        for event in events
        if event.subject_id and (case := cases.get(event.subject_id))
    }


def find_cases_of(query: str, customer_ids: Sequence[UUID], actor: Actor, limit: int) -> Collection[UUID]:
    """Find cases of some customers by the words of their text, the newest first."""
    found = matching(Case.objects.visible_to(actor).filter(customer_id__in=customer_ids), query)
    return found.order_by("-opened_at", "-id").values_list("id", flat=True)[:limit]


text_finders.register("cases", find_cases_of)


def find_cases(query: str, actor: Actor, limit: int) -> Sequence[Hit]:
    """Find cases by number or by the words of their text, the newest first."""
    found = matching(Case.objects.visible_to(actor), query).order_by("-opened_at", "-id")[:limit]
    return [_hit(case) for case in found]


def recall_cases(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Hit]:
    """Name cases by their ids; one query."""
    return {case.pk: _hit(case) for case in Case.objects.visible_to(actor).filter(pk__in=ids)}


def _hit(case: Case) -> Hit:
    return Hit(
        f"#{case.number} {case.title}",
        f"{case.get_kind_display()} · {case.get_state_display()}",
        reverse("cases:case", args=[case.pk]),
        "messages",
    )


search_providers.register(
    "cases", SearchProvider(_("Cases"), VIEW_CASE, find_cases, "cases:case", recall_cases, sign="#")
)


def load_cases(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
    """Name cases that tasks are about; one query."""
    return {
        case.pk: Subject(
            f"#{case.number} {case.title}",
            reverse("cases:case", args=[case.pk]),
            case.customer_id,
            case.org_unit_id,
        )
        for case in Case.objects.visible_to(actor).filter(pk__in=ids)
    }


register_place(
    Place(
        label=_("Causes of cases"),
        icon="messages",
        url_name="cases:causes",
        permission=CHANGE_CAUSES,
        order=34,
        section=Section.SETTINGS,
        is_in_rail=False,
    )
)


def keep_causes(now: datetime) -> None:
    """Add the shipped causes that are missing."""
    sync_causes()


installation_steps.register("cases.causes", keep_causes)
subjects.register("case", SubjectKind(_("Case"), "messages", load_cases))


rows_follow(Case, "customer")
register_custom_object(
    CustomObject(
        code="case",
        list_key="cases",
        label=_("Cases"),
        icon="messages",
        rows=Case.objects.visible_to,
        url_name="cases:case",
        view_permission=VIEW_CASE,
        change_permission=CHANGE_CASE,
        places=lambda records: {record.pk: [record.org_unit_id] for record in records},
        about=lambda record: {
            "customer_id": record.customer_id,
            "unit_id": record.unit_id,
            "org_unit_id": record.org_unit_id,
            "is_sample": record.is_sample,
        },
    )
)
leave_unwatched(
    ServiceClock,
    because="Made from cases, pauses, rules and calendars, which are watched, and made anew by the hour.",
)
no_score("cases.Case.grade", because="How grave a case is, as a colleague judges; not the person.")

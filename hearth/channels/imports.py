# domain data
"""Loading contacts from a file."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.channels.models import Channel, Interaction
from hearth.channels.permissions import RECORD_INTERACTION
from hearth.channels.services.interactions import NewInteraction, record_interactions
from hearth.customers.lookup import CUSTOMER_KEY_FIELDS, CUSTOMER_MESSAGES, find_customers
from hearth.imports.kinds import (
    ImportContext,
    ImportField,
    ImportKind,
    Problem,
    Row,
    Written,
)
from hearth.imports.reversal import RecordReverter
from hearth.properties.models import Project

CHANNEL_WORDS = {
    Channel.VISIT: ("来访", "到访", "拜访", "上门", "visit"),
    Channel.PHONE: ("电话", "来电", "去电", "phone", "call"),
    Channel.SMS: ("短信", "sms", "text"),
    Channel.EMAIL: ("邮件", "电子邮件", "email", "e-mail", "mail"),
    Channel.WECHAT: ("微信", "企业微信", "wechat"),
    Channel.WEB: ("网站", "线上", "网络", "web", "online"),
    Channel.FORUM: ("论坛", "业主论坛", "forum"),
    Channel.NOTE: ("备注", "记录", "note"),
}
DIRECTION_WORDS = {
    Interaction.Direction.INBOUND: ("呼入", "来", "客户发起", "inbound", "in"),
    Interaction.Direction.OUTBOUND: ("呼出", "去", "主动联系", "outbound", "out"),
    Interaction.Direction.INTERNAL: ("内部", "internal"),
}


class InteractionLoader:
    """Writes each contact once; a row whose external key is known at the place is skipped."""

    def __init__(self, context: ImportContext) -> None:
        self._context = context

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        found = find_customers(rows, self._context.actor)
        projects = self._projects(rows)
        for row in rows:
            if problem := found[row.number].problem:
                yield problem
            occurred_at = row.values.get("occurred_at")
            if occurred_at and occurred_at > self._context.now:
                yield Problem(row.number, "occurred_at", "in_future")
            name = row.values.get("project")
            if name and name not in projects:
                yield Problem(row.number, "project", "project_unknown", {"value": name}, is_warning=True)

    def write(self, rows: Sequence[Row]) -> Sequence[Written]:
        found = find_customers(rows, self._context.actor)
        projects, known = self._projects(rows), self._known_keys(rows)
        wanted, numbers = [], list[int]()
        for row in rows:
            customer_id, key = found[row.number].customer_id, row.values.get("external_key") or ""
            if customer_id is None or key in known:
                continue
            if key:
                known.add(key)
            project_id = projects.get(row.values.get("project") or "")
            wanted.append(self._new(row, customer_id=customer_id, project_id=project_id))
            numbers.append(row.number)
        made = record_interactions(wanted, actor=self._context.actor, now=self._context.now)
        ids = dict(zip(numbers, (interaction.pk for interaction in made), strict=True))
        return [
            Written("created", ids[row.number]) if row.number in ids else Written("skipped") for row in rows
        ]

    def recall(self, rows: Sequence[Row], record_ids: Mapping[int, UUID]) -> None:
        """Nothing is remembered from one batch to the next: what is written is found by its key."""

    def _new(self, row: Row, **found: Any) -> NewInteraction:
        values = row.values
        body = values.get("body") or ""
        return NewInteraction(
            org_unit_id=self._context.org_unit.pk,
            channel=values.get("channel") or Channel.NOTE,
            direction=values.get("direction") or Interaction.Direction.INBOUND,
            summary=(values.get("summary") or body.partition("\n")[0])[:200],
            body=body,
            occurred_at=values.get("occurred_at"),
            external_key=values.get("external_key") or "",
            is_sensitive=bool(values.get("is_sensitive")),
            **found,
        )

    def _projects(self, rows: Sequence[Row]) -> dict[str, Any]:
        names = {row.values["project"] for row in rows if row.values.get("project")}
        visible = Project.objects.visible_to(self._context.actor).filter(name__in=names)
        return dict(visible.values_list("name", "id"))

    def _known_keys(self, rows: Sequence[Row]) -> set[str]:
        keys = {row.values["external_key"] for row in rows if row.values.get("external_key")}
        kept = Interaction.objects.filter(org_unit=self._context.org_unit, external_key__in=keys)
        return set(kept.values_list("external_key", flat=True))


class InteractionReverter(RecordReverter[Interaction]):
    """Deletes contacts; the customers' last contact stays, for nobody knows the one before."""

    model = Interaction


INTERACTIONS = ImportKind(
    code="interactions",
    label=_("Contact history"),
    description=_("Calls, visits, messages and notes with customers who are known already."),
    icon="message-circle",
    permission=RECORD_INTERACTION,
    fields=(
        *CUSTOMER_KEY_FIELDS,
        ImportField(
            "channel",
            _("Channel"),
            "choice",
            is_required=True,
            aliases=("渠道", "方式", "联系方式类型", "channel", "type"),
            choices={str(code): words for code, words in CHANNEL_WORDS.items()},
        ),
        ImportField(
            "direction",
            _("Direction"),
            "choice",
            aliases=("方向", "direction"),
            choices={str(code): words for code, words in DIRECTION_WORDS.items()},
        ),
        ImportField(
            "occurred_at",
            _("When"),
            "instant",
            is_required=True,
            aliases=("时间", "日期", "发生时间", "联系时间", "occurred_at", "date", "time"),
        ),
        ImportField("summary", _("Summary"), aliases=("摘要", "主题", "标题", "summary", "subject")),
        ImportField("body", _("Text"), aliases=("内容", "正文", "详情", "body", "text"), max_length=10_000),
        ImportField(
            "is_sensitive",
            _("Sensitive"),
            "yes_no",
            aliases=("敏感", "是否敏感", "sensitive", "is_sensitive"),
        ),
        ImportField("project", _("Project"), aliases=("项目", "项目名称", "楼盘", "project")),
        ImportField(
            "external_key",
            _("External key"),
            "key",
            aliases=("记录编号", "流水号", "external_key", "id"),
            max_length=60,
        ),
    ),
    loader=InteractionLoader,
    reverter=InteractionReverter,
    messages={
        **CUSTOMER_MESSAGES,
        "in_future": _("The contact lies in the future."),
        "project_unknown": _("The project “%(value)s” is not known here; the contact is kept without it."),
    },
    order=50,
)

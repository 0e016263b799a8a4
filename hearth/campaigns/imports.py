# domain data
"""Loading campaigns of the past from a file: one row for each customer in one campaign."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.campaigns.models import CampaignMember, Response
from hearth.campaigns.permissions import CHANGE_CAMPAIGN
from hearth.campaigns.services.history import PastMember, add_past_members
from hearth.customers.lookup import CUSTOMER_KEY_FIELDS, CUSTOMER_MESSAGES, Found, find_customers
from hearth.imports.kinds import (
    ImportContext,
    ImportField,
    ImportKind,
    ImportOption,
    Problem,
    Row,
    Written,
)
from hearth.imports.reversal import RecordReverter

CONTROL_WORDS = {
    "无", "对照", "对照组", "控制组", "空白组", "不发送", "未触达",
    "control", "control group", "none", "no e-mail", "no email", "no mail", "holdout",
}  # fmt: skip
ROW_NUMBER_IS_KEY = "row_number_is_key"


class CampaignHistoryLoader:
    """Adds members to finished campaigns; a customer who is in the campaign already is skipped."""

    def __init__(self, context: ImportContext) -> None:
        self._context = context

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        found = self._find(rows)
        for row in rows:
            if problem := found[row.number].problem:
                yield problem
            sent_at = row.values.get("sent_at")
            if sent_at and sent_at > self._context.now:
                yield Problem(row.number, "sent_at", "in_future")
            if (row.values.get("spend") or 0) < 0:
                yield Problem(row.number, "spend", "negative")

    def write(self, rows: Sequence[Row]) -> Sequence[Written]:
        found = self._find(rows)
        members = [self._member(row, found[row.number]) for row in rows]
        written = add_past_members(
            [member for member in members if member is not None],
            org_unit=self._context.org_unit,
            actor=self._context.actor,
            now=self._context.now,
        )
        ids = iter(written)
        made = [next(ids) if member is not None else None for member in members]
        return [Written("created", member_id) if member_id else Written("skipped") for member_id in made]

    def recall(self, rows: Sequence[Row], record_ids: Mapping[int, UUID]) -> None:
        """Nothing is remembered from one batch to the next: who is in a campaign is asked of the database."""

    def _find(self, rows: Sequence[Row]) -> dict[int, Found]:
        if self._context.options.get(ROW_NUMBER_IS_KEY):
            rows = [
                Row(
                    row.number,
                    {**row.values, "customer_key": row.values.get("customer_key") or str(row.number)},
                )
                for row in rows
            ]
        return find_customers(rows, self._context.actor)

    def _member(self, row: Row, found: Found) -> PastMember | None:
        if found.customer_id is None:
            return None
        values = row.values
        arm = str(values["arm"]).strip()
        revenue = values.get("spend") or Decimal(0)
        return PastMember(
            customer_id=found.customer_id,
            campaign=values.get("campaign") or gettext("Imported campaign"),
            arm=arm[:60],
            is_control=arm.casefold() in CONTROL_WORDS,
            sent_at=values.get("sent_at") or self._context.now,
            has_responded=bool(values.get("responded")),
            has_purchased=bool(values.get("purchased")) or revenue > 0,
            revenue=revenue,
            prior_amount=values.get("prior_amount"),
        )


class CampaignHistoryReverter(RecordReverter[CampaignMember]):
    """Takes members out of campaigns of the past, with the responses that came in the same row."""

    model = CampaignMember
    parts = (Response,)

    def touched(self, stamps: Mapping[UUID, datetime]) -> set[UUID]:
        """Return the members who answered since; one query."""
        rows = Response.objects.filter(member__in=list(stamps)).values_list("member_id", "updated_at")
        return {key for key, changed_at in rows if changed_at > stamps[key]}


CAMPAIGN_HISTORY = ImportKind(
    code="campaign_history",
    label=_("Campaigns of the past"),
    description=_(
        "Who was addressed how, who was not, and what they did: the result is shown like any other."
    ),
    icon="flask",
    permission=CHANGE_CAMPAIGN,
    fields=(
        *CUSTOMER_KEY_FIELDS,
        ImportField(
            "campaign", _("Campaign"), aliases=("活动", "活动名称", "营销活动", "campaign"), max_length=80
        ),
        ImportField(
            "arm",
            _("Arm"),
            is_required=True,
            aliases=("分组", "组别", "处理", "方案", "arm", "segment", "group", "treatment"),
            max_length=60,
        ),
        ImportField("sent_at", _("Sent"), "instant", aliases=("发送时间", "触达时间", "sent_at", "date")),
        ImportField(
            "responded", _("Responded"), "yes_no", aliases=("是否响应", "响应", "到访", "responded", "visit")
        ),
        ImportField(
            "purchased",
            _("Bought"),
            "yes_no",
            aliases=("是否成交", "成交", "购买", "purchased", "conversion"),
        ),
        ImportField("spend", _("Revenue, ¥"), "money", aliases=("成交金额", "消费金额", "spend", "revenue")),
        ImportField(
            "prior_amount",
            _("Revenue before, ¥"),
            "money",
            aliases=("历史金额", "此前消费", "prior_amount", "history"),
        ),
    ),
    options=(
        ImportOption(
            ROW_NUMBER_IS_KEY, _("Where a row has no customer key, its number in the file is the key")
        ),
    ),
    loader=CampaignHistoryLoader,
    reverter=CampaignHistoryReverter,
    messages={
        **CUSTOMER_MESSAGES,
        "in_future": _("The message was sent in the future."),
        "negative": _("Revenue cannot be negative."),
    },
    order=70,
)

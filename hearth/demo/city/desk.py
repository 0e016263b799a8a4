# domain data
"""What lies on the desks of the demo accounts: errands, a company's own fields, saved views, a note kept in sight."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_ERRANDS = 60
# The days from today on which the errands of one account are due, the first of them late.
DUE_DAYS = (-3, 0, 4)
ERRANDS = (
    "回电确认看房时间",
    "核对合同中的姓名与证件",
    "回访:维修后是否满意",
    "准备二次到访的户型资料",
    "提醒本期按揭材料",
    "登门拜访,了解入住情况",
    "确认交付当天到场人员",
    "整理家庭成员与联系方式",
)
# Code of the role at the company, what its team is asked, and the day.
TEAM_ERRANDS = (
    ("customer_manager", "认领:新业主首次关怀电话", 1),
    ("customer_manager", "认领:漏水楼栋逐户走访", -1),
    ("sales_consultant", "认领:周末到访客户接待", 2),
    ("call_agent", "认领:未接来电回拨", 0),
)
PINNED_NOTE = ("家中有老人和幼儿,来电请避开午休", "12:00 至 14:30 不接电话;微信回复最快。")


@dataclass(frozen=True)
class OwnField:
    """A field of the company's own and the values that its records have in turn; of a day, how far from today."""

    object_code: str
    key: str
    name_zh: str
    name_en: str
    kind: str
    values: tuple[Any, ...]
    choices: tuple[str, ...] = ()


OWN_FIELDS = (
    OwnField("customer", "family_size", "常住人口", "People living together", "number", (2, 3, 4, 5)),
    OwnField(
        "customer",
        "club_interest",
        "客户会兴趣",
        "Interest in the club",
        "choice",
        ("亲子", "运动", "园艺", "书画"),
        ("亲子", "运动", "园艺", "书画"),
    ),
    OwnField(
        "customer",
        "moving_in",
        "计划入住日期",
        "Plans to move in",
        "date",
        (45, 120, 210),
    ),
    OwnField("unit", "view", "景观", "View", "choice", ("园景", "江景", "街景"), ("园景", "江景", "街景")),
    OwnField(
        "contract",
        "loan_kind",
        "贷款方式",
        "Kind of loan",
        "choice",
        ("商业贷款", "公积金贷款", "组合贷款"),
        ("商业贷款", "公积金贷款", "组合贷款"),
    ),
    OwnField("case", "follow_up_visits", "上门次数", "Visits so far", "number", (1, 2, 3)),
)
RECORDS_WITH_VALUES = 10
# Who is in charge of how many of the newest open cases, and what the first of them waits for.
IN_CHARGE, WORKED_ON, WAITS_FOR = "customer_manager", 6, "请业主补拍渗漏部位照片"
# How many households the second of them concerns.
SAME_TROUBLE, SAME_WORDS = 6, "同一单元六户反映同样问题"


@dataclass(frozen=True)
class View:
    """A view of a list, shared with everybody."""

    list_key: str
    name: str
    parameters: Mapping[str, str]


VIEWS = (
    View("customers", "三个月未联系的业主", {"contact": "older:90", "home": "yes", "sort": "-contact"}),
    View("cases", "未关闭的投诉", {"state": "not:closed", "kind": "complaint"}),
)
# Who shares the views, and who keeps the first of them in the rail.
SHARES_VIEWS, KEEP_FIRST_VIEW = "group_crc_director", ("administrator", "city_cr_manager", "customer_manager")

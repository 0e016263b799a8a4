# domain data
"""Who brings customers to the invented company, and whom they have registered."""

from dataclasses import dataclass

AGENCY, REFERRERS = "安家经纪", "老业主推荐"
BROKERS = (("周立", "13900010001"), ("吴敏", "13900010002"))
# From which deal on which percentage of the total is paid, and how much of it must have come in, in percent.
STEPS, PAYABLE_PERCENT = ((1, "0.80"), (6, "1.00"), (16, "1.20")), 30
PARTNER_FOR_DAYS = 400


@dataclass(frozen=True)
class RegistrationPlan:
    """A customer registered by the broker of a number; the visit is planned so many days from today."""

    broker: int
    name: str
    phone: str
    planned_in: int


REGISTRATIONS = (
    RegistrationPlan(0, "孙文博", "13900020001", 1),
    RegistrationPlan(0, "何思远", "139****0002", 2),
    RegistrationPlan(0, "高洁", "13900020003", 3),
    RegistrationPlan(1, "高洁", "13900020003", 1),
    RegistrationPlan(1, "罗志强", "13900020004", 5),
)
# Which of them is found invalid and objected to, and why.
OBJECTED, CLAIM = 3, "客户上周末已由我带看样板间，有带看照片和聊天记录。"

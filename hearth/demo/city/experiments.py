"""The campaigns of the city: what was planned, and who responded in each arm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hearth.demo.city.dice import Dice

Member = TypeVar("Member")


@dataclass(frozen=True)
class CampaignPlan:
    """A campaign by e-mail or calls; `lift` is what the message truly adds to the share that responds.

    Day numbers count from today; `end` is none for one that still runs.
    """

    key: str
    name: str
    goal: str
    hypothesis: str
    salt: str
    base_rate: float
    lift: float
    start: int
    end: int | None
    channel: str
    subject: str
    body: str


CONTROL, TREATED = "对照组", "邮件组"
CAMPAIGNS = (
    CampaignPlan(
        key="effective",
        name="秋季老带新邀请",
        goal="邀请业主推荐亲友到访",
        hypothesis="收到专属邀请信的业主家庭,到访或推荐的比例高于未收到的家庭",
        salt="demo-referral",
        base_rate=0.12,
        lift=0.03,
        start=-75,
        end=-45,
        channel="email",
        subject="邀请您的亲友一起做邻居",
        body="尊敬的业主:诚邀您与亲友参加本周末的社区开放日,推荐到访即赠家政服务一次。",
    ),
    CampaignPlan(
        key="ineffective",
        name="节日问候邮件",
        goal="以节日问候促进复访",
        hypothesis="收到节日问候的家庭,复访比例高于未收到的家庭",
        salt="demo-greeting",
        base_rate=0.12,
        lift=0.0,
        start=-130,
        end=-100,
        channel="email",
        subject="祝您和家人节日快乐",
        body="尊敬的业主:值此佳节,祝您和家人平安喜乐。",
    ),
)
RUNNING = CampaignPlan(
    key="running",
    name="交付满一年回访",
    goal="电话回访交付满一年的业主,收集改进意见",
    hypothesis="接到回访电话的家庭,此后三个月的投诉更少",
    salt="demo-first-year",
    base_rate=0.0,
    lift=0.0,
    start=-5,
    end=None,
    channel="call",
    subject="",
    body="询问入住体验、报修是否及时、对社区的建议,并记录家庭近况。",
)


def choose_responders(
    members: Mapping[str, Sequence[Member]], plan: CampaignPlan, dice: Dice, *, treated: str
) -> list[Member]:
    """Choose who responds in each arm, at equal steps through the arm from a random start.

    The share of each arm is exact but for one person. Which household falls into which arm depends on
    identifiers that each loading makes anew, and the verdict on a campaign must not depend on that luck.
    """
    chosen: list[Member] = []
    for arm, people in members.items():
        rate = plan.base_rate + (plan.lift if arm == treated else 0.0)
        reached = dice.uniform()
        for person in people:
            reached += rate
            if reached >= 1:
                reached -= 1
                chosen.append(person)
    return chosen

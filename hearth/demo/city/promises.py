# domain data
"""What the invented company tells and promises its buyers."""

from dataclasses import dataclass
from datetime import date

from hearth.promises.services import Factor, Parts

PUBLISHED = (
    (
        "pledge",
        "阳光宣言",
        "我们公开项目全部已知的不利因素、价格构成和合同附件；任何口头承诺均以书面为准，可随时拨打24小时热线核实。",
    ),
    (
        "loan_risk",
        "按揭贷款风险提示",
        "贷款额度、利率以银行审批为准；未获批准时，买受人须按合同约定另行付款或协商解除合同。",
    ),
)
DRAFT = "本项目红线内外已知不利因素如下，位置以总平面图为准。"
CLOSING = "请在签约前仔细阅读并签字确认。"
FACTORS = (
    Factor("off_site", "substation", "东侧有110千伏变电站，可能有电磁环境和噪声影响。", "东", 160),
    Factor(
        "off_site",
        "road_noise",
        "北侧城市主干道通车后，临路房源昼夜均可能受交通噪声影响。",
        "北",
        40,
        is_in_annex=True,
    ),
    Factor("on_site", "ramp", "1栋西侧为地下车库出入口，低楼层可能受车灯和噪声影响。"),
)


def parts_of(heading: str, body: str, company: str, day: date) -> Parts:
    """Return the parts of a disclosure as the company signs it."""
    return Parts(heading, body, CLOSING, company, day)


@dataclass(frozen=True)
class PromisePlan:
    """One promise: made and due so many days from today (before it, if negative), and what became of it."""

    title: str
    wording: str
    source: str
    detail: str
    audience: str
    made_in: int
    due_in: int | None
    outcome: str = ""
    proof: str = ""


PROMISES = (
    PromisePlan(
        "小区内设约1200平方米业主会所",
        "约1200平方米业主会所，随首期交付启用。",
        "brochure",
        "楼书第一版第12页",
        "buyers",
        -500,
        240,
    ),
    PromisePlan(
        "交付前开通小区至地铁站接驳车",
        "交付前开通接驳车。",
        "sales_talk",
        "案场统一说辞第5条",
        "visitors",
        -420,
        -12,
    ),
    PromisePlan(
        "中心花园设恒温泳池",
        "中心花园内设25米恒温泳池。",
        "advertisement",
        "户外广告一期",
        "public",
        -600,
        -90,
        "broken",
        "规划变更批复后泳池取消，未另行补偿。",
    ),
    PromisePlan(
        "地面车位按每户一个配置",
        "地面车位每户一个。",
        "model",
        "沙盘说明牌",
        "visitors",
        -380,
        300,
        "withdrawn",
        "发布更正公告，沙盘说明牌已更换。",
    ),
)
